//! Who may not, what they are told, and that they never see a frame.

use axum::http::StatusCode;
use serde_json::json;

use crate::people::{Pair, closed, frame_of, unlock};
use crate::support::TestServer;

#[tokio::test]
async fn another_client_gets_an_offer_and_never_a_frame() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    pair.client_says("for the owner only").await;
    let other = server.client().await;
    let (status, problem) = other.get(&pair.history_path()).await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (402, Some("payment_required")));
    assert_eq!(problem["checkout"]["body"]["room_id"], pair.room);
    let (status, _) =
        other.post("/api/messages/send/", &json!({ "room_id": pair.room, "content": "x" })).await;
    assert_eq!(status, 402);
    let refused = other.socket(&format!("/ws/chat/{}/", pair.room)).await;
    assert_eq!(refused.err(), Some(StatusCode::PAYMENT_REQUIRED));
    let as_the_first = format!("/ws/chat/{}/?client_id={}", pair.room, pair.client.id);
    assert_eq!(other.socket(&as_the_first).await.err(), Some(StatusCode::NOT_FOUND));
    assert_eq!(other.get("/api/unread-count/").await.1["total"], 0);
    unlock(&server, &other, &pair.room).await;
    let (_, page) = other.get(&pair.history_path()).await;
    assert_eq!(page["messages"], json!([]), "their own conversation, not the first client's");
}

#[tokio::test]
async fn anyone_else_finds_nothing() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let message = pair.client_says("private").await;
    let path = format!("{}&client_id={}", pair.history_path(), pair.client.id);
    let stranger = server.owner().await;
    assert_eq!(stranger.get(&path).await.0, 404);
    assert_eq!(stranger.get(&pair.history_path()).await.0, 404);
    let id = message["id"].as_str().expect("an id");
    for person in [&stranger, &server.client().await] {
        let change = json!({ "content": "mine" });
        assert_eq!(person.send("PATCH", &format!("/api/messages/{id}/"), &change).await.0, 404);
        assert_eq!(person.send("DELETE", &format!("/api/messages/{id}/"), &change).await.0, 404);
    }
    let socket = stranger.socket(&format!("/ws/chat/{}/?client_id={}", pair.room, pair.client.id)).await;
    assert_eq!(socket.err(), Some(StatusCode::NOT_FOUND));
    let visitor = server.visitor();
    assert_eq!(visitor.get(&path).await.0, 401);
    assert_eq!(visitor.get("/api/unread-count/").await.0, 401);
    assert_eq!(visitor.get("/api/conversations/").await.0, 401);
    let socket = visitor.socket(&format!("/ws/chat/{}/", pair.room)).await;
    assert_eq!(socket.err(), Some(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn owner_names_a_client_who_paid() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let (status, problem) = pair.owner.get(&pair.history_path()).await;
    assert_eq!((status.as_u16(), problem["errors"][0]["field"].as_str()), (422, Some("client_id")));
    let unpaid = server.client().await;
    assert_eq!(pair.owner.get(&format!("{}&client_id={}", pair.history_path(), unpaid.id)).await.0, 404);
    assert_eq!(pair.owner.get(&format!("{}&client_id=nonsense", pair.history_path())).await.0, 404);
    // The owner may speak first.
    assert_eq!(pair.owner_says("Welcome").await["seq"], 1);
}

#[tokio::test]
async fn page_of_another_site_opens_no_socket() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let path = format!("/ws/chat/{}/", pair.room);
    for origin in ["https://evil.example", "null"] {
        let refused = pair.client.socket_from(&path, Some(origin)).await;
        assert_eq!(refused.err(), Some(StatusCode::FORBIDDEN), "{origin}");
    }
}

/// Browsers always say where from; the programs that a person runs need not.
#[tokio::test]
async fn trusted_page_and_program_without_an_origin_open_a_socket() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    for path in [&format!("/ws/chat/{}/", pair.room), "/ws/payment/"] {
        for origin in [Some("https://partner.example"), None] {
            assert!(pair.client.socket_from(path, origin).await.is_ok(), "{path} {origin:?}");
        }
    }
}

#[tokio::test]
async fn refund_closes_the_socket_within_a_second() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let client = server.client().await;
    let intent = unlock(&server, &client, &room).await;
    let pair = Pair { owner, client, room };
    let mut socket = pair.client_socket("").await;
    frame_of(&mut socket, "ready").await;
    server.payer().end(&intent, "full_refund").await;
    let id = json!({ "transaction_id": intent["transaction_id"] });
    assert_eq!(server.visitor().post("/esewa-webhook/", &id).await.1["status"], "refunded");
    let told = std::time::Instant::now();
    let (code, frames) = closed(&mut socket).await;
    assert_eq!(code, 4402);
    assert_eq!(frames.last(), Some(&json!({ "type": "revoked" })));
    assert!(told.elapsed() < std::time::Duration::from_millis(1_500), "{:?}", told.elapsed());
    assert_eq!(pair.client.get(&pair.history_path()).await.0, 402);
    let to_nobody = json!({ "room_id": pair.room, "client_id": pair.client.id, "content": "x" });
    assert_eq!(pair.owner.post("/api/messages/send/", &to_nobody).await.0, 403);
}
