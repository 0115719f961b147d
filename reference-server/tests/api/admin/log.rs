//! The log of acts, by act, administrator, subject and day.

use serde_json::{Value, json};

use crate::support::Scene;

#[tokio::test]
async fn acts_are_found_by_what_by_whom_on_what_and_when() {
    let scene = Scene::start().await;
    let admin = scene.server.admin().await;
    let because = json!({ "reason": "Because." });
    let client = &scene.client.id;
    for path in [
        format!("/api/admin/payments/{}/recheck/", scene.id()),
        format!("/api/admin/users/{client}/suspend/"),
        format!("/api/admin/users/{client}/lift/"),
        format!("/api/admin/rooms/{}/suspend/", scene.room),
    ] {
        assert_eq!(admin.post(&path, &because).await.0, 200, "{path}");
    }
    for (query, expected) in [
        (String::new(), vec!["suspend_room", "lift_user", "suspend_user", "recheck"]),
        ("act=recheck".to_owned(), vec!["recheck"]),
        ("act=export".to_owned(), vec![]),
        (format!("q={client}"), vec!["lift_user", "suspend_user"]),
        (format!("q={client}&act=suspend_user"), vec!["suspend_user"]),
        (format!("admin={}", admin.id), vec!["suspend_room", "lift_user", "suspend_user", "recheck"]),
        (format!("admin={client}"), vec![]),
        (
            "from=2000-01-01&to=2100-01-01".to_owned(),
            vec!["suspend_room", "lift_user", "suspend_user", "recheck"],
        ),
        ("to=2000-01-01".to_owned(), vec![]),
    ] {
        let (status, body) = admin.get(&format!("/api/admin/acts/?{query}")).await;
        assert_eq!(status, 200, "{body}");
        let acts: Vec<_> = body["acts"].as_array().expect("acts").iter().map(|act| &act["act"]).collect();
        assert_eq!(acts, expected, "{query}");
    }
    for wrong in ["act=shout", "admin=me", "from=today", "from=2026-02-02&to=2026-02-01"] {
        let (status, problem) = admin.get(&format!("/api/admin/acts/?{wrong}")).await;
        assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("invalid_field")), "{wrong}");
    }
    assert_eq!(admin.get("/api/admin/acts/?cursor=x").await.0, 400);
    let (_, last) = admin.get("/api/admin/acts/").await;
    assert_eq!(last["next_cursor"], Value::Null);
}
