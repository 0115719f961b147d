### English, and what every key means.

### Every page

skip = Skip to content
footer-about = Kotha: rooms in Nepal, straight from their owners.
footer-pay = Payments go through eSewa. One payment, one room, no subscription.
nav-account = Account
nav-main = Main
log-out = Log out
log-in = Log in
register = Register
rooms = Rooms
chats = Chats
unread = unread
my-rooms = My rooms
admin = Admin
switch-language = Language

### Accounts

have-account = Have an account?
new-here = New here?
i-am-here-to = I am here to
find-a-room-role = find a room
let-a-room-role = let a room
create-account = Create my account
field-name = Your name
field-phone = Mobile number
field-password = Password
hint-password = At least 8 characters
hint-phone = Ten digits, starting with 9
optional = (optional)

### Rooms

rooms-description = Rooms and flats in Nepal, listed by their owners. Pay Rs. 30 once to open a room's contact details and a private chat.
rooms-heading = Find a room. Talk to its owner.
rooms-lead = Browse for nothing. When a room looks right, pay once and that owner’s phone number, address and a private chat open for you.
search-words = Words
search-example = parking, Patan, two rooms
search-city = City
search-rent-from = Rent from
search-rent-to = Rent to
search = Search
rupees-sign = Rs.
rooms-match = Rooms that match
rooms-newest = Newest rooms
show-all = Show all
search-refused = This search can’t be read
search-refused-help = Mend it above, and search again.
search-words-and-city = Words and city
search-empty = No room fits yet
search-empty-help = Try fewer words, another city or a wider range of rent.
rooms-empty = No rooms yet
rooms-empty-help = The first owner who lists one will be seen here.
badge-unlocked = Unlocked
badge-mine = Your room
a-month = a month
more-rooms = More rooms

### One room

all-rooms = All rooms
photos = Photos
photo-of = Photo { $number } of { $count }
more-photos = { $count ->
    [one] { $shown } more photo opens with the unlock
   *[other] { $shown } more photos open with the unlock
}
contact-and-chat = Contact and chat
about-room = About this room
listed-by = Listed by
banner-success = Payment received. This room is open for you.
banner-success-more = The contact details and the chat stay yours; there is nothing more to pay.
banner-pending = Your payment is being checked.
banner-pending-more = eSewa has not confirmed it yet. Please do not pay again; the room opens by itself once it is confirmed.
banner-failed = The payment was not made.
banner-failed-more = eSewa says that it was not completed, so this room stays locked. You can try again whenever you like.
banner-elsewhere = That payment did not open this room for you.
banner-elsewhere-more = If it was started on another device, contact and chat are open there. If you are signed in with another account, log in with the one that started it.
opens-phone = The owner’s phone number
opens-address = The full address
opens-chat = A private chat with the owner
panel-price-before = The owner’s phone number, the full address and a private chat open for
panel-price-after = , paid once.
panel-log-in = Log in to unlock
panel-register = New here? Register
panel-unlock = Unlock contact and chat for { $price }
panel-once = Paid once with eSewa, for this room. You see everything before you confirm.
checking = Your payment is being checked
panel-checking = We are asking eSewa about your payment. The room opens here as soon as it is confirmed. Please do not pay again.
check-now = Check now
panel-open = Open for you
owner = Owner
phone = Phone
address = Address
chat-with-owner = Chat with the owner
panel-own = This is your room
panel-own-more = People who unlock it can call you and write to you here. They pay { $price } once.
panel-edit = Edit it and its photos
panel-nobody = Nobody has unlocked it yet.
panel-chats = Chats about this room
panel-not-for-you = Rooms are unlocked from a client’s account, and this is another kind, so there is nothing to pay here.

### Paying

