//! The pages of administrators in Nepali: asked for by the browser, chosen by the switch, and nothing left in English.

use serde_json::json;

use crate::browser::{open, submit};
use crate::support::{Person, Scene};

/// What people and ids say in the scene, which stays as it is.
const WRITTEN: [&str; 14] = [
    "Asmita Rai",
    "Sarita Maharjan",
    "Kotha Admin",
    "Bright corner room",
    "Shankhamul",
    "Baneshwor",
    "Fourth floor with a balcony.",
    "Kathmandu",
    "Pay me first",
    "Not nice",
    "Seen there",
    "The room was let",
    "status=success",
    "eSewa",
];

async fn in_nepali(who: &Person, method: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let request = who.request(method, path).header("accept", "text/html").header("accept-language", "ne");
    let request = if method == "POST" { request.form(fields) } else { request };
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a page"))
}

/// The English words of a page's text, but for `Kotha`, what people wrote, and what is marked as English.
fn english_words(html: &str) -> Vec<String> {
    let mut left = Vec::new();
    for tag in html.split('<') {
        let Some((tag, text)) = tag.split_once('>') else { continue };
        if tag.contains(" lang=\"en\"") {
            continue;
        }
        let text = WRITTEN.iter().fold(text.to_owned(), |text, written| text.replace(written, " "));
        let text: Vec<_> = text.split_whitespace().collect();
        // Ids have digits or lines in them.
        let words = text.iter().filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
        let words = words.flat_map(|word| word.split(|c: char| !c.is_ascii_alphabetic()));
        left.extend(words.filter(|word| word.len() >= 4 && *word != "Kotha").map(str::to_owned));
    }
    left
}

/// A payment with a long trail and every kind of act, a report, a suspended person and a suspended room.
async fn busy_scene() -> (Scene, Person, String) {
    let scene = Scene::start().await;
    scene.client.follow(&scene.server.payer().pay(&scene.intent).await).await;
    let body = json!({ "room_id": scene.room, "content": "Pay me first", "client_message_id": "m-1" });
    let (_, message) = scene.client.post("/api/messages/send/", &body).await;
    let report = json!({ "room_id": scene.room, "message_id": message["id"], "reason": "Not nice." });
    assert_eq!(scene.client.post("/api/conversations/report/", &report).await.0, 204);
    let admin = scene.server.admin().await;
    let payment = format!("/admin/payments/{}/", scene.id());
    let refund = [("amount", "30.00"), ("reason", "The room was let.")];
    submit(&admin, &format!("{payment}refund/"), &refund).await;
    scene.server.payer().end(&scene.intent, "partial_refund").await;
    for _ in 0..2 {
        submit(&admin, &format!("{payment}recheck/"), &[]).await;
    }
    let reason = [("reason", "Seen there.")];
    submit(&admin, &format!("/admin/rooms/{}/suspend/", scene.room), &reason).await;
    submit(&admin, &format!("/admin/users/{}/suspend/", scene.client.id), &reason).await;
    let file = admin.request("GET", "/admin/payments/export/?status=success").send().await;
    assert_eq!(file.expect("an answer").status(), 200);
    let list = open(&admin, "/admin/reports/").await.html;
    let (_, rest) = list.split_once("href=\"/admin/reports/0").expect("a report");
    let report = format!("/admin/reports/0{}", rest.split_once('"').expect("its end").0);
    (scene, admin, report)
}

