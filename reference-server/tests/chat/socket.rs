//! The socket's frames, in the words of the contract.

use chat_core::{Append, ChatStore as _, ClientMessageId, ConversationId, MessageId, Op, UserId};
use futures_util::SinkExt as _;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::people::{Pair, Socket, closed, frame_of, say};
use crate::support::{TestServer, next_frame};

async fn both(server: &TestServer) -> (Pair, Socket, Socket) {
    let pair = Pair::new(server).await;
    let mut client = pair.client_socket("").await;
    frame_of(&mut client, "ready").await;
    let mut owner = pair.owner_socket().await;
    frame_of(&mut owner, "ready").await;
    (pair, client, owner)
}

#[tokio::test]
async fn ready_says_where_the_log_stands() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    pair.client_says("one").await;
    let mut socket = pair.client_socket("").await;
    let ready = next_frame(&mut socket).await;
    assert_eq!(ready["type"], "ready");
    assert_eq!((&ready["room_id"], &ready["client_id"]), (&json!(pair.room), &json!(pair.client.id)));
    assert_eq!(
        (&ready["last_seq"], &ready["oldest"], &ready["resumed"]),
        (&json!(1), &json!(1), &json!(false))
    );
    assert_eq!(ready["online"], json!([pair.client.id]));
    assert_eq!(ready["read"][&pair.owner.id], 0);
    assert!(ready["epoch"].as_u64().is_some_and(|epoch| epoch > 0 && epoch < 1 << 53));
    assert_eq!(ready["limits"]["frame_bytes_max"], 16_384);
}

#[tokio::test]
async fn message_reaches_both_and_is_acknowledged() {
    let server = TestServer::start().await;
    let (pair, mut client, mut owner) = both(&server).await;
    say(&mut client, &json!({ "type": "message", "client_message_id": "c1", "content": "नमस्ते" })).await;
    let ack = frame_of(&mut client, "ack").await;
    assert_eq!(
        (&ack["client_message_id"], &ack["seq"], &ack["duplicate"]),
        (&json!("c1"), &json!(1), &json!(false))
    );
    let echo = frame_of(&mut client, "message").await;
    let heard = frame_of(&mut owner, "message").await;
    assert_eq!(echo, heard);
    assert_eq!((&heard["message"]["content"], &heard["message"]["id"]), (&json!("नमस्ते"), &ack["id"]));
    assert_eq!(heard["message"]["receiver_id"], pair.owner.id);
    say(&mut client, &json!({ "type": "message", "client_message_id": "c1", "content": "नमस्ते" })).await;
    assert_eq!(frame_of(&mut client, "ack").await["duplicate"], true);
    say(&mut client, &json!({ "type": "message", "client_message_id": "c1", "content": "other" })).await;
    let error = frame_of(&mut client, "error").await;
    assert_eq!((&error["code"], &error["client_message_id"]), (&json!("id_reused"), &json!("c1")));
    assert!(error.get("retry_ms").is_none(), "a final refusal");
}

#[tokio::test]
async fn edits_and_deletes_are_entries_of_the_log() {
    let server = TestServer::start().await;
    let (_pair, mut client, mut owner) = both(&server).await;
    for frame in [
        json!({ "type": "message", "client_message_id": "1", "content": "frist" }),
        json!({ "type": "edit", "client_message_id": "2", "seq": 1, "content": "first" }),
    ] {
        say(&mut client, &frame).await;
    }
    // What was deleted is shown to nobody any more who has not seen it yet.
    assert_eq!(frame_of(&mut owner, "message").await["message"]["seq"], 1);
    let edit = frame_of(&mut owner, "edit").await;
    assert_eq!((&edit["seq"], &edit["target"], &edit["content"]), (&json!(2), &json!(1), &json!("first")));
    assert!(edit["edited_at"].is_string());
    for frame in [
        json!({ "type": "delete", "client_message_id": "3", "seq": 1 }),
        json!({ "type": "edit", "client_message_id": "4", "seq": 1, "content": "late" }),
    ] {
        say(&mut client, &frame).await;
    }
    let error = frame_of(&mut client, "error").await;
    assert_eq!((&error["code"], &error["client_message_id"]), (&json!("not_found"), &json!("4")));
    let delete = frame_of(&mut owner, "delete").await;
    assert_eq!(delete, json!({ "type": "delete", "seq": 3, "target": 1 }));
}

#[tokio::test]
async fn resume_shows_what_was_missed_in_order() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let epoch = pair.client.get(&pair.history_path()).await.1["epoch"].clone();
    append(&server, &pair, 200).await;
    let mut client = pair.client_socket(&format!("epoch={epoch}&after=0")).await;
    assert_eq!(frame_of(&mut client, "ready").await["resumed"], true);
    for seq in 1..=200 {
        assert_eq!(frame_of(&mut client, "message").await["message"]["seq"], seq);
    }
}

