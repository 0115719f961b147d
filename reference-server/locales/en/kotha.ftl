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
search-cursor = The place in the list
search-limit = The number of rooms
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
banner-pending-more = eSewa has not confirmed it yet. Please do not pay again; the room opens as soon as it is confirmed.
banner-failed = The payment was not made.
banner-failed-more = eSewa says that it was not completed, so this room stays locked. You can try again whenever you like.
banner-elsewhere = That payment did not open this room for you.
banner-elsewhere-more = If it was started on another device, contact and chat are open there. If you are signed in with another account, log in with the one that started it.
banner-elsewhere-checking-more = It was started with another account or on another device, and eSewa has not confirmed it yet. Please do not pay again; once it is confirmed, the room opens there.
banner-elsewhere-failed-more = It was started with another account or on another device, and eSewa says that it was not completed. You can start again there.
banner-refunded-more = The money went back through eSewa, so that payment opens nothing any more.
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
panel-checking = We are asking eSewa about your payment. The room opens as soon as it is confirmed. Please do not pay again.
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
pay-scan = Scan this code with the camera. Once you have paid, go on here.
pay-code = Code that opens the payment on a phone
pay-phone-page = Open the phone’s page here
pay-waiting = Waiting for your payment.
pay-already = Paid already?
pay-no-script = Your browser runs no scripts here, so this page does not change by itself: press “Check now” once you have paid.
pay-long = eSewa mostly confirms within a minute. If it takes longer, do not pay again: the money is not lost, we go on asking, and the room opens as soon as eSewa confirms.
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
pay-code-checking-more = eSewa has not confirmed { $amount } yet. Please do not pay again; go on with the device that showed the code.
pay-code-paid = Already paid
pay-code-paid-more = { $amount } was received. Go on with the device that showed the code.
pay-code-expired = This code has expired
pay-code-expired-more = It cannot be paid any more. Show a new code on the device where you started.
elsewhere-received = Continue on the device that started it: contact and chat are open there. You can close this page.
elsewhere-here = Was it this device?
elsewhere-here-more = , and the room is open.
elsewhere-checking = Payment is being checked
elsewhere-checking-more = eSewa has not confirmed it yet. Please do not pay again; go on with the device that started it.
elsewhere-failed = The payment was not made
elsewhere-failed-more = eSewa says that it was not completed. You can start again on the device that showed the code.
elsewhere-refunded-more = The money went back through eSewa, so this payment opens nothing. You can close this page.

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
live-load-again = Load this page again
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
wrong-lines = must be one line.
wrong-invisible = has nothing that can be seen.
wrong-phone = must be a Nepali mobile number: ten digits starting with 9.
wrong-nothing = must be more than nothing.
wrong-too-much = must be at most { $max } rupees.
wrong-amount = must be an amount in rupees, such as 12000.00.
wrong-long = take at most { $chars } characters.
wrong-picture = must be a JPEG, PNG or WebP picture.
wrong-photos = is one too many: a room has at most { $max }.
wrong-picture-pixels = has too many pixels; at most { $max } megapixels are taken.
wrong-picture-damaged = is damaged or was cut off on the way.
wrong-password-short = must have at least { $min } characters.
wrong-password-long = must have at most { $max } bytes.
wrong-role = must be client or owner.
wrong-phone-taken = has an account already; log in.

### The pages of administrators

admin-figures = Figures
admin-people = People
admin-reports = Reports
admin-report = Report
admin-log = Log of acts
admin-find = Find
admin-any = Any
admin-state = State
admin-status = Status
admin-why = Why
admin-from-day = From day
admin-to-day = To day
admin-deleted = Deleted
admin-id = Id
admin-acts = Acts
admin-verdict = Verdict
admin-write-verdict = Write down the verdict
admin-facts = Facts
admin-nothing-yet = Nothing yet.
admin-done = What administrators did

# The figures of a day.
admin-days-begin = Days begin at midnight in Nepal.
admin-waiting-now = Waiting now
admin-waiting-reviews = Payments in review
admin-waiting-checks = Payments being checked
admin-figures-of-day = Figures of the day
admin-figure = Figure
admin-this-day = This day
admin-days = Days
admin-day-before = Day before
admin-day-after = Day after
admin-the-day = The day
admin-figure-started = Payments started
admin-figure-pending = … of these not decided yet
admin-figure-failed = … of these not paid
admin-figure-paid = Payments found paid
admin-figure-taken = Taken
admin-figure-refunded = Payments given back
admin-figure-partly = Payments given back in part
admin-figure-unlocks = Rooms unlocked
admin-figure-clients = New clients
admin-figure-owners = New owners
admin-figure-rooms = New rooms

