### Nepali.

### Every page

skip = मुख्य भागमा जानुहोस्
footer-about = कोठा: नेपालभरका कोठा, सिधै घरधनीबाट।
footer-pay = भुक्तानी eSewa बाट हुन्छ। एक पटकको भुक्तानी, एउटा कोठा; मासिक शुल्क छैन।
nav-account = खाता
nav-main = मुख्य
log-out = बाहिरिनुहोस्
log-in = लग इन
register = दर्ता गर्नुहोस्
rooms = कोठाहरू
chats = कुराकानी
unread = नपढिएका
my-rooms = मेरा कोठा
admin = व्यवस्थापन
switch-language = भाषा

### Accounts

have-account = खाता छ?
new-here = नयाँ हुनुहुन्छ?
i-am-here-to = म यहाँ आएको
find-a-room-role = कोठा खोज्न
let-a-room-role = कोठा भाडामा दिन
create-account = मेरो खाता खोल्नुहोस्
field-name = तपाईंको नाम
field-phone = मोबाइल नम्बर
field-password = पासवर्ड
hint-password = कम्तीमा ८ अक्षर
hint-phone = ९ बाट सुरु हुने दश अङ्क
optional = (ऐच्छिक)

### Rooms

rooms-description = नेपालभरका कोठा र फ्ल्याट, घरधनीले नै राखेका। एक पटक रु. ३० तिरेपछि कोठाको सम्पर्क र निजी कुराकानी खुल्छ।
rooms-heading = कोठा खोज्नुहोस्। घरधनीसँगै कुरा गर्नुहोस्।
rooms-lead = हेर्न पैसा लाग्दैन। कोठा मन परेपछि एक पटक तिर्नुहोस्, अनि घरधनीको फोन नम्बर, ठेगाना र निजी कुराकानी तपाईंका लागि खुल्छ।
search-words = शब्द
search-example = पार्किङ, पाटन, दुई कोठा
search-city = सहर
search-rent-from = भाडा कम्तीमा
search-rent-to = भाडा बढीमा
search = खोज्नुहोस्
rupees-sign = रु.
rooms-match = मिल्ने कोठाहरू
rooms-newest = भर्खरै राखिएका कोठा
show-all = सबै हेर्नुहोस्
search-refused = यो खोजी बुझिएन
search-refused-help = माथि सच्याएर फेरि खोज्नुहोस्।
search-words-and-city = शब्द र सहर
search-empty = मिल्ने कोठा अहिले छैन
search-empty-help = थोरै शब्द, अर्को सहर वा भाडाको फराकिलो सीमा राखेर हेर्नुहोस्।
rooms-empty = अहिलेसम्म कोठा छैन
rooms-empty-help = पहिलो घरधनीले राखेको कोठा यहीँ देखिनेछ।
badge-unlocked = खुला
badge-mine = तपाईंको कोठा
a-month = प्रति महिना
more-rooms = अरू कोठा

### One room

