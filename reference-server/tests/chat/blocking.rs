//! Who has had enough of the other, and who complains.

use serde_json::{Value, json};

use crate::people::{Pair, closed, frame_of, say};
use crate::support::TestServer;

fn from_owner(pair: &Pair) -> Value {
    json!({ "room_id": pair.room, "client_id": pair.client.id })
}

fn from_client(pair: &Pair) -> Value {
    json!({ "room_id": pair.room })
}

#[tokio::test]
async fn block_closes_the_others_socket_and_silences_both() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    pair.client_says("before").await;
    let mut client = pair.client_socket("").await;
    let mut owner = pair.owner_socket().await;
    frame_of(&mut client, "ready").await;
    frame_of(&mut owner, "ready").await;
    for _ in 0..2 {
        assert_eq!(pair.owner.post("/api/conversations/block/", &from_owner(&pair)).await.0, 204);
    }
    let (code, frames) = closed(&mut client).await;
    assert_eq!((code, frames.last()), (4403, Some(&json!({ "type": "revoked" }))));
    let again = pair.client.socket(&format!("/ws/chat/{}/", pair.room)).await;
    assert_eq!(again.err().map(|status| status.as_u16()), Some(403));
    let (status, problem) =
        pair.client.post("/api/messages/send/", &json!({ "room_id": pair.room, "content": "listen!" })).await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (403, Some("forbidden")));
    // Whoever blocked keeps their connection, but does not talk to a wall.
    say(&mut owner, &json!({ "type": "message", "client_message_id": "1", "content": "x" })).await;
    let error = frame_of(&mut owner, "error").await;
    assert_eq!((error["code"].as_str(), error.get("retry_ms")), (Some("blocked"), None));
    assert_eq!(pair.client.get(&pair.history_path()).await.1["messages"][0]["content"], "before");
}

#[tokio::test]
async fn unblocking_takes_back_ones_own_block_only() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    assert_eq!(pair.owner.post("/api/conversations/block/", &from_owner(&pair)).await.0, 204);
    assert_eq!(pair.client.post("/api/conversations/block/", &from_client(&pair)).await.0, 204);
    assert_eq!(pair.client.post("/api/conversations/unblock/", &from_client(&pair)).await.0, 204);
    let words = json!({ "room_id": pair.room, "content": "hello?" });
    assert_eq!(pair.client.post("/api/messages/send/", &words).await.0, 403);
    for _ in 0..2 {
        assert_eq!(pair.owner.post("/api/conversations/unblock/", &from_owner(&pair)).await.0, 204);
    }
    assert_eq!(pair.client.post("/api/messages/send/", &words).await.0, 201);
    frame_of(&mut pair.client_socket("").await, "ready").await;
}

#[tokio::test]
async fn blocked_person_does_not_see_whether_the_other_is_there() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let mut owner = pair.owner_socket().await;
    frame_of(&mut owner, "ready").await;
    let online =
        async || pair.client.get("/api/conversations/").await.1["conversations"][0]["online"].clone();
    assert_eq!(online().await, true);
    assert_eq!(pair.owner.post("/api/conversations/block/", &from_owner(&pair)).await.0, 204);
    assert_eq!(online().await, false);
}

#[tokio::test]
async fn block_belongs_to_one_conversation() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let other = server.client().await;
    crate::people::unlock(&server, &other, &pair.room).await;
    assert_eq!(pair.owner.post("/api/conversations/block/", &from_owner(&pair)).await.0, 204);
    let words = json!({ "room_id": pair.room, "content": "hello" });
    assert_eq!(other.post("/api/messages/send/", &words).await.0, 201);
}

#[tokio::test]
async fn report_names_a_message_of_the_conversation() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let message = pair.owner_says("rude").await;
    let other = Pair::new(&server).await;
    let foreign = other.owner_says("not theirs").await;
    let report =
        |id: &Value, reason: &str| json!({ "room_id": pair.room, "message_id": id, "reason": reason });
    let path = "/api/conversations/report/";
    for reason in ["insulting", "insulting, again", ""] {
        assert_eq!(pair.client.post(path, &report(&message["id"], reason)).await.0, 204);
    }
    assert_eq!(pair.client.post(path, &from_client(&pair)).await.0, 204, "the conversation as a whole");
    assert_eq!(pair.client.post(path, &report(&foreign["id"], "x")).await.0, 404);
    assert_eq!(pair.client.post(path, &report(&json!("nonsense"), "x")).await.0, 404);
    let (status, problem) = pair.client.post(path, &report(&message["id"], &"क".repeat(1_001))).await;
    assert_eq!((status.as_u16(), problem["errors"][0]["field"].as_str()), (422, Some("reason")));
}

#[tokio::test]
async fn strangers_can_neither_block_nor_report() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    for action in ["block", "unblock", "report"] {
        let path = format!("/api/conversations/{action}/");
        assert_eq!(server.visitor().post(&path, &from_client(&pair)).await.0, 401);
        assert_eq!(server.owner().await.post(&path, &from_owner(&pair)).await.0, 404);
        assert_eq!(server.client().await.post(&path, &from_client(&pair)).await.0, 402);
    }
    frame_of(&mut pair.client_socket("").await, "ready").await;
}