# Payments.
admin-payments-named = Phone, room or transaction
admin-pending = Pending
admin-refunded = Refunded
admin-in-review = In review
admin-only-in-review = Only what is in review
admin-payments-match = Payments that match
admin-payments-all = All payments, newest first
admin-payments-none = No payment fits.
admin-csv = Download as CSV
admin-review-partial-refund = A part was paid back, and eSewa does not say how much
admin-review-unanswered = eSewa never gave an answer
admin-review-refund-withdrawn = eSewa said refunded, and later paid again
admin-review-reference-changed = eSewa named two references for it
admin-review-paid-twice = The payer had access already: this money goes back
admin-review-reference-taken = Its reference already backs another payment
admin-review-payee-mismatch = The money went to somebody else
admin-review-amount-mismatch = Another amount was paid than asked for
admin-review-undeliverable = The owner had left before it was paid: this money goes back
admin-review-other = Somebody has to look at it

# One payment.
admin-review-is = { $review }.
admin-rechecked = eSewa was asked. What it said is the last line of the trail.
admin-resolved = Your verdict is written down, and the payment is out of review.
admin-refund-confirmed = eSewa confirms the refund. This payment opens nothing any more.
admin-refund-part = eSewa shows that a part went back, and does not say how much. Access stays open, and the payment is in review.
admin-refund-ordered = The refund is written down, but eSewa does not show it yet. Make it in eSewa’s merchant portal, then ask eSewa again here. Access ends when eSewa shows it.
admin-trail = Audit trail
admin-trail-empty = Nobody has looked at it yet.
admin-then = then { $state }
admin-again = { $times } times, last { $when }
admin-who-callback = The payer came back
admin-who-recheck = Somebody asked for a look
admin-who-reconcile = The schedule
admin-who-start = The payer started again
admin-who-server = The server itself
admin-ask = Ask eSewa
admin-ask-help = Asks for the status of this payment now, and writes down the answer.
admin-ask-now = Ask eSewa now
admin-resolve = Decide the review
admin-verdict-noted = Noted
admin-verdict-noted-means = It is good as it stands.
admin-verdict-not-paid-means = No money came. What eSewa proved to be paid stays paid.
admin-verdict-refunded-means = All of it went back outside of what eSewa tells; access ends.
admin-verdict-paid-means = You saw the whole amount in eSewa’s portal, under the reference below; access opens.
admin-reference = eSewa’s reference, with “Paid”
admin-refund = Refund
admin-refund-help = Make the refund in eSewa’s merchant portal, then record it here. Access and chat close when eSewa confirms it.
admin-refund-total = Goes back in total
admin-refund-record = Record the refund
admin-payer = Payer
admin-room = Room
admin-transaction = Transaction
admin-access = Access
admin-access-open = Open, by this payment
admin-access-other = Open, by another payment
admin-access-waiting = Waiting for eSewa’s word
admin-access-closed = Closed
admin-offered-until = Offered until
admin-found-paid = Found paid
admin-refund-seen = Refund seen
admin-asked-next = eSewa is asked next
admin-state-open = open
admin-state-lapsed = lapsed
admin-state-paid = paid
admin-state-partly-refunded = partly refunded
admin-state-refunded = refunded
admin-seen-begun = begun
admin-seen-pending = pending
admin-seen-unseen = not paid: unseen
admin-seen-expired = not paid: expired
admin-seen-canceled = not paid: canceled
admin-seen-ambiguous = unknown: the provider does not know yet
admin-seen-unreachable = unknown: the provider could not be asked
admin-seen-malformed = unknown: the answer could not be read
admin-seen-unknown-word = unknown: the status word is not known
admin-seen-contradiction = unknown: the provider contradicts itself
admin-seen-signed = unknown: the provider signed that it may be paid
admin-seen-hinted = unknown: the payer is said to have come back
admin-seen-refused = unknown: the provider refuses the question
admin-seen-undeliverable = undeliverable
admin-seen-refund-ordered = refund ordered: { $amount }
admin-seen-verdict-paid = verdict: paid
admin-seen-verdict-not-paid = verdict: not paid
admin-seen-verdict-refunded = verdict: refunded
admin-seen-verdict-partly-refunded = verdict: partly refunded
admin-seen-verdict-noted = verdict: noted

# People.
admin-people-named = Phone or name
admin-role = Role
admin-role-client = Client
admin-role-admin = Administrator
admin-clients = Clients
admin-owners = Owners
admin-admins = Administrators
admin-active = Active
admin-people-match = People that match
admin-people-all = Everybody, newest first
admin-people-none = Nobody fits.
admin-older-people = Older accounts
admin-registered = Registered
admin-payments-of-person = Payments of this person
admin-rooms-of-person = Rooms of this person
admin-reported-by-others = What others reported
admin-just-suspended = Suspended, and written down in the log.
admin-just-lifted = Lifted, and written down in the log.
admin-lift-suspension = Lift the suspension
admin-lift = Lift it
admin-suspend = Suspend
admin-suspend-person = Suspend this person
admin-lift-person-help = They can log in again, and their rooms are listed again.
admin-suspend-person-help = They are logged out everywhere and can’t log in. None of their rooms is listed or can be unlocked. Who paid already keeps contact and chat.