#[tokio::test]
async fn foreign_epoch_is_reset() {
    let server = TestServer::start().await;
    let (pair, _client, _owner) = both(&server).await;
    pair.owner_says("one").await;
    let mut socket = pair.client_socket("epoch=1&after=0").await;
    let ready = next_frame(&mut socket).await;
    assert_eq!((&ready["type"], &ready["resumed"]), (&json!("ready"), &json!(false)));
    let reset = next_frame(&mut socket).await;
    let expected = json!({ "type": "reset", "epoch": ready["epoch"], "last_seq": 1, "oldest": 1 });
    assert_eq!(reset, expected);
}

#[tokio::test]
async fn states_are_told_to_the_other() {
    let server = TestServer::start().await;
    let (pair, mut client, mut owner) = both(&server).await;
    let came = frame_of(&mut client, "presence").await;
    assert_eq!(came, json!({ "type": "presence", "user_id": pair.owner.id, "online": true }));
    say(&mut client, &json!({ "type": "typing" })).await;
    assert_eq!(frame_of(&mut owner, "typing").await["user_id"], pair.client.id);
    pair.client_says("read me").await;
    say(&mut owner, &json!({ "type": "read", "up_to": 1 })).await;
    let read = frame_of(&mut client, "read").await;
    assert_eq!(read, json!({ "type": "read", "user_id": pair.owner.id, "up_to": 1 }));
    say(&mut client, &json!({ "type": "ping", "n": 42 })).await;
    assert_eq!(frame_of(&mut client, "pong").await, json!({ "type": "pong", "n": 42 }));
    owner.close(None).await.expect("closed");
    assert_eq!(frame_of(&mut client, "presence").await["online"], false);
}

#[tokio::test]
async fn unread_total_is_told_on_the_payment_socket() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let mut notices = pair.owner.socket("/ws/payment/").await.expect("an upgrade");
    pair.client_says("one").await;
    assert_eq!(frame_of(&mut notices, "unread").await["total"], 1);
    let mark = json!({ "room_id": pair.room, "client_id": pair.client.id });
    pair.owner.post("/api/messages/read/", &mark).await;
    assert_eq!(frame_of(&mut notices, "unread").await["total"], 0);
}

#[tokio::test]
async fn logging_out_closes_the_socket() {
    let server = TestServer::start().await;
    let (pair, mut client, _owner) = both(&server).await;
    pair.client.post("/api/logout/", &Value::Null).await;
    assert_eq!(closed(&mut client).await.0, 4401);
}

#[tokio::test]
async fn session_that_expires_closes_the_sockets() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let state = server.running.state();
    let until = state.clock.now() + jiff::SignedDuration::from_secs(4);
    let shortened = state.db.write("UPDATE sessions SET expires_at = $1").bind(until.as_microsecond());
    shortened.execute().await.expect("written");
    for mut socket in [pair.client_socket("").await, pair.owner_socket().await] {
        assert_eq!(closed(&mut socket).await.0, 4401);
    }
}

#[tokio::test]
async fn everything_before_a_frame_that_ends_the_connection_is_done() {
    let server = TestServer::start().await;
    let (_pair, mut client, mut owner) = both(&server).await;
    let ids: Vec<String> = (1..=8).map(|number| format!("c{number}")).collect();
    for id in &ids {
        let frame = json!({ "type": "message", "client_message_id": id, "content": "at once" });
        client.feed(Message::text(frame.to_string())).await.expect("taken");
    }
    client.feed(Message::text("garbage")).await.expect("taken");
    client.flush().await.expect("sent");
    let (code, frames) = closed(&mut client).await;
    assert_eq!(code, 4422);
    let acks = frames.iter().filter(|frame| frame["type"] == "ack");
    let acks: Vec<_> = acks.map(|ack| (ack["client_message_id"].clone(), ack["seq"].clone())).collect();
    let expected: Vec<_> = ids.iter().zip(1..).map(|(id, seq)| (json!(id), json!(seq))).collect();
    assert_eq!(acks, expected);
    for seq in 1..=8 {
        assert_eq!(frame_of(&mut owner, "message").await["message"]["seq"], seq);
    }
}

/// Straight into the log, as another node would: far more than the rate allows one person.
async fn append(server: &TestServer, pair: &Pair, count: u32) {
    append_padded(server, pair, 1..=count, 0).await;
}

/// The same, of texts of at least so many characters.
pub(crate) async fn append_padded(
    server: &TestServer,
    pair: &Pair,
    numbers: std::ops::RangeInclusive<u32>,
    chars: usize,
) {
    let state = server.running.state();
    let (room, client) = (pair.room.parse().expect("an id"), pair.client.id.parse().expect("an id"));
    let known = reference_server::db::conversations::lookup_of(&state.db, room, client).await.expect("read");
    let pairing = known.expect("a conversation");
    let batch = numbers.map(|number| Append {
        conversation: ConversationId(pairing.id),
        by: UserId(if number % 2 == 0 { pairing.owner_id } else { pairing.client_id }),
        client_id: ClientMessageId::new(number.to_string()).expect("an id"),
        message: MessageId(state.ids.next_id()),
        at: state.chat.engine.now(),
        op: Op::Post { content: format!("message {number:<chars$}"), image: None },
        target_not_before: None,
        push_due: None,
    });
    let answers = state.chat.engine.store().append(batch.collect()).await;
    assert!(answers.iter().all(Result::is_ok));
}
