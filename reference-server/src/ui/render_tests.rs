//! Every page with every sample: it renders, escapes what people wrote, and breaks no rule of the policy.

use askama::Template;

use super::{
    Lang,
    account::{LoginPage, RegisterPage},
    admin::{
        ActsPage, AdminPaymentPage, AdminRoomPage, AdminRoomsPage, FiguresPage, PaymentsPage, PeoplePage,
        PersonPage, ReportPage, ReportsPage,
    },
    assets,
    chat::{ChatPage, Closed},
    chat_block::ChatBlockPage,
    chat_report::ChatReportPage,
    chats::ChatsPage,
    checkout::{PaidElsewhere, PaidElsewherePage, PayPage, PayState, PaymentPage, PaymentState},
    docs::DocsPage,
    earnings::EarningsPage,
    lang::in_language,
    my::{ClientPage, OwnerPage},
    my_account::AccountPage,
    my_payments::{MyPaymentsPage, ReceiptPage, Standing},
    my_rooms::MyRoomsPage,
    offline::OfflinePage,
    problem::ProblemPage,
    room::{Banner, ClientChat, Contact, Panel, RoomPage},
    room_form::{EditRoomPage, NewRoomPage},
    rooms::RoomsPage,
};

/// Name and HTML of each page.
fn pages() -> Vec<(&'static str, String)> {
    let chats = vec![ClientChat { client_id: "c1".into(), name: "Sita <i>Sharma</i>".into(), unread: 2 }];
    let checking = || Panel::Checking { transaction_id: "7f3c".into() };
    let mut pages = vec![
        ("rooms", html(&RoomsPage::sample())),
        ("rooms_empty", html(&RoomsPage::sample_empty())),
        ("room_sign_in", html(&RoomPage::sample(Panel::SignIn { next: "%2Frooms%2Fr1%2F".into() }, None))),
        ("room_locked", html(&RoomPage::sample(Panel::Locked, Some(Banner::Failed)))),
        ("room_checking", html(&RoomPage::sample(checking(), Some(Banner::Pending)))),
        ("room_unlocked", html(&RoomPage::sample(Panel::Unlocked(Contact::sample()), Some(Banner::Success)))),
        ("room_refunded", html(&RoomPage::sample(Panel::Locked, Some(Banner::Refunded)))),
        (
            "room_elsewhere_checking",
            html(&RoomPage::sample(Panel::Locked, Some(Banner::Elsewhere(PaidElsewhere::Checking)))),
        ),
        (
            "room_elsewhere_failed",
            html(&RoomPage::sample(Panel::Locked, Some(Banner::Elsewhere(PaidElsewhere::NotPaid)))),
        ),
        ("room_owner", html(&RoomPage::sample(Panel::Owner { chats, suspended: true }, None))),
        (
            "room_not_for_you",
            html(&RoomPage::sample(Panel::NotForYou, Some(Banner::Elsewhere(PaidElsewhere::Received)))),
        ),
        ("room_new", html(&NewRoomPage::sample())),
        ("room_new_refused", html(&NewRoomPage::sample_refused())),
        ("room_edit", html(&EditRoomPage::sample(None))),
        (
            "room_edit_refused",
            html(&EditRoomPage::sample(Some("The photo is damaged or was cut off on the way."))),
        ),
        ("my_rooms", html(&MyRoomsPage::sample())),
        ("my_rooms_empty", html(&MyRoomsPage::sample_empty())),
        ("rooms_refused", html(&RoomsPage::sample_refused())),
        ("register", html(&RegisterPage::sample())),
        ("register_refused", html(&RegisterPage::sample_refused())),
        ("login_refused", html(&LoginPage::sample())),
        ("payment_open", html(&PaymentPage::sample(PaymentState::sample_open()))),
        ("payment_checking", html(&PaymentPage::sample(PaymentState::Checking))),
        ("payment_paid", html(&PaymentPage::sample(PaymentState::Paid))),
        ("payment_expired", html(&PaymentPage::sample(PaymentState::Expired))),
        ("payment_closed", html(&PaymentPage::sample(PaymentState::Closed))),
        ("payment_refunded", html(&PaymentPage::sample(PaymentState::Refunded))),
        ("pay_open", html(&PayPage::sample(PayState::sample_open()))),
        ("pay_closed", html(&PayPage::sample(PayState::Closed))),
        ("pay_checking", html(&PayPage::sample(PayState::Checking))),
        ("pay_refunded", html(&PayPage::sample(PayState::Refunded))),
        ("paid_elsewhere", html(&PaidElsewherePage::new(PaidElsewhere::Received))),
        ("paid_elsewhere_checking", html(&PaidElsewherePage::new(PaidElsewhere::Checking))),
        ("paid_elsewhere_not_paid", html(&PaidElsewherePage::new(PaidElsewhere::NotPaid))),
        ("paid_elsewhere_refunded", html(&PaidElsewherePage::new(PaidElsewhere::Refunded))),
        ("chats", html(&ChatsPage::sample())),
        ("chats_empty", html(&ChatsPage::sample_empty(false))),
        ("chats_empty_owner", html(&ChatsPage::sample_empty(true))),
        ("chat", html(&ChatPage::sample())),
        ("chat_empty", html(&ChatPage::sample_empty())),
        ("chat_blocked", html(&ChatPage::sample_closed(Closed::ByMe))),
        ("chat_closed_for_one", html(&ChatPage::sample_closed(Closed::ForOne))),
        ("chat_block", html(&ChatBlockPage::sample())),
        ("chat_report", html(&ChatReportPage::sample())),
        ("chat_report_refused", html(&ChatReportPage::sample_refused())),
        ("docs", html(&DocsPage::sample())),
        ("problem", html(&ProblemPage::sample())),
        ("offline", html(&OfflinePage::new())),
    ];
    pages.extend(pages_of_ones_own());
    pages.extend(pages_of_administrators());
    pages
}