all-rooms = सबै कोठा
photos = फोटोहरू
photo-of = फोटो { $number }, जम्मा { $count } मध्ये
more-photos = कोठा खोलेपछि थप { $shown } फोटो देखिन्छ
contact-and-chat = सम्पर्क र कुराकानी
about-room = यो कोठाको बारेमा
listed-by = राख्ने
banner-success = भुक्तानी प्राप्त भयो। यो कोठा तपाईंका लागि खुल्यो।
banner-success-more = सम्पर्क र कुराकानी तपाईंकै रहन्छ; अब थप केही तिर्नुपर्दैन।
banner-pending = तपाईंको भुक्तानी जाँच हुँदैछ।
banner-pending-more = eSewa ले अझै पुष्टि गरेको छैन। कृपया फेरि नतिर्नुहोस्; पुष्टि हुनेबित्तिकै कोठा आफैँ खुल्छ।
banner-failed = भुक्तानी भएन।
banner-failed-more = भुक्तानी पूरा भएन भनी eSewa ले जनाएको छ, त्यसैले कोठा बन्दै छ। मन लागेका बेला फेरि प्रयास गर्न सक्नुहुन्छ।
banner-elsewhere = त्यो भुक्तानीले तपाईंका लागि यो कोठा खोलेको होइन।
banner-elsewhere-more = अर्को उपकरणबाट सुरु गर्नुभएको हो भने सम्पर्क र कुराकानी त्यहीँ खुलेको छ। अर्कै खाताबाट पस्नुभएको हो भने भुक्तानी सुरु गरेको खाताबाट लग इन गर्नुहोस्।
opens-phone = घरधनीको फोन नम्बर
opens-address = पूरा ठेगाना
opens-chat = घरधनीसँग निजी कुराकानी
panel-price-before = घरधनीको फोन नम्बर, पूरा ठेगाना र निजी कुराकानी
panel-price-after = {" "}एक पटक तिरेपछि खुल्छ।
panel-log-in = खोल्न लग इन गर्नुहोस्
panel-register = नयाँ हुनुहुन्छ? दर्ता गर्नुहोस्
panel-unlock = { $price } मा सम्पर्क र कुराकानी खोल्नुहोस्
panel-once = यो कोठाका लागि eSewa बाट एक पटक मात्र तिर्नुपर्छ। पक्का गर्नुअघि सबै कुरा देख्नुहुन्छ।
checking = तपाईंको भुक्तानी जाँच हुँदैछ
panel-checking = तपाईंको भुक्तानीबारे eSewa सँग सोध्दैछौँ। पुष्टि हुनेबित्तिकै कोठा यहीँ खुल्छ। कृपया फेरि नतिर्नुहोस्।
check-now = अहिले जाँच्नुहोस्
panel-open = तपाईंका लागि खुला
owner = घरधनी
phone = फोन
address = ठेगाना
chat-with-owner = घरधनीसँग कुरा गर्नुहोस्
panel-own = यो तपाईंको कोठा हो
panel-own-more = यसलाई खोल्नेले तपाईंलाई फोन गर्न र यहीँ लेख्न सक्छन्। उनीहरूले एक पटक { $price } तिर्छन्।
panel-edit = कोठा र फोटो सम्पादन
panel-nobody = अहिलेसम्म कसैले खोलेको छैन।
panel-chats = यो कोठाबारे कुराकानी
panel-not-for-you = कोठा खोज्नेको खाताबाट मात्र कोठा खोलिन्छ; यो अर्कै किसिमको खाता भएकाले यहाँ तिर्नुपर्ने केही छैन।

### Paying