back-to-room = Back to the room
pay-with-esewa = Pay { $amount } with eSewa
unlock-title = Unlock this room
pay-here = Pay here
pay-once = You pay once
it-opens = It opens
pay-until = You log in at eSewa and confirm there. This offer holds until { $time }.
pay-phone-label = Pay on a phone
pay-phone = Or pay on your phone
pay-scan = Scan this code with the camera. Leave this page open; it goes on by itself.
pay-code = Code that opens the payment on a phone
pay-phone-page = Open the phone’s page here
pay-waiting = Waiting for your payment.
pay-already = Paid already?
pay-checking = eSewa has not confirmed { $amount } for “{ $room }” yet. The room opens as soon as it is; please do not pay again.
pay-checking-more = This mostly takes less than a minute. If the money left your wallet, it is not lost: we go on asking until eSewa answers.
pay-received = Payment received
pay-received-more = { $amount } for “{ $room }”. Contact and chat are open for you.
to-room = Go to the room
pay-expired = The time for this payment is over
pay-expired-more = It cannot be taken to eSewa any more. If you did pay with it, the room opens as soon as eSewa confirms it; otherwise start a new one from the room.
pay-over = This payment is over
pay-over-more = Nothing was paid with it, and it cannot be used any more. You can start a new one from the room.
pay-refunded = This payment was given back
pay-refunded-more = { $amount } for “{ $room }” was refunded through eSewa.
pay-for = Payment for
pay-elsewhere-opens = The room opens on the device that showed the code, not on this phone.
pay-code-checking = This payment is being checked
pay-code-checking-more = eSewa has not confirmed { $amount } yet. Please do not pay again; the device that showed the code goes on by itself.
pay-code-paid = Already paid
pay-code-paid-more = { $amount } was received. Go on with the device that showed the code.
pay-code-expired = This code has expired
pay-code-expired-more = It cannot be paid any more. Show a new code on the device where you started.
elsewhere-received = Continue on the device that started it: contact and chat are open there. You can close this page.
elsewhere-here = Was it this device?
elsewhere-here-more = , and the room is open.
elsewhere-checking = Payment is being checked
elsewhere-checking-more = eSewa has not confirmed it yet. Please do not pay again; the device that started it goes on by itself.
elsewhere-failed = The payment was not made
elsewhere-failed-more = eSewa says that it was not completed. You can start again on the device that showed the code.

### Chats

chats-empty = No chats yet
chats-empty-owner = When somebody unlocks one of your rooms, their chat appears here.
chats-empty-client = Unlock a room, and its owner is one message away.
list-a-room = List a room
find-a-room = Find a room
you = You:
no-messages = No messages yet
message-deleted-short = Message deleted
picture = Picture
chat-with = Chat with { $name }
all-chats = All chats
chat-offline = No connection. Messages are kept and sent when it is back.
messages = Messages
messages-with = Messages with { $name }
earlier-messages = Earlier messages
newest-messages = Newest messages
chat-hello = This chat is between you and { $name } only. Say hello, ask when you can see the room.
message-to = Message to { $name }
write-a-message = Write a message
send = Send
picture-from = Picture from { $name }
picture-of-yours = Picture that you sent
picture-is = The picture
add-a-picture = Add a picture
uploading = On its way
cancel = Cancel
change-message = Change this message
edit-message = Edit
editing-message = Editing your message
delete-message = Delete
delete-message-title = Delete this message?
delete-message-more = Neither of you can read it any more.
keep-message = Keep it
message-deleted = This message was deleted.
edited = edited
sending = Sending
sent = Sent
read = Read
not-sent = Not sent.
try-again = Try again
message-refused-long = A message has 1 to { $chars } characters.
message-refused-rate = Too many messages at once. Wait a moment.
message-refused-picture = A picture is a JPEG, PNG or WebP file of at most 10 MB.

### Reporting and blocking, from a chat

chat-menu = More about this chat
message-menu = More about this message
back-to-chat = Back to the chat
report = Report
report-person = Report this person
report-person-title = Report { $name }?
report-message-title = Report this message?
report-help = An administrator then reads a few messages of this chat and decides. { $name } is not told of it.
report-reason = What is wrong?
report-send = Send report
report-refused-long = At most { $chars } characters.
report-done = Reported. An administrator looks at it.
report-lost = The report was not sent. Check your connection and try again.
report-refused = The report was not taken. Load the page again and try once more.
block-person = Block this person
block-title = Block { $name }?
block-help = Then neither of you can write in this chat. { $name } only sees that it is closed. What was said stays here to read, and you can unblock at any time.
block-confirm = Block
block-done = { $name } is blocked.
unblock = Unblock
unblock-done = You no longer block { $name }.
chat-blocked-by-you = You blocked { $name }. Until you unblock, neither of you can write here.
chat-closed-for-one = This chat is closed for one of you. Nothing can be sent here now.