fn pages_of_ones_own() -> Vec<(&'static str, String)> {
    vec![
        ("my_client", html(&ClientPage::sample())),
        ("my_client_empty", html(&ClientPage::sample_empty())),
        ("my_owner", html(&OwnerPage::sample())),
        ("my_owner_empty", html(&OwnerPage::sample_empty())),
        ("my_earnings", html(&EarningsPage::sample())),
        ("my_earnings_empty", html(&EarningsPage::sample_empty())),
        ("my_payments", html(&MyPaymentsPage::sample())),
        ("my_payments_empty", html(&MyPaymentsPage::sample_empty())),
        ("receipt_paid", html(&ReceiptPage::sample(Standing::Paid, false))),
        ("receipt_goes_back", html(&ReceiptPage::sample(Standing::Paid, true))),
        ("receipt_checking", html(&ReceiptPage::sample(Standing::Checking, false))),
        ("receipt_refunded", html(&ReceiptPage::sample(Standing::Refunded, false))),
        ("receipt_part_back", html(&ReceiptPage::sample(Standing::PartlyRefunded, false))),
        ("receipt_not_paid", html(&ReceiptPage::sample(Standing::NotPaid, false))),
        ("account", html(&AccountPage::sample())),
        ("account_refused", html(&AccountPage::sample_refused())),
    ]
}

fn pages_of_administrators() -> Vec<(&'static str, String)> {
    vec![
        ("admin_payments", html(&PaymentsPage::sample())),
        ("admin_payments_refused", html(&PaymentsPage::sample_refused())),
        ("admin_payment", html(&AdminPaymentPage::sample())),
        ("admin_payment_paid", html(&AdminPaymentPage::sample_paid())),
        ("admin_figures", html(&FiguresPage::sample())),
        ("admin_figures_refused", html(&FiguresPage::sample_refused())),
        ("admin_people", html(&PeoplePage::sample())),
        ("admin_people_refused", html(&PeoplePage::sample_refused())),
        ("admin_person", html(&PersonPage::sample())),
        ("admin_person_suspended", html(&PersonPage::sample_suspended())),
        ("admin_rooms", html(&AdminRoomsPage::sample())),
        ("admin_rooms_refused", html(&AdminRoomsPage::sample_refused())),
        ("admin_room", html(&AdminRoomPage::sample())),
        ("admin_room_suspended", html(&AdminRoomPage::sample_suspended())),
        ("admin_reports", html(&ReportsPage::sample())),
        ("admin_reports_empty", html(&ReportsPage::sample_empty())),
        ("admin_report", html(&ReportPage::sample())),
        ("admin_report_taken_back", html(&ReportPage::sample_taken_back())),
        ("admin_report_decided", html(&ReportPage::sample_decided())),
        ("admin_acts", html(&ActsPage::sample())),
        ("admin_acts_refused", html(&ActsPage::sample_refused())),
    ]
}

/// The rendered page; the tag of the assets is taken out, as it changes with every one of them.
fn html(page: &impl Template) -> String {
    page.render().unwrap().replace(&assets::url(""), "/static/TAG/")
}

#[test]
fn every_page_reads_as_agreed() {
    for (name, html) in pages() {
        insta::assert_snapshot!(name, html);
    }
}

#[test]
fn nepali_pages_read_as_agreed() {
    for (name, html) in in_language(Lang::Ne, pages) {
        insta::assert_snapshot!(format!("ne_{name}"), html);
    }
}