back-to-room = कोठामा फर्कनुहोस्
pay-with-esewa = eSewa बाट { $amount } तिर्नुहोस्
unlock-title = यो कोठा खोल्नुहोस्
pay-here = यहीँ तिर्नुहोस्
pay-once = एक पटक तिर्ने रकम
it-opens = यसले खोल्छ
pay-until = eSewa मा लग इन गरेर त्यहीँ पक्का गर्नुहोस्। यो मौका { $time } सम्म छ।
pay-phone-label = फोनबाट तिर्नुहोस्
pay-phone = वा फोनबाट तिर्नुहोस्
pay-scan = क्यामेराले यो कोड स्क्यान गर्नुहोस्। यो पृष्ठ खुलै राख्नुहोस्; यो आफैँ अघि बढ्छ।
pay-code = फोनमा भुक्तानी खोल्ने कोड
pay-phone-page = फोनको पृष्ठ यहीँ खोल्नुहोस्
pay-waiting = तपाईंको भुक्तानी पर्खिँदै।
pay-already = तिरिसक्नुभयो?
pay-checking = “{ $room }” का लागि { $amount } eSewa ले अझै पुष्टि गरेको छैन। पुष्टि हुनेबित्तिकै कोठा खुल्छ; कृपया फेरि नतिर्नुहोस्।
pay-checking-more = प्रायः एक मिनेट पनि लाग्दैन। वालेटबाट पैसा काटिएको भए हराउँदैन: eSewa ले जवाफ नदिएसम्म हामी सोधिरहन्छौँ।
pay-received = भुक्तानी प्राप्त भयो
pay-received-more = “{ $room }” का लागि { $amount }। सम्पर्क र कुराकानी तपाईंका लागि खुला छ।
to-room = कोठामा जानुहोस्
pay-expired = यो भुक्तानीको समय सकियो
pay-expired-more = यसबाट अब तिर्न मिल्दैन। तिरिसक्नुभएको हो भने eSewa ले पुष्टि गर्नेबित्तिकै कोठा खुल्छ; नभए कोठाको पृष्ठबाट नयाँ सुरु गर्नुहोस्।
pay-over = यो भुक्तानी सकियो
pay-over-more = यसबाट केही तिरिएको छैन, र अब प्रयोग गर्न मिल्दैन। कोठाको पृष्ठबाट नयाँ सुरु गर्न सक्नुहुन्छ।
pay-refunded = यो भुक्तानी फिर्ता गरियो
pay-refunded-more = “{ $room }” का लागि तिरिएको { $amount } eSewa मार्फत फिर्ता गरियो।
pay-for = भुक्तानी
pay-elsewhere-opens = कोड देखाएको उपकरणमा कोठा खुल्छ, यो फोनमा होइन।
pay-code-checking = यो भुक्तानी जाँच हुँदैछ
pay-code-checking-more = eSewa ले { $amount } अझै पुष्टि गरेको छैन। कृपया फेरि नतिर्नुहोस्; कोड देखाएको उपकरण आफैँ अघि बढ्छ।
pay-code-paid = तिरिसकिएको छ
pay-code-paid-more = { $amount } प्राप्त भयो। कोड देखाएको उपकरणमा अघि बढ्नुहोस्।
pay-code-expired = यो कोडको समय सकियो
pay-code-expired-more = यसबाट अब तिर्न मिल्दैन। जहाँबाट सुरु गर्नुभयो त्यहीँ नयाँ कोड देखाउनुहोस्।
elsewhere-received = जुन उपकरणबाट सुरु गर्नुभयो त्यसैमा अघि बढ्नुहोस्: सम्पर्क र कुराकानी त्यहीँ खुलेको छ। यो पृष्ठ बन्द गर्न सक्नुहुन्छ।
elsewhere-here = यही उपकरण हो?
elsewhere-here-more = {" "}गर्नुहोस्, कोठा खुला छ।
elsewhere-checking = भुक्तानी जाँच हुँदैछ
elsewhere-checking-more = eSewa ले अझै पुष्टि गरेको छैन। कृपया फेरि नतिर्नुहोस्; सुरु गरेको उपकरण आफैँ अघि बढ्छ।
elsewhere-failed = भुक्तानी भएन
elsewhere-failed-more = भुक्तानी पूरा भएन भनी eSewa ले जनाएको छ। कोड देखाएको उपकरणमा फेरि सुरु गर्न सक्नुहुन्छ।

### Chats

