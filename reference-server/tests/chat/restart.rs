//! What was acknowledged is there after a restart on the same file, and open sockets are told to come back.

use serde_json::json;

use crate::people::{Pair, closed, frame_of, say};
use crate::support::TestServer;

#[tokio::test]
async fn history_survives_a_restart() {
    let server = TestServer::start().await;
    let mut pair = Pair::new(&server).await;
    let body = json!({ "room_id": pair.room, "content": "kept", "client_message_id": "k" });
    let (_, sent) = pair.client.post("/api/messages/send/", &body).await;
    pair.owner_says("me too").await;
    let (_, before) = pair.client.get(&pair.history_path()).await;
    let server = server.restart().await;
    pair.client.move_to(&server.url(""));
    let (status, after) = pair.client.get(&pair.history_path()).await;
    assert_eq!(status, 200);
    assert_eq!(before, after);
    let (status, again) = pair.client.post("/api/messages/send/", &body).await;
    assert_eq!(status, 200);
    assert_eq!(again["id"], sent["id"]);
}

#[tokio::test]
async fn socket_is_told_to_come_back_and_resumes() {
    let server = TestServer::start().await;
    let mut pair = Pair::new(&server).await;
    let mut socket = pair.client_socket("").await;
    let ready = frame_of(&mut socket, "ready").await;
    say(&mut socket, &json!({ "type": "message", "client_message_id": "1", "content": "before" })).await;
    frame_of(&mut socket, "ack").await;
    pair.owner_says("unseen").await;
    let restarting = tokio::spawn(server.restart());
    let (code, frames) = closed(&mut socket).await;
    assert_eq!(code, 1012);
    let bye = frames.iter().find(|frame| frame["type"] == "bye").expect("a bye");
    assert!(bye["retry_ms"].as_u64().is_some_and(|ms| ms >= 500));
    let server = restarting.await.expect("restarted");
    pair.client.move_to(&server.url(""));
    let mut socket = pair.client_socket(&format!("epoch={}&after=1", ready["epoch"])).await;
    assert_eq!(frame_of(&mut socket, "ready").await["resumed"], true);
    let missed = frame_of(&mut socket, "message").await;
    assert_eq!((&missed["message"]["seq"], &missed["message"]["content"]), (&json!(2), &json!("unseen")));
}