/// What people wrote in the samples, which stays in their own words; longer texts before their parts.
const WRITTEN: [&str; 33] = [
    "Sita &#60;i&#62;Sharma&#60;/i&#62;",
    "Kotha Admin",
    "&#60;i&#62;Sharma&#60;/i&#62;",
    "Hari &#34;&#60;Bahadur&#62;&#34;",
    "Hari &#60;Bahadur&#62;",
    "Hari is blocked.",
    "Ram Thapa",
    "Gita Rai",
    "Hari",
    "Deleted account",
    "Sunny room &#60;near&#62; the ring road",
    "Sunny room near the ring road",
    "Sunny room &#38; more",
    "Sunny room",
    "Two rooms &#38; kitchen",
    "Two rooms",
    "Flat in Patan",
    "Old house",
    "New &#60;Baneshwor&#62;, Kathmandu",
    "New Baneshwor, Kathmandu",
    "Second floor.\n&#60;b&#62;parking&#60;/b&#62;",
    "South-facing, second floor.",
    "Water every day &#38; &#60;b&#62;parking&#60;/b&#62;.",
    "House 12, Lane 4 &#60;near temple&#62;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "He wants money first.",
    "Is the room still free?",
    "Namaste! Is the room free?",
    "Is it free?",
    "Come on Saturday.",
    "Send &#60;b&#62;parking&#60;/b&#62; money first",
    "Send &#60;b&#62;all&#60;/b&#62; the money first",
    "&#60;/textarea&#62;",
];
/// What the samples are given in words already, as handlers find them in the catalogue.
const GIVEN: [&str; 18] = [
    "Today",
    "20 November",
    "22 November 2026 (6 Mangsir 2083 BS)",
    "Rs. 120.00 paid, Rs. 30.00 given back",
    "Month",
    "looking for a room",
    "The session has ended.",
    "Chrome on Android",
    "Ten digits, starting with 9",
    "Number or password is not right.",
    "must have at least 8 characters.",
    "is not right.",
    "is blocked.",
    "Too long.",
    "Write the rent as a number, like 12500",
    "Say where the room is",
    "The photo is damaged or was cut off on the way.",
    "Rent from must be an amount in rupees, such as 12000.00.",
];
/// Names that Nepali takes over as they are.
const NAMES: [&str; 6] = ["eSewa", "Kotha", "iPhone", "JPEG", "WebP", "EPAYTEST"];

#[test]
fn nothing_is_left_in_english_on_nepali_pages() {
    let mut left = Vec::new();
    for (name, html) in in_language(Lang::Ne, pages) {
        // What programs do is said in their language, and a problem in the words that it was given.
        if ["docs", "problem"].contains(&name) {
            continue;
        }
        for text in texts(&html) {
            let known = WRITTEN.iter().chain(&GIVEN);
            let text = known.fold(text.to_owned(), |text, known| text.replace(known, " "));
            let words = text.split(|c: char| !c.is_ascii_alphabetic());
            let words: Vec<_> = words.filter(|word| word.len() >= 4 && !NAMES.contains(word)).collect();
            if !words.is_empty() {
                left.push(format!("{name} has {words:?} in {text:?}"));
            }
        }
    }
    assert!(left.is_empty(), "{left:#?}");
}

/// What a page says: its text but for what is in another language, and the attributes that are read out.
fn texts(html: &str) -> Vec<&str> {
    let mut said = Vec::new();
    for tag in html.split('<') {
        let (tag, text) = tag.split_once('>').unwrap_or((tag, ""));
        for attribute in ["aria-label=\"", "alt=\"", "title=\"", "placeholder=\""] {
            said.extend(tag.split(attribute).nth(1).and_then(|rest| rest.split('"').next()));
        }
        // A sample's title was given to it.
        if !tag.contains(" lang=\"en\"") && tag != "title" {
            said.push(text);
        }
    }
    said
}

#[test]
fn nothing_a_person_wrote_becomes_markup() {
    for (name, html) in pages() {
        for hostile in ["<script>alert", "<Bahadur>", "<i>Sharma", "<b>parking", "<near", "</textarea><"] {
            assert!(!html.contains(hostile), "{name} lets {hostile:?} through");
        }
    }
}

#[test]
fn no_page_needs_inline_code_or_styles() {
    for (name, html) in pages() {
        for script in html.split("<script").skip(1) {
            let (tag, _) = script.split_once('>').unwrap();
            assert!(tag.contains("type=\"module\" src=\"/static/"), "{name}: {tag}");
        }
        for refused in [" style=", "<style", " onclick=", " onsubmit=", " onload=", "javascript:", "<iframe"]
        {
            assert!(!html.contains(refused), "{name} has {refused}");
        }
    }
}

#[test]
fn contact_is_only_where_it_was_opened() {
    for (name, html) in pages() {
        let shown = html.contains("9800000001") || html.contains("House 12");
        assert_eq!(shown, name == "room_unlocked", "{name}");
    }
}

#[test]
fn undecided_payment_offers_no_second_one() {
    for (name, html) in pages() {
        if name.starts_with("admin")
            || name.contains("checking")
            || name.contains("paid")
            || name.contains("closed")
        {
            assert!(!html.contains("data-esewa-form") && !html.contains("/unlock/"), "{name}");
        }
    }
}

#[test]
fn every_field_has_a_label() {
    for (name, html) in pages() {
        for tag in html.split('<').filter(|tag| tag.starts_with("input ") || tag.starts_with("textarea ")) {
            let free =
                ["hidden", "radio", "checkbox"].iter().any(|kind| tag.contains(&format!("type=\"{kind}\"")));
            let id = tag.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("none");
            assert!(free || html.contains(&format!("for=\"{id}\"")), "{name}: {tag}");
        }
    }
}