#[tokio::test]
async fn nothing_is_left_in_english() {
    let (scene, admin, report) = busy_scene().await;
    let payment = format!("/admin/payments/{}/", scene.id());
    let (person, room) =
        (format!("/admin/users/{}/", scene.client.id), format!("/admin/rooms/{}/", scene.room));
    let lists =
        ["/admin/", "/admin/payments/", "/admin/users/", "/admin/rooms/", "/admin/reports/?state=all"];
    let wrong = [
        "/admin/?day=tomorrow",
        "/admin/payments/?status=paid&from=x&to=y",
        "/admin/payments/export/?from=x",
        "/admin/users/?role=king&standing=x",
        "/admin/rooms/?standing=sold",
        "/admin/reports/?state=x",
        "/admin/acts/?act=x&admin=y&from=z",
        "/admin/acts/?cursor=x",
    ];
    for path in lists.into_iter().chain([&*payment, &report, &person, &room, "/admin/acts/"]).chain(wrong) {
        let (status, page) = in_nepali(&admin, "GET", path, &[]).await;
        assert_eq!(status >= 400, wrong.contains(&path), "{path}: {page}");
        assert!(page.contains("<html lang=\"ne\">"), "{path}: {page}");
        assert_eq!(english_words(&page), Vec::<String>::new(), "{path}: {page}");
    }
    let (_, page) = in_nepali(&admin, "GET", &payment, &[]).await;
    for text in ["समीक्षामा", "रु. ३०.००", "तिर्ने मान्छे फर्किए", "फिर्ता गर्न भनियो: रु. ३०.००", "(सन् "]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
    let (_, figures) = in_nepali(&admin, "GET", "/admin/", &[]).await;
    assert_eq!(figures.matches("</td>").count(), 26);
    assert!(!figures.contains(".00<") && !figures.contains(">0<") && !figures.contains(">1<"), "{figures}");
    let (_, log) = in_nepali(&admin, "GET", "/admin/acts/", &[]).await;
    assert!(log.contains("रु. ३०.००: The room was let.") && log.contains("कोठा निलम्बन गरियो"), "{log}");
}

#[tokio::test]
async fn refusals_say_why_in_nepali() {
    let (scene, admin, report) = busy_scene().await;
    let payment = format!("/admin/payments/{}/", scene.id());
    let empty = [("verdict", ""), ("reason", ""), ("amount", "")];
    for (path, fields) in [
        (format!("{payment}resolve/"), &empty[..]),
        (format!("{payment}refund/"), &[("amount", "31"), ("reason", "x")]),
        (format!("/admin/users/{}/lift/", scene.client.id), &empty),
        (format!("/admin/rooms/{}/lift/", scene.room), &empty),
        (format!("{report}decide/"), &empty),
    ] {
        let (status, page) = in_nepali(&admin, "POST", &path, fields).await;
        assert_eq!((status, page.contains("-error\"")), (422, true), "{path}: {page}");
        assert_eq!(english_words(&page), Vec::<String>::new(), "{path}: {page}");
    }
    let again = [("reason", "Seen there.")];
    let suspend = format!("/admin/users/{}/suspend/", scene.client.id);
    let (status, page) = in_nepali(&admin, "POST", &suspend, &again).await;
    assert!(status == 409 && page.contains("यो व्यक्ति पहिल्यै निलम्बित छ।"), "{page}");
    let (status, page) = in_nepali(&scene.server.visitor(), "POST", &suspend, &again).await;
    assert!(status == 404 && page.contains("<html lang=\"ne\">") && page.contains("भेटिएन"), "{page}");
}

#[tokio::test]
async fn administrator_switches_the_language_like_everybody() {
    let scene = Scene::start().await;
    let admin = scene.server.admin().await;
    let page = open(&admin, "/admin/").await.html;
    assert!(page.contains("<html lang=\"en\">") && page.contains("action=\"/language/\""), "{page}");
    let switch = admin.request("POST", "/language/").form(&[("lang", "ne")]);
    let answer = switch.header("referer", scene.server.url("/admin/acts/?act=refund")).send().await;
    assert_eq!(answer.expect("an answer").headers()["location"], "/admin/acts/?act=refund");
    let page = open(&admin, "/admin/acts/?act=refund").await.html;
    assert!(page.contains("<html lang=\"ne\">") && page.contains("कामको अभिलेख"), "{page}");
    assert_eq!(submit(&admin, "/language/", &[("lang", "en")]).await.status, 303);
    assert!(open(&admin, "/admin/acts/").await.html.contains("Log of acts"));
}

#[tokio::test]
async fn programs_of_administrators_read_the_same_in_every_language() {
    let scene = Scene::start().await;
    let admin = scene.server.admin().await;
    for lang in ["en", "ne"] {
        let request = admin.request("GET", "/api/admin/payments/?from=yesterday&q=%01");
        let answer = request.header("accept-language", lang).send().await.expect("an answer");
        let body: serde_json::Value = answer.json().await.expect("JSON");
        assert_eq!(body["errors"][0]["message"], "has a character that can't be shown.", "{body}");
        assert_eq!(body["errors"][1]["message"], "must be a day, such as 2026-11-22.", "{body}");
    }
}