### What the modules say; a module asks for them by name

live-no-connection = No connection. Trying again…
live-kept = No connection. Your messages are kept and sent when it is back.
live-closed = This chat is closed for you now.
live-logged-out = You were logged out. Please log in again.
live-too-many = Too many messages at once. Please load the page again in a while.
live-over = This chat cannot go on here. Please load the page again.
live-online = online
live-typing = typing…
live-picture = Picture
live-picture-unreadable = This file is no picture that can be shown.
live-picture-lost = The connection broke off.
live-picture-later = The server can’t take it now.
live-too-long = characters too many
live-change-refused = The message could not be changed.
live-pay-connected = Connected again. Waiting for your payment.
live-pay-offline = No connection. A payment that you make still counts; this page catches up.
live-pay-working = eSewa is still working on your payment. Please do not pay again.

### Times

today = Today
yesterday = Yesterday
night = night
morning = morning
afternoon = afternoon
evening = evening

### An owner’s rooms

room-removed = The room is taken down. Who paid for it keeps the contact and the chat.
room-suspended = Suspended
room-suspended-more = Nobody finds this room and nobody can unlock it. Ask whoever runs this site why.
my-rooms-empty-help = List one: it costs nothing, and only people who mean it can call you.
month-listed = a month · listed { $day }
edit-and-photos = Edit and photos
take-down = Take down
take-down-more = Nobody finds it any more. This can’t be undone.
take-it-down = Take it down
older-rooms = Older rooms
edit-room = Edit a room
fields-refused = Some fields need another look. Nothing was lost.
saved = Saved.
see-as-others = See the room as others do
photo-number = Photo { $number }
photo-lock = Lock until paid
photo-show-to-everybody = Show to everybody
locked = Locked
remove = Remove
add-a-photo = Add a photo
add-a-photo-hint = JPEG, PNG or WebP, at most 10 MB. Where it was taken is removed from it.
photo-private = Only for people who have paid
photo-private-more = Others see that there is one more photo, and nothing of it.
add-this-photo = Add this photo
photos-full = A room has at most { $max } photos. Remove one to add another.
photo-is = The photo
save = Save
new-room-lead = Everybody sees the title, the description, the area and the rent. Phone and address open only for people who pay for them.
list-this-room = List this room
for-everybody = For everybody
locked-until-paid = Locked until somebody pays
field-title = Title
hint-title = What you would tell a friend: “Sunny room near Patan Dhoka”
field-description = Description
hint-description = Size, floor, water, sunlight, kitchen, rules. Leave out phone numbers.
field-area = Area
field-rent = Rent for a month
field-contact-phone = Phone for interested people
field-address = Full address
hint-address = House, lane, landmark

### What is wrong with a field; it goes on from the field’s label

wrong-required = is required.
wrong-length = must have { $min } to { $max } characters.
wrong-character = has a character that can't be shown.
wrong-phone = must be a Nepali mobile number: ten digits starting with 9.
wrong-nothing = must be more than nothing.
wrong-too-much = must be at most { $max } rupees.
wrong-amount = must be an amount in rupees, such as 12000.00.
wrong-long = take at most { $chars } characters.
wrong-picture = must be a JPEG, PNG or WebP picture.
wrong-picture-pixels = has too many pixels; at most { $max } megapixels are taken.
wrong-picture-damaged = is damaged or was cut off on the way.
wrong-password-short = must have at least { $min } characters.
wrong-password-long = must have at most { $max } bytes.
wrong-role = must be client or owner.
wrong-phone-taken = has an account already; log in.

### Refusals, by the code of the problem

to-the-rooms = To the rooms
to-this-room = To this room
payment-title = Payment
pay-title = Pay

### What a person has here

