//! Bad input has a stable code, never a 500, and no effect on others.

use futures_util::SinkExt as _;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::people::{Pair, Socket, closed, frame_of, say};
use crate::support::{TestServer, next_frame, read};

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let post = |body: Vec<u8>, kind: &'static str| {
        read(pair.client.request("POST", "/api/messages/send/").header("content-type", kind).body(body))
    };
    let json_type = "application/json";
    for body in [
        &b"{"[..],
        b"",
        b"[]",
        b"null",
        b"{\"room_id\":7,\"content\":\"x\"}",
        b"{\"room_id\":\"x\"}",
        b"\xff\xfe",
    ] {
        let (status, problem) = post(body.to_vec(), json_type).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (400, Some("invalid_body")), "{body:?}");
    }
    let mut invalid_text = format!("{{\"room_id\":\"{}\",\"content\":\"", pair.room).into_bytes();
    invalid_text.extend(b"\xc3\x28\"}");
    assert_eq!(post(invalid_text, json_type).await.0, 400);
    let (status, problem) = post(vec![b' '; 70_000], json_type).await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (413, Some("too_large")));
    for kind in ["multipart/form-data; boundary=x", "multipart/form-data"] {
        let (status, problem) = post(b"{}".to_vec(), kind).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (400, Some("invalid_body")), "{kind}");
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let (status, problem) = post(b"{}".to_vec(), kind).await;
        assert_eq!(
            (status.as_u16(), problem["code"].as_str()),
            (415, Some("unsupported_media_type")),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn fields_out_of_bounds_are_named() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let send = async |content: &str, id: &str| {
        let body = json!({ "room_id": pair.room, "content": content, "client_message_id": id });
        let (status, problem) = pair.client.post("/api/messages/send/", &body).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (422, Some("invalid_field")), "{problem}");
        problem["errors"][0]["field"].as_str().expect("a field").to_owned()
    };
    for content in ["", "   ", "\u{0}", &"x".repeat(4_001)] {
        assert_eq!(send(content, "ok").await, "content");
    }
    for id in ["", "two words", "ü", &"x".repeat(65)] {
        assert_eq!(send("fine", id).await, "client_message_id");
    }
}

#[tokio::test]
async fn queries_that_cannot_be_read_are_refused() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    for query in
        ["limit=0", "limit=101", "limit=x", "before=-1", "after=1.5", "before=1&after=2", "before=%ff"]
    {
        let (status, problem) = pair.client.get(&format!("{}&{query}", pair.history_path())).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (400, Some("invalid_query")), "{query}");
    }
    assert_eq!(pair.client.get("/api/messages/").await.0, 400);
    assert_eq!(pair.client.get("/api/messages/?room_id=nonsense").await.0, 404);
    for id in ["nonsense", "%ff", "00000000-0000-0000-0000-000000000000"] {
        let path = format!("/api/messages/{id}/");
        assert_eq!(pair.client.send("PATCH", &path, &json!({ "content": "x" })).await.0, 404, "{id}");
    }
    let huge = format!("{}&before={}", pair.history_path(), u64::MAX);
    assert_eq!(pair.client.get(&huge).await.0, 200);
}

#[tokio::test]
async fn garbage_on_the_socket_closes_it_with_its_code() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let mut witness = pair.owner_socket().await;
    let text = OpCode::Data(Data::Text);
    let cases = [
        (Message::text("not json"), 4422),
        (Message::text("[1,2]"), 4422),
        (Message::binary(vec![0, 159, 146, 150]), 4422),
        (Message::text("x".repeat(17 * 1024)), 1009),
        (Message::text("x".repeat(65 * 1024)), 1009),
        (Message::Frame(Frame::message(&b"{\"type\":\"\xc3\x28\"}"[..], text, true)), 4422),
    ];
    for (message, wanted) in cases {
        let mut socket = pair.client_socket("").await;
        frame_of(&mut socket, "ready").await;
        let described = format!("{} bytes", message.len());
        socket.send(message).await.expect("sent");
        assert_eq!(closed(&mut socket).await.0, wanted, "{described}");
    }
    pair.client_says("nothing happened").await;
    assert_eq!(frame_of(&mut witness, "message").await["message"]["seq"], 1);
}

