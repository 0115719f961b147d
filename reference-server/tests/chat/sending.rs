//! Posting, retrying, changing, taking back: over HTTP.

use serde_json::json;

use crate::people::Pair;
use crate::support::TestServer;

#[tokio::test]
async fn message_has_every_field_of_the_contract() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let body = json!({ "room_id": pair.room, "content": "  Is it free? ", "client_message_id": "m-1" });
    let (status, message) = pair.client.post("/api/messages/send/", &body).await;
    assert_eq!(status, 201);
    let mut message = message;
    let (id, at) = (message["id"].take(), message["timestamp"].take());
    assert!(id.as_str().is_some_and(|id| id.len() == 36) && at.as_str().is_some_and(|at| at.ends_with('Z')));
    let expected = json!({
        "id": null, "seq": 1, "room_id": pair.room, "client_id": pair.client.id, "sender_id": pair.client.id,
        "receiver_id": pair.owner.id, "content": "Is it free?", "image": null, "image_width": null,
        "image_height": null, "read_status": false,
        "timestamp": null, "edited_at": null, "deleted": false, "client_message_id": "m-1",
    });
    assert_eq!(message, expected);
}

#[tokio::test]
async fn same_client_message_id_stores_once() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let body = json!({ "room_id": pair.room, "content": "once", "client_message_id": "same" });
    let (first_status, first) = pair.client.post("/api/messages/send/", &body).await;
    let (again_status, again) = pair.client.post("/api/messages/send/", &body).await;
    assert_eq!((first_status.as_u16(), again_status.as_u16()), (201, 200));
    assert_eq!(first, again);
    let other = json!({ "room_id": pair.room, "content": "twice", "client_message_id": "same" });
    let (status, problem) = pair.client.post("/api/messages/send/", &other).await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (409, Some("id_reused")));
    let (_, page) = pair.client.get(&pair.history_path()).await;
    assert_eq!(page["messages"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn concurrent_retries_get_one_answer() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let body = json!({ "room_id": pair.room, "content": "once", "client_message_id": "same" });
    let tries = (0..8).map(|_| pair.client.post("/api/messages/send/", &body));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1);
    assert!(answers.iter().all(|(_, message)| message["id"] == answers[0].1["id"]));
}

#[tokio::test]
async fn own_message_is_edited_and_taken_back() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let id = pair.client_says("frist").await["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/messages/{id}/");
    let (status, edited) = pair.client.send("PATCH", &path, &json!({ "content": "first" })).await;
    assert_eq!((status.as_u16(), edited["content"].as_str()), (200, Some("first")));
    assert!(edited["edited_at"].is_string());
    let (status, _) = pair.owner.send("PATCH", &path, &json!({ "content": "mine" })).await;
    assert_eq!(status, 403);
    for _ in 0..2 {
        assert_eq!(pair.client.send("DELETE", &path, &json!({})).await.0, 204);
    }
    let (_, page) = pair.owner.get(&format!("{}&client_id={}", pair.history_path(), pair.client.id)).await;
    let message = &page["messages"][0];
    assert_eq!((message["deleted"].as_bool(), message["content"].as_str()), (Some(true), Some("")));
    assert_eq!(page["last_seq"], 3);
    let (status, _) = pair.client.send("PATCH", &path, &json!({ "content": "back" })).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn unread_counts_follow_posts_and_marks() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    for text in ["one", "two", "three"] {
        pair.client_says(text).await;
    }
    let (_, unread) = pair.owner.get("/api/unread-count/").await;
    let line = json!({ "room_id": pair.room, "client_id": pair.client.id, "unread": 3 });
    assert_eq!(unread, json!({ "total": 3, "conversations": [line] }));
    let mark = |up_to| json!({ "room_id": pair.room, "client_id": pair.client.id, "up_to": up_to });
    for (up_to, left) in [(2, 1), (1, 1), (99, 0)] {
        let (status, answer) = pair.owner.post("/api/messages/read/", &mark(up_to)).await;
        assert_eq!((status.as_u16(), &answer["unread"]), (200, &json!(left)));
    }
    let (_, page) = pair.client.get(&pair.history_path()).await;
    assert_eq!(page["read"][&pair.owner.id], 3);
    assert!(
        page["messages"].as_array().expect("messages").iter().all(|message| message["read_status"] == true)
    );
    assert_eq!(pair.client.get("/api/unread-count/").await.1["total"], 0);
}