overview = Overview
unlocked-rooms = Unlocked rooms
unlocked-empty = Nothing unlocked yet
unlocked-empty-help = A room that you pay for stays here, with its contact details and its chat.
unlocked-since = Unlocked: { $day }
unlocked-not-listed = Not listed any more; it stays open for you.
contact = Contact
chat = Chat
my-payments = Payments
all-payments = All payments
older-payments = Older payments
payments-empty = You have not paid for anything yet.
payment-open = Not paid yet
payment-checking = Being checked
payment-expired = Time ran out
payment-not-paid = Not paid
payment-paid = Paid
payment-back = Given back
payment-part-back = Partly given back
receipt = Receipt
receipt-open = Nothing is paid yet, so this is no receipt.
receipt-checking = eSewa has not confirmed it yet, so this is no receipt. Please do not pay again.
receipt-expired = Its time ran out, and nothing is known to have been paid. This is no receipt.
receipt-not-paid = eSewa says that nothing was paid. This is no receipt.
receipt-paid = Paid in full through eSewa, once, for this room.
receipt-part-back = Paid through eSewa. A part of it was given back; how much, your eSewa statement says.
receipt-back = Paid through eSewa, and given back as a whole. It opens nothing any more.
receipt-goes-back = You got nothing for this money, so it goes back to you. Somebody is looking after it.
receipt-for = Contact details and chat of the room
receipt-paid-at = Paid
receipt-started-at = Started
receipt-back-at = Given back
receipt-by = Paid by
receipt-to = Paid to
receipt-merchant = Kotha, eSewa merchant { $code }
receipt-reference = eSewa reference
receipt-number = Number
receipt-go-on = Go on with this payment
receipt-print = Print
all-my-rooms = All my rooms
earnings = Earnings
earnings-lead = What clients paid to unlock your rooms, by the days and months of Nepal. What was given back is taken off on the day it went back.
earnings-months = Last 12 months
earnings-days = Last 30 days
earnings-by-day = By day
earnings-empty = Nobody has paid for one of your rooms in this time.
earnings-net = Net
earnings-payments = Payments
earnings-paid = Paid
earnings-refunded = Given back
earnings-partly = { $count ->
    [one] * Of { $shown } payment a part was given back. eSewa does not say how much, so it is not taken off here.
   *[other] * Of { $shown } payments a part was given back. eSewa does not say how much, so it is not taken off here.
}
earnings-table = Show the numbers
earnings-in-rupees = All amounts in rupees, newest first.
earnings-month = Month
earnings-day = Day
earnings-summary = Bars over time: { $paid } paid, { $refunded } given back. The numbers are below.

### One's own account

account-title = Your account
account-role-client = looking for a room
account-role-owner = letting rooms
account-role-admin = administrator
account-sessions = Where you are logged in
account-program = Another program
account-this = this one
account-since = Logged in:
account-end = End
account-end-others = Log out everywhere else
account-password = Change your password
account-password-now = Password until now
account-password-new = New password
account-password-ends = Every other session ends.
account-password-change = Change it
account-delete = Delete your account
account-delete-help = Your name, number, rooms, photos and contact details are erased, and nobody can log in to this account again. Rooms that you paid for are lost. This can’t be undone.
account-delete-books = The law of books has us keep payments: amounts, times and ids, without your name. Messages stay with those you wrote to, as from “Deleted account”.
account-delete-password = Your password
account-delete-button = Delete it for good
account-done-password = Your password is changed, and every other session has ended.
account-done-session = The session has ended.
account-done-others = Every other session has ended.
owner-left = The owner has left Kotha, and the contact details are erased.
wrong-password = is not right.

### An app on a phone

app-name = Kotha: rooms in Nepal
app-short-name = Kotha
offline-title = You are offline
offline-lead = This page needs the internet, and there is none at the moment. It loads by itself once it is back.
offline-kept = A payment that you made still counts. Messages that were not sent yet wait in the tab where you wrote them.
push-body = New message about { $room }
push-body-short = New message

### The switch for notifications

notify-title = Tell me about new messages
notify-off = On this device, also while Kotha is closed. It shows who wrote and about which room, never the message itself.
notify-on = This device tells you when a message waits for you, until you log out here.
notify-denied = This browser blocks notifications from Kotha. Allow them in its settings for this site, then load this page again.
notify-unsupported = This browser can’t tell you anything while Kotha is closed. On an iPhone, add Kotha to the home screen first.
notify-trouble = That did not work. Check your connection and try again.