#[tokio::test]
async fn wrong_frames_are_answered_and_the_socket_lives() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let mut socket = pair.client_socket("").await;
    let cases = [
        (json!({ "type": "dance" }), "invalid_frame"),
        (json!({ "content": "no type" }), "invalid_frame"),
        (json!({ "type": "message", "content": "no id" }), "invalid_frame"),
        (json!({ "type": "message", "client_message_id": "1", "content": 7 }), "invalid_frame"),
        (json!({ "type": "message", "client_message_id": "a b", "content": "x" }), "invalid_field"),
        (json!({ "type": "message", "client_message_id": "2", "content": "  " }), "invalid_field"),
        (
            json!({ "type": "message", "client_message_id": "3", "content": "y".repeat(4_001) }),
            "invalid_field",
        ),
        (
            json!({ "type": "message", "client_message_id": "4", "content": "x", "image": "/etc/passwd" }),
            "invalid_field",
        ),
        (json!({ "type": "edit", "client_message_id": "5", "seq": 99, "content": "x" }), "not_found"),
        (json!({ "type": "delete", "client_message_id": "6", "seq": 0 }), "not_found"),
    ];
    for (frame, code) in cases {
        say(&mut socket, &frame).await;
        let error = frame_of(&mut socket, "error").await;
        assert_eq!(error["code"], code, "{frame}");
        assert!(error["detail"].is_string() && error.get("retry_ms").is_none());
    }
    say(&mut socket, &json!({ "type": "message", "client_message_id": "ok", "content": "fine", "more": 1 }))
        .await;
    assert_eq!(frame_of(&mut socket, "ack").await["seq"], 1);
}

/// Several sockets at once, so that a slow disk doesn't slow the hurry down by itself.
#[tokio::test]
async fn hurry_is_slowed_down_and_flood_is_ended() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let refusals = futures_util::future::join_all((0..4).map(|socket| hurry(&pair, socket))).await;
    let refusal = refusals.into_iter().flatten().next().expect("the limit applies");
    assert_eq!(refusal["code"], "rate_limited");
    assert!(refusal["retry_ms"].as_u64().is_some_and(|ms| ms > 0 && ms <= 1_000));
    let mut witness = pair.owner_socket().await;
    for message in [Message::text(r#"{"type":"ping"}"#), Message::Ping("x".into()), Message::Pong("x".into())]
    {
        let mut socket = pair.client_socket("").await;
        flood(&mut socket, &message).await;
        assert_eq!(closed(&mut socket).await.0, 4429, "{message:?}");
    }
    let mut notices = pair.client.socket("/ws/payment/").await.expect("an upgrade");
    flood(&mut notices, &Message::Ping("x".into())).await;
    assert_eq!(closed(&mut notices).await.0, 4429);
    let said = pair.owner_says("nothing happened").await;
    while frame_of(&mut witness, "message").await["message"]["id"] != said["id"] {}
}

async fn flood(socket: &mut Socket, message: &Message) {
    for _ in 0..400 {
        // The server may have closed already.
        let _ = socket.send(message.clone()).await;
    }
}

/// Sends without waiting, and reads until all of it was answered; the first refusal.
async fn hurry(pair: &Pair, name: u32) -> Option<Value> {
    let mut socket = pair.client_socket("").await;
    for number in 0..15 {
        let id = format!("{name}-{number}");
        say(&mut socket, &json!({ "type": "message", "client_message_id": id, "content": "x" })).await;
    }
    let (mut answers, mut refusal) = (0, None);
    while answers < 15 {
        let frame = next_frame(&mut socket).await;
        let refused = frame["type"] == "error";
        answers += u32::from(refused || frame["type"] == "ack");
        if refused && refusal.is_none() {
            refusal = Some(frame);
        }
    }
    refusal
}