chats-empty = अहिलेसम्म कुराकानी छैन
chats-empty-owner = कसैले तपाईंको कोठा खोलेपछि उनको कुराकानी यहाँ देखिन्छ।
chats-empty-client = कोठा खोल्नुहोस्, अनि घरधनी एक सन्देश टाढा मात्र हुन्छन्।
list-a-room = कोठा राख्नुहोस्
find-a-room = कोठा खोज्नुहोस्
you = तपाईं:
no-messages = अहिलेसम्म सन्देश छैन
message-deleted-short = सन्देश मेटाइयो
picture = तस्बिर
chat-with = { $name } सँग कुराकानी
all-chats = सबै कुराकानी
chat-offline = इन्टरनेट छैन। सन्देश राखिएको छ, जोडिएपछि पठाइनेछ।
messages = सन्देशहरू
messages-with = { $name } सँगका सन्देश
earlier-messages = पहिलेका सन्देश
newest-messages = पछिल्ला सन्देश
chat-hello = यो कुराकानी तपाईं र { $name } बीच मात्र हो। नमस्ते भन्नुहोस्, कोठा कहिले हेर्न मिल्छ सोध्नुहोस्।
message-to = { $name } लाई सन्देश
write-a-message = सन्देश लेख्नुहोस्
send = पठाउनुहोस्
picture-from = { $name } ले पठाएको तस्बिर
picture-of-yours = तपाईंले पठाएको तस्बिर
picture-is = तस्बिर
add-a-picture = तस्बिर थप्नुहोस्
uploading = पठाइँदै
cancel = रद्द गर्नुहोस्
change-message = यो सन्देश बदल्नुहोस्
edit-message = सम्पादन
editing-message = आफ्नो सन्देश सम्पादन गर्दै
delete-message = मेटाउनुहोस्
delete-message-title = यो सन्देश मेटाउने हो?
delete-message-more = मेटाएपछि तपाईं दुवैले यो पढ्न सक्नुहुन्न।
keep-message = नमेटाउनुहोस्
message-deleted = यो सन्देश मेटाइएको छ।
edited = सम्पादित
sending = पठाउँदै
sent = पठाइयो
read = पढियो
not-sent = पठाइएन।
try-again = फेरि प्रयास गर्नुहोस्
message-refused-long = सन्देश १ देखि { $chars } अक्षरको हुन्छ।
message-refused-rate = एकैचोटि धेरै सन्देश भयो। एकछिन पर्खनुहोस्।
message-refused-picture = तस्बिर बढीमा १० MB को JPEG, PNG वा WebP फाइल हुनुपर्छ।

### Reporting and blocking, from a chat

chat-menu = यो कुराकानीबारे थप
message-menu = यो सन्देशबारे थप
back-to-chat = कुराकानीमा फर्कनुहोस्
report = उजुरी गर्नुहोस्
report-person = यो व्यक्तिको उजुरी गर्नुहोस्
report-person-title = { $name } को उजुरी गर्ने?
report-message-title = यो सन्देशको उजुरी गर्ने?
report-help = प्रशासकले यो कुराकानीका केही सन्देश पढेर निर्णय गर्छन्। { $name } लाई यसबारे भनिँदैन।
report-reason = के भयो?
report-send = उजुरी पठाउनुहोस्
report-refused-long = बढीमा { $chars } अक्षर।
report-done = उजुरी दर्ता भयो। प्रशासकले हेर्नेछन्।
report-lost = उजुरी पठाइएन। इन्टरनेट जाँचेर फेरि प्रयास गर्नुहोस्।
report-refused = उजुरी लिइएन। पृष्ठ फेरि खोलेर एकपटक फेरि प्रयास गर्नुहोस्।
block-person = यो व्यक्तिलाई ब्लक गर्नुहोस्
block-title = { $name } लाई ब्लक गर्ने?
block-help = ब्लक गरेपछि यो कुराकानीमा तपाईं दुवैले लेख्न सक्नुहुन्न। { $name } ले कुराकानी बन्द भएको मात्र देख्नुहुन्छ। भइसकेका कुरा यहीँ पढ्न मिल्छ, र ब्लक जुनसुकै बेला हटाउन सकिन्छ।
block-confirm = ब्लक गर्नुहोस्
block-done = { $name } लाई ब्लक गरियो।
unblock = ब्लक हटाउनुहोस्
unblock-done = { $name } लाई गरेको ब्लक हटाइयो।
chat-blocked-by-you = तपाईंले { $name } लाई ब्लक गर्नुभएको छ। ब्लक नहटाएसम्म तपाईं दुवैले यहाँ लेख्न सक्नुहुन्न।
chat-closed-for-one = यो कुराकानी तपाईं दुईमध्ये एक जनाका लागि बन्द छ। अहिले यहाँ केही पठाउन मिल्दैन।

### What the modules say; a module asks for them by name

