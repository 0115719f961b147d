//! Names, titles and places: one line that can be seen, and that leaves what stands beside it as it is.

use serde_json::{Value, json};

use crate::support::{Person, TestServer, listing};

/// A text, and what is said of it.
const WRONG: [(&str, &str); 7] = [
    ("Hari\nBahadur", "must be one line."),
    ("Hari\u{2028}Bahadur", "must be one line."),
    ("Hari\u{1b}[2J", "has a character that can't be shown."),
    ("Hari\tBahadur", "has a character that can't be shown."),
    ("Hari\u{202e}rudahaB", "has a character that can't be shown."),
    ("Hari \u{2066}Bahadur", "has a character that can't be shown."),
    ("\u{200b}\u{200d}\u{feff}", "has nothing that can be seen."),
];
/// Both joiners, as Nepali is typed.
const NEPALI: &str = "गर्\u{200d}यो नेपाल्\u{200c}को";

async fn refused(who: &Person, (method, path): (&str, &str), body: &Value, (field, message): (&str, &str)) {
    let (status, problem) = who.send(method, path, body).await;
    let expected = json!([{ "field": field, "message": message }]);
    assert_eq!((status.as_u16(), &problem["errors"]), (422, &expected), "{body}");
}

#[tokio::test]
async fn name_of_a_person_is_one_line_that_can_be_seen() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let person = |name: &str| json!({ "role": "client", "name": name, "phone": "9812345678", "password": "correct horse" });
    for (name, message) in WRONG {
        refused(&visitor, ("POST", "/api/register/"), &person(name), ("name", message)).await;
    }
    let (status, user) = visitor.post("/api/register/", &person(NEPALI)).await;
    assert_eq!((status.as_u16(), &user["name"]), (201, &json!(NEPALI)));
}

#[tokio::test]
async fn title_and_place_of_a_room_are_too_and_its_description_has_lines() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let path = format!("/api/rooms/{room}/");
    for field in ["title", "city", "area", "address"] {
        for (text, message) in WRONG {
            let mut new = listing();
            new[field] = json!(text);
            refused(&owner, ("POST", "/api/rooms/"), &new, (field, message)).await;
            refused(&owner, ("PATCH", &path), &json!({ field: text }), (field, message)).await;
        }
    }
    let two_lines = format!("{NEPALI}\n\tSunny.");
    let change = json!({ "title": NEPALI, "address": NEPALI, "description": two_lines });
    let (status, changed) = owner.send("PATCH", &path, &change).await;
    assert_eq!(
        (status.as_u16(), &changed["title"], &changed["description"]),
        (200, &json!(NEPALI), &json!(two_lines))
    );
    for (text, message) in &WRONG[4..] {
        refused(&owner, ("PATCH", &path), &json!({ "description": text }), ("description", message)).await;
    }
}
