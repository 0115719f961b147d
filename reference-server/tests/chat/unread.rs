//! Unread counts: exact, of what may be read only, and no dearer with many chats than with one.

use chat_core::{Append, ChatStore as _, ClientMessageId, ConversationId, MessageId, Op, UserId};
use reference_server::auth::Role;
use reference_server::db::conversations::{self, Pairing};
use reference_server::db::users::{self, NewUser};
use reference_server::ids::{Ids as _, TimeOrderedIds};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Pair, unlock};
use crate::support::statements::statements;
use crate::support::{Person, TestServer, list_room, listing};

async fn total(who: &Person) -> Value {
    who.get("/api/unread-count/").await.1["total"].clone()
}

/// Chats of so many other clients about the owner's room, each with one post that the owner has not read.
async fn crowd(server: &TestServer, pair: &Pair, from: u32, count: u32) {
    let state = server.running.state();
    let id = |text: &str| text.parse::<Uuid>().expect("an id");
    for number in from..from + count {
        let client_id = TimeOrderedIds.next_id();
        let phone = format!("97{number:08}");
        let new =
            NewUser { id: client_id, role: Role::Client, name: "Maya", phone: &phone, password_hash: "" };
        users::add(&state.db, &new, state.clock.now()).await.expect("an account");
        let pairing = Pairing {
            id: TimeOrderedIds.next_id(),
            room_id: id(&pair.room),
            client_id,
            owner_id: id(&pair.owner.id),
        };
        let (conversation, members) =
            (ConversationId(pairing.id), [UserId(client_id), UserId(pairing.owner_id)]);
        state.chat.engine.create_conversation(conversation, &members).await.expect("a log");
        conversations::ensure(&state.db, &pairing, state.clock.now()).await.expect("a row");
        let post = Append {
            conversation,
            by: UserId(client_id),
            client_id: ClientMessageId::new("1").expect("an id"),
            message: MessageId(state.ids.next_id()),
            at: state.clock.now(),
            op: Op::Post { content: "Namaste".to_owned(), image: None },
            target_not_before: None,
            push_due: None,
        };
        for answer in state.chat.engine.store().append(vec![post]).await {
            answer.expect("stored");
        }
    }
}

#[tokio::test]
async fn header_and_counts_ask_as_little_with_many_chats_as_with_one() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    pair.client_says("Is it free?").await;
    let paths = ["/account/", "/api/unread-count/", "/api/conversations/"];
    let ask = async || {
        let mut asked = Vec::new();
        for path in paths {
            asked.push(statements(pair.owner.request("GET", path).send()).await.1);
        }
        asked
    };
    let with_one = ask().await;
    assert!(with_one.iter().all(|&count| count > 0), "{with_one:?}");
    crowd(&server, &pair, 0, 90).await;
    assert_eq!(ask().await, with_one);
    assert_eq!(total(&pair.owner).await, 91);
    crowd(&server, &pair, 90, 200).await;
    let with_many = ask().await;
    assert_eq!(with_many[0], with_one[0], "the header of a page");
    // The list itself is read a hundred lines at a time.
    assert!(with_many[1] <= with_one[1] + 2 && with_many[2] <= with_one[2] + 2, "{with_many:?}");
    assert_eq!(total(&pair.owner).await, 291);
    let page = pair.owner.request("GET", "/account/").header("accept", "text/html").send().await;
    assert!(page.expect("an answer").text().await.expect("a page").contains("291"));
}

#[tokio::test]
async fn count_is_of_what_may_be_read_whoever_was_blocked_suspended_or_given_their_money_back() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let second = list_room(&pair.owner, &listing()).await;
    let refunded = unlock(&server, &pair.client, &second).await;
    for room in [&pair.room, &second] {
        let body = json!({ "room_id": room, "client_id": pair.client.id, "content": "Come and see it" });
        assert_eq!(pair.owner.post("/api/messages/send/", &body).await.0, 201);
    }
    assert_eq!(total(&pair.client).await, 2);

    server.payer().end(&refunded, "full_refund").await;
    let id = json!({ "transaction_id": refunded["transaction_id"] });
    assert_eq!(server.visitor().post("/esewa-webhook/", &id).await.1["status"], "refunded");
    assert_eq!(total(&pair.client).await, 1, "the chat of the second room is locked again");
    let page = pair.client.request("GET", "/account/").header("accept", "text/html").send().await;
    let page = page.expect("an answer").text().await.expect("a page");
    assert!(page.contains("/chats/") && !page.contains(">2<"), "{page}");
    let (_, list) = pair.client.get("/api/conversations/").await;
    let list = list["conversations"].as_array().expect("a list");
    assert_eq!(list.iter().map(|line| &line["room_id"]).collect::<Vec<_>>(), [&json!(pair.room)]);

    let block = json!({ "room_id": pair.room, "client_id": pair.client.id });
    assert_eq!(pair.owner.post("/api/conversations/block/", &block).await.0, 204);
    assert_eq!(total(&pair.client).await, 1, "what was said before a block stays readable");
    let admin = server.admin().await;
    let because = json!({ "reason": "It is somebody else's." });
    assert_eq!(admin.post(&format!("/api/admin/rooms/{}/suspend/", pair.room), &because).await.0, 200);
    assert_eq!(total(&pair.client).await, 1, "so does a chat about a room that is suspended");
    let (_, owners) = pair.owner.get("/api/conversations/").await;
    assert_eq!(owners["conversations"].as_array().expect("a list").len(), 2, "the owner keeps what was said");
}

#[tokio::test]
async fn last_message_of_a_chat_is_read_once_its_receiver_read_it() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let read_status = async |who: &Person| {
        who.get("/api/conversations/").await.1["conversations"][0]["last_message"]["read_status"].clone()
    };
    pair.client_says("Is it free?").await;
    for who in [&pair.client, &pair.owner] {
        assert_eq!(read_status(who).await, false);
    }
    let mark = json!({ "room_id": pair.room, "client_id": pair.client.id });
    assert_eq!(pair.owner.post("/api/messages/read/", &mark).await.0, 200);
    for who in [&pair.client, &pair.owner] {
        assert_eq!(read_status(who).await, true);
    }
}