live-no-connection = इन्टरनेट छैन। फेरि जोडिँदै…
live-kept = इन्टरनेट छैन। तपाईंका सन्देश राखिएका छन्, जोडिएपछि पठाइनेछन्।
live-closed = यो कुराकानी अब तपाईंका लागि बन्द छ।
live-logged-out = तपाईं बाहिरिनुभयो। फेरि लग इन गर्नुहोस्।
live-too-many = एकैचोटि धेरै सन्देश भयो। केही बेरपछि पृष्ठ फेरि खोल्नुहोस्।
live-over = यो कुराकानी यहाँ अघि बढ्न सक्दैन। पृष्ठ फेरि खोल्नुहोस्।
live-online = अनलाइन
live-typing = लेख्दै…
live-picture = तस्बिर
live-picture-unreadable = यो फाइल देखाउन मिल्ने तस्बिर होइन।
live-picture-lost = इन्टरनेट बीचमै टुट्यो।
live-picture-later = सर्भरले अहिले लिन सकेन।
live-too-long = अक्षर बढी भयो
live-change-refused = सन्देश बदल्न सकिएन।
live-pay-connected = फेरि जोडियो। तपाईंको भुक्तानी पर्खिँदै।
live-pay-offline = इन्टरनेट छैन। तपाईंले गर्ने भुक्तानी गनिन्छ; यो पृष्ठ पछि आफैँ मिल्छ।
live-pay-working = eSewa तपाईंको भुक्तानीमा काम गर्दैछ। कृपया फेरि नतिर्नुहोस्।

### Times

today = आज
yesterday = हिजो
night = राति
morning = बिहान
afternoon = दिउँसो
evening = साँझ

### An owner’s rooms

room-removed = कोठा हटाइयो। यसका लागि तिरिसकेकाको सम्पर्क र कुराकानी रहन्छ।
room-suspended = निलम्बित
room-suspended-more = यो कोठा कसैले भेट्दैन, र कसैले खोल्न सक्दैन। किन भनी यो साइट चलाउनेलाई सोध्नुहोस्।
my-rooms-empty-help = एउटा राख्नुहोस्: पैसा लाग्दैन, र साँच्चै चाहनेले मात्र फोन गर्छन्।
month-listed = प्रति महिना · राखेको { $day }
edit-and-photos = सम्पादन र फोटो
take-down = हटाउनुहोस्
take-down-more = अब कसैले भेट्दैन। यो फिर्ता गर्न मिल्दैन।
take-it-down = पक्का हटाउनुहोस्
older-rooms = पुराना कोठा
edit-room = कोठा सम्पादन
fields-refused = केही कुरा मिलेन, फेरि हेर्नुहोस्। केही हराएको छैन।
saved = सुरक्षित भयो।
see-as-others = अरूले देख्ने गरी हेर्नुहोस्
photo-number = फोटो { $number }
photo-lock = भुक्तानी गर्नेलाई मात्र देखाउनुहोस्
photo-show-to-everybody = सबैलाई देखाउनुहोस्
locked = बन्द
remove = हटाउनुहोस्
add-a-photo = फोटो थप्नुहोस्
add-a-photo-hint = JPEG, PNG वा WebP, बढीमा 10 MB। कहाँ खिचिएको हो भन्ने जानकारी हटाइन्छ।
photo-private = तिरेकाहरूले मात्र देख्ने
photo-private-more = अरूले थप एउटा फोटो छ भन्ने मात्र थाहा पाउँछन्।
add-this-photo = यो फोटो थप्नुहोस्
photos-full = एउटा कोठाको बढीमा { $max } फोटो हुन्छ। अर्को थप्न एउटा हटाउनुहोस्।
photo-is = फोटो
save = सुरक्षित गर्नुहोस्
new-room-lead = शीर्षक, विवरण, ठाउँ र भाडा सबैले देख्छन्। फोन र ठेगाना तिर्नेका लागि मात्र खुल्छ।
list-this-room = यो कोठा राख्नुहोस्
for-everybody = सबैका लागि
locked-until-paid = नतिरेसम्म बन्द
field-title = शीर्षक
hint-title = साथीलाई भन्ने जस्तै: “पाटन ढोका नजिक घाम लाग्ने कोठा”
field-description = विवरण
hint-description = आकार, तला, पानी, घाम, भान्सा, नियम। फोन नम्बर नलेख्नुहोस्।
field-area = ठाउँ
field-rent = महिनाको भाडा
field-contact-phone = इच्छुकका लागि फोन
field-address = पूरा ठेगाना
hint-address = घर, गल्ली, चिनारी