# Rooms.
admin-rooms-named = Words, owner’s phone or id
admin-listed = Listed
admin-listed-at = Listed
admin-taken-down = Taken down
admin-owner-suspended = Owner suspended
admin-rooms-all = All rooms, newest first
admin-rooms-none = No room fits.
admin-suspend-room = Suspend this room
admin-lift-room-help = It is listed again and can be unlocked, unless its owner is suspended.
admin-suspend-room-help = Nobody finds it or can unlock it. Its owner sees that it is suspended. Who paid already keeps contact and chat.
admin-what-everybody-sees = What everybody sees
admin-no-description = No description.
admin-place = Place
admin-unlocks = Clients who unlocked it
admin-payments-for-room = Payments for this room
admin-own-page = Its page
admin-as-everybody-sees = As everybody sees it

# Reports.
admin-which-reports = Which reports
admin-waiting = Waiting
admin-decided = Decided
admin-all = All
admin-upheld = Upheld
admin-dismissed = Dismissed
admin-nothing-waits = Nothing waits.
admin-no-reports = No reports.
admin-older-reports = Older reports
admin-about = { $reporter } about { $reported }
admin-without-reason = Without a reason.
admin-verdict-written = Your verdict is written down.
admin-end-of-chat = The end of the conversation
admin-around-message = The message, and what was said around it
admin-reading-is-logged = That you read this is in the log.
admin-nobody-wrote = Nobody has written.
admin-reported = Reported
admin-taken-back = Its sender took it back.
admin-reported-picture = Picture in the reported message
admin-with-picture = With a picture.
admin-edited = Edited
admin-as-reported = As it was reported
admin-decide = Decide
admin-uphold = Uphold
admin-uphold-means = It is right. Suspend the person or the room on their own pages, if you must.
admin-dismiss = Dismiss
admin-dismiss-means = There is nothing to do about it.
admin-why-and-what = Why, and what was done
admin-do-something = Do something
admin-the-room = The room
admin-reported-by = Reported by
admin-reported-person = About

# The log of acts.
admin-log-lead = Everything that administrators did, newest first. Nothing here can be changed.
admin-act = Act
admin-by = By
admin-acts-match = Acts that match
admin-acts-none = No act fits.
admin-older-acts = Older acts
admin-act-recheck = Asked eSewa again
admin-act-resolve = Decided a review
admin-act-refund = Recorded a refund
admin-act-export = Downloaded payments
admin-act-suspend-user = Suspended a person
admin-act-lift-user = Lifted a person’s suspension
admin-act-suspend-room = Suspended a room
admin-act-lift-room = Lifted a room’s suspension
admin-act-open-report = Read a report
admin-act-decide-report = Decided a report
admin-act-add-admin = Became an administrator, by the command line
admin-outcome-none = begun, and its end is not known
admin-outcome-refused = refused: { $why }
admin-outcome-review = { $state }, in review: { $review }
admin-outcome-suspended = suspended
admin-outcome-lifted = lifted
admin-outcome-upheld = upheld
admin-outcome-dismissed = dismissed
admin-outcome-picture = the picture
admin-outcome-made = made
admin-outcome-rows = { $count ->
    [one] { $shown } row
   *[other] { $shown } rows
}
admin-outcome-messages = { $count ->
    [one] { $shown } message
   *[other] { $shown } messages
}

# What an administrator can't do now.
admin-refused-nothing-paid = Nothing is known to have been paid, so nothing can go back.
admin-refused-too-much = That much was not paid, so it can't go back.
admin-refused-not-in-review = This payment is not in review: there is nothing to decide.
admin-refused-decided = This report is decided already.
admin-refused-room-down = Its owner took this room down: nobody finds it.
admin-refused-room-suspended = This room is suspended already.
admin-refused-room-not-suspended = This room is not suspended.
admin-refused-admin = Administrators come and go by the command line only.
admin-refused-deleted = This account is deleted: nobody can sign in to it.
admin-refused-person-suspended = This person is suspended already.
admin-refused-person-not-suspended = This person is not suspended.

# What is wrong with one of their fields; it goes on from the field’s label.
wrong-day = must be a day, such as 2026-11-22.
wrong-day-to-come = must be a day until today, such as 2026-11-22.
wrong-day-order = must not be before the first day.
wrong-status = must be pending, success, failed or refunded.
wrong-review = must be 1 or left out.
wrong-act = must be one of the acts of the log.
wrong-id = must be an id.
wrong-any-role = must be client, owner or admin.
wrong-person-state = must be active, suspended or deleted.
wrong-room-state = must be listed, suspended or removed.
wrong-report-state = must be waiting, decided or all.
wrong-report-verdict = must be upheld or dismissed.
wrong-payment-verdict = must be noted, not_paid, refunded or paid.
wrong-cursor = must be the next_cursor of an answer.
wrong-limit = must be 1 to { $max }.
wrong-reference = is not a reference of eSewa's.
wrong-too-many-rows = leaves more than { $max } payments; choose fewer days.

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
earnings-lead = What clients paid to unlock your rooms, by day in Nepal. It was paid to this site; what was given back is taken off on the day it went back.
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
account-device = { $browser } on { $system }
account-deleted = Deleted account
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