### What is wrong with a field; it goes on from the field’s label

wrong-required = आवश्यक छ।
wrong-length = { $min } देखि { $max } अक्षरको हुनुपर्छ।
wrong-character = मा देखाउन नमिल्ने अक्षर छ।
wrong-phone = नेपाली मोबाइल नम्बर हुनुपर्छ: ९ बाट सुरु हुने दश अङ्क।
wrong-nothing = शून्यभन्दा बढी हुनुपर्छ।
wrong-too-much = बढीमा { $max } रुपैयाँ हुन सक्छ।
wrong-amount = रुपैयाँमा लेख्नुहोस्, जस्तै 12000.00।
wrong-long = बढीमा { $chars } अक्षर।
wrong-picture = JPEG, PNG वा WebP तस्बिर हुनुपर्छ।
wrong-picture-pixels = धेरै ठूलो छ; बढीमा { $max } मेगापिक्सेल।
wrong-picture-damaged = बिग्रिएको छ वा बाटोमा काटियो।
wrong-password-short = कम्तीमा { $min } अक्षरको हुनुपर्छ।
wrong-password-long = बढीमा { $max } बाइटको हुन सक्छ।
wrong-role = खोज्ने वा घरधनी छान्नुहोस्।
wrong-phone-taken = को खाता पहिल्यै छ; लग इन गर्नुहोस्।

### Refusals, by the code of the problem

problem-not-signed-in = लग इन गरिएको छैन
    .detail = पहिले लग इन गर्नुहोस्।
problem-bad-credentials = लग इन भएन
    .detail = फोन नम्बर वा पासवर्ड मिलेन।
problem-payment-required = भुक्तानी आवश्यक
    .detail = यो कोठाको सम्पर्क र कुराकानी भुक्तानीपछि खुल्छ।
problem-account-suspended = खाता निलम्बित छ
    .detail = यो खाता निलम्बन गरिएको छ। किन र अब के गर्न सकिन्छ भनी यो साइट चलाउनेलाई सोध्नुहोस्।
problem-forbidden = अनुमति छैन
    .detail = यो तपाईंको खाताका लागि होइन।
problem-cross-origin = अर्को साइटबाट आएको अनुरोध
    .detail = अनुरोध अर्को साइटको पृष्ठबाट आयो।
problem-not-found = भेटिएन
    .detail = यहाँ केही छैन, वा तपाईंका लागि छैन।
problem-conflict = मिलेन
    .detail = यो अहिले गर्न मिलेन।
problem-already-unlocked = पहिल्यै खुला
    .detail = यो कोठा तपाईंका लागि खुलिसकेको छ; तिर्नुपर्ने केही छैन।
problem-payment-in-progress = भुक्तानी हुँदैछ
    .detail = तपाईंको भुक्तानी eSewa सँग जाँच हुँदैछ। फेरि नतिर्नुहोस्; एकछिनपछि हेर्नुहोस्।
problem-invalid-callback = eSewa को सही जवाफ होइन
    .detail = यो eSewa ले यो पसलका लागि हस्ताक्षर गरेको जवाफ होइन। केही बदलिएको छैन।
problem-too-large = धेरै ठूलो
    .detail = पठाइएको कुरा धेरै ठूलो छ।
problem-unsupported-media-type = नमिल्ने किसिम
    .detail = JPEG, PNG वा WebP तस्बिर पठाउनुहोस्।
problem-rate-limited = धेरै अनुरोध
    .detail = एकैचोटि धेरै भयो। केही बेरपछि फेरि प्रयास गर्नुहोस्।
problem-provider-unavailable = eSewa उपलब्ध छैन
    .detail = eSewa ले अहिले जवाफ दिएको छैन। यस अनुरोधले केही काटेको छैन।
problem-unavailable = उपलब्ध छैन
    .detail = सेवाले अहिले जवाफ दिन सकेन। एकछिनपछि फेरि प्रयास गर्नुहोस्।
problem-internal = भित्री त्रुटि
    .detail = हाम्रो तर्फबाट गडबड भयो। फेरि प्रयास गर्नुहोस्।
to-the-rooms = कोठाहरूमा
to-this-room = यो कोठामा
payment-title = भुक्तानी
pay-title = तिर्नुहोस्

### What a person has here

overview = सारांश
unlocked-rooms = खोलिएका कोठा
unlocked-empty = अहिलेसम्म केही खोलिएको छैन
unlocked-empty-help = तपाईंले तिरेर खोलेको कोठा सम्पर्क र कुराकानीसहित यहीँ रहन्छ।
unlocked-since = खोलेको: { $day }
unlocked-not-listed = अब सूचीमा छैन; तपाईंका लागि भने खुलै रहन्छ।
contact = सम्पर्क
chat = कुराकानी
my-payments = भुक्तानीहरू
all-payments = सबै भुक्तानी
older-payments = पुराना भुक्तानी
payments-empty = तपाईंले अहिलेसम्म केही तिर्नुभएको छैन।
payment-open = अझै तिरिएको छैन
payment-checking = जाँच हुँदैछ
payment-expired = समय सकियो
payment-not-paid = तिरिएन
payment-paid = तिरियो
payment-back = फिर्ता गरियो
payment-part-back = केही फिर्ता गरियो
receipt = रसिद
receipt-open = अझै केही तिरिएको छैन, त्यसैले यो रसिद होइन।
receipt-checking = eSewa ले अझै पुष्टि गरेको छैन, त्यसैले यो रसिद होइन। कृपया फेरि नतिर्नुहोस्।
receipt-expired = यसको समय सकियो, र केही तिरिएको थाहा छैन। यो रसिद होइन।
receipt-not-paid = केही तिरिएन भनी eSewa ले जनाएको छ। यो रसिद होइन।
receipt-paid = यो कोठाका लागि eSewa बाट एक पटक, पूरै तिरियो।
receipt-part-back = eSewa बाट तिरियो। केही रकम फिर्ता गरियो; कति भन्ने तपाईंको eSewa विवरणमा छ।
receipt-back = eSewa बाट तिरियो, र पूरै फिर्ता गरियो। यसले अब केही खोल्दैन।
receipt-goes-back = यो पैसाबाट तपाईंले केही पाउनुभएन, त्यसैले यो तपाईंलाई फिर्ता हुन्छ। हामी हेर्दैछौँ।
receipt-for = यस कोठाको सम्पर्क विवरण र कुराकानी
receipt-paid-at = तिरेको
receipt-started-at = सुरु गरेको
receipt-back-at = फिर्ता गरेको
receipt-by = तिर्ने
receipt-to = पाउने
receipt-merchant = Kotha, eSewa व्यापारी { $code }
receipt-reference = eSewa सन्दर्भ नम्बर
receipt-number = नम्बर
receipt-go-on = यो भुक्तानी अघि बढाउनुहोस्
receipt-print = छाप्नुहोस्
all-my-rooms = मेरा सबै कोठा
earnings = आम्दानी
earnings-lead = तपाईंका कोठा खोल्न अरूले तिरेको रकम, नेपालको दिन र महिनाअनुसार। फिर्ता भएको रकम फिर्ता भएकै दिन घटाइन्छ।
earnings-months = पछिल्ला १२ महिना
earnings-days = पछिल्ला ३० दिन
earnings-by-day = दिनअनुसार
earnings-empty = यस अवधिमा कसैले तपाईंको कोठाका लागि तिरेको छैन।
earnings-net = बाँकी
earnings-payments = भुक्तानी
earnings-paid = तिरिएको
earnings-refunded = फिर्ता
earnings-partly = * { $shown } भुक्तानीको केही रकम फिर्ता गरियो। कति भन्ने eSewa ले नजनाउने भएकाले यहाँ घटाइएको छैन।
earnings-table = अङ्कहरू हेर्नुहोस्
earnings-in-rupees = सबै रकम रुपैयाँमा, नयाँ पहिले।
earnings-month = महिना
earnings-day = दिन
earnings-summary = समयअनुसारका पट्टीहरू: { $paid } तिरिएको, { $refunded } फिर्ता। अङ्कहरू तल छन्।

### One's own account

account-title = तपाईंको खाता
account-role-client = कोठा खोज्दै
account-role-owner = कोठा भाडामा दिँदै
account-role-admin = प्रशासक
account-sessions = तपाईं लग इन भएका ठाउँहरू
account-program = अर्को प्रोग्राम
account-this = यही
account-since = लग इन गरेको:
account-end = अन्त्य गर्नुहोस्
account-end-others = अरू सबैतिर लग आउट गर्नुहोस्
account-password = पासवर्ड बदल्नुहोस्
account-password-now = अहिलेसम्मको पासवर्ड
account-password-new = नयाँ पासवर्ड
account-password-ends = अरू सबै सत्र अन्त्य हुन्छन्।
account-password-change = बदल्नुहोस्
account-delete = खाता मेटाउनुहोस्
account-delete-help = तपाईंको नाम, नम्बर, कोठा, फोटो र सम्पर्क विवरण मेटिन्छन्, र यो खातामा फेरि कसैले लग इन गर्न सक्दैन। तपाईंले पैसा तिरेर खोलेका कोठा गुम्छन्। यो फिर्ता हुँदैन।
account-delete-books = हिसाबकिताबको कानुनअनुसार हामी भुक्तानी राख्छौँ: रकम, समय र आईडी, तपाईंको नामबिना। सन्देशहरू तपाईंले लेखेका मानिससँग रहन्छन्, “Deleted account” बाट आएजस्तै।
account-delete-password = तपाईंको पासवर्ड
account-delete-button = सधैंका लागि मेटाउनुहोस्
account-done-password = पासवर्ड बदलियो, र अरू सबै सत्र अन्त्य भए।
account-done-session = सत्र अन्त्य भयो।
account-done-others = अरू सबै सत्र अन्त्य भए।
owner-left = घरधनीले Kotha छोडिसके, र सम्पर्क विवरण मेटिएको छ।
wrong-password = मिलेन।

### An app on a phone

app-name = कोठा: नेपालभरका कोठा
app-short-name = कोठा
offline-title = तपाईं अफलाइन हुनुहुन्छ
offline-lead = यो पृष्ठलाई इन्टरनेट चाहिन्छ, अहिले जडान छैन। जडान फर्केपछि पृष्ठ आफैँ खुल्छ।
offline-kept = तपाईंले गरिसकेको भुक्तानी गनिन्छ। नपठाइएका सन्देश लेखेकै ट्याबमा पर्खिरहेका छन्।
push-body = { $room } बारे नयाँ सन्देश
push-body-short = नयाँ सन्देश

### The switch for notifications

notify-title = नयाँ सन्देश आए थाहा दिनुहोस्
notify-off = यही उपकरणमा, Kotha बन्द हुँदा पनि। कसले कुन कोठाबारे लेख्यो भन्ने मात्र देखिन्छ, सन्देश देखिँदैन।
notify-on = सन्देश आउँदा यो उपकरणले थाहा दिन्छ, यहाँबाट बाहिरिएपछि दिँदैन।
notify-denied = यो ब्राउजरले Kotha का सूचना रोकेको छ। ब्राउजरको सेटिङमा यो साइटलाई अनुमति दिनुहोस्, अनि यो पृष्ठ फेरि खोल्नुहोस्।
notify-unsupported = Kotha बन्द हुँदा यो ब्राउजरले थाहा दिन सक्दैन। iPhone मा पहिले Kotha लाई होम स्क्रिनमा थप्नुहोस्।
notify-trouble = भएन। इन्टरनेट जाँच्नुहोस् र फेरि प्रयास गर्नुहोस्।
