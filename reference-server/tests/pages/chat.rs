//! A conversation by plain forms.

use chat_core::{Append, ChatStore as _, ClientMessageId, ConversationId, MessageId, Op, UserId};
use reference_server::db::conversations;

use crate::browser::{hidden, open, submit};
use crate::support::{Person, TestServer};

/// A client that has unlocked the room of an owner; the server, both, and the client's chat.
async fn opened() -> (TestServer, Person, Person, String) {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let client = server.client().await;
    let back = server.payer().pay(&client.start_payment(&room).await).await;
    client.follow(&back).await;
    (server, owner, client, format!("/rooms/{room}/chat/"))
}

#[tokio::test]
async fn form_sent_twice_is_one_message() {
    let (_server, owner, client, chat) = opened().await;
    let page = open(&client, &chat).await;
    let id = hidden(&page, "client_message_id");
    for _ in 0..2 {
        let sent = submit(&client, &chat, &[("client_message_id", &id), ("content", "Is it <free>?")]).await;
        assert_eq!((sent.status.as_u16(), sent.location.as_str()), (303, chat.as_str()));
    }
    let theirs = open(&owner, &format!("{chat}{}/", client.id)).await;
    assert_eq!(theirs.html.matches("Is it &#60;free&#62;?").count(), 1);
    assert_ne!(hidden(&open(&client, &chat).await, "client_message_id"), id, "the next message has its own");
}

#[tokio::test]
async fn unread_shows_in_the_list_until_it_was_opened() {
    let (_server, owner, client, chat) = opened().await;
    let id = hidden(&open(&client, &chat).await, "client_message_id");
    submit(&client, &chat, &[("client_message_id", &id), ("content", "Namaste")]).await;
    let unread = "1<span class=\"sr-only\"> unread</span>";
    let list = open(&owner, "/chats/").await;
    assert!(list.html.contains("Asmita Rai") && list.html.contains("Namaste") && list.html.contains(unread));
    open(&owner, &format!("{chat}{}/", client.id)).await;
    assert!(!open(&owner, "/chats/").await.html.contains(unread));
    assert!(
        open(&client, &chat).await.html.contains("data-state=\"read\""),
        "the sender sees that it was read"
    );
}

#[tokio::test]
async fn refused_message_comes_back_with_its_reason() {
    let (_server, _, client, chat) = opened().await;
    let id = hidden(&open(&client, &chat).await, "client_message_id");
    let long = "x".repeat(4_001);
    let page = submit(&client, &chat, &[("client_message_id", &id), ("content", &long)]).await;
    assert_eq!(page.status, 422);
    assert!(page.html.contains(&long) && page.html.contains("role=\"alert\""));
}

#[tokio::test]
async fn older_messages_are_a_page_away() {
    let (server, _, client, chat) = opened().await;
    open(&client, &chat).await;
    fill(&server, &client, 70).await;
    let newest = open(&client, &chat).await;
    assert!(newest.html.contains(">line 69<") && !newest.html.contains(">line 0<"));
    let (_, rest) = newest.html.split_once("href=\"?before=").expect("a link to older ones");
    let before = rest.split_once('"').expect("its end").0;
    let older = open(&client, &format!("{chat}?before={before}")).await;
    assert!(older.html.contains(">line 0<") && !older.html.contains(">line 69<"));
}

/// Writes straight to the log, as the engine bounds how fast anybody may write.
async fn fill(server: &TestServer, client: &Person, count: u32) {
    let state = server.running.state();
    let me = client.id.parse().expect("an id");
    let pairing = conversations::list(&state.db, me).await.expect("a list").remove(0).pairing;
    let batch = (0..count).map(|number| Append {
        conversation: ConversationId(pairing.id),
        by: UserId(me),
        client_id: ClientMessageId::new(format!("line-{number}")).expect("an id"),
        message: MessageId(state.ids.next_id()),
        at: state.clock.now(),
        op: Op::Post { content: format!("line {number}"), image: None },
        target_not_before: None,
        push_due: None,
    });
    for answer in state.chat.engine.store().append(batch.collect()).await {
        answer.expect("stored");
    }
}

#[tokio::test]
async fn strangers_get_no_chat() {
    let (server, owner, client, chat) = opened().await;
    assert_eq!(open(&server.client().await, &chat).await.status, 402);
    assert_eq!(open(&server.owner().await, &chat).await.status, 404);
    let to_login = open(&server.visitor(), &chat).await;
    assert!(to_login.location.starts_with("/login/?next="), "{}", to_login.location);
    let own_room = open(&owner, &chat).await;
    assert_eq!(own_room.status, 303, "an owner is shown who wrote");
    let foreign = format!("{chat}{}/", client.id);
    assert_eq!(open(&server.client().await, &foreign).await.status, 404);
}
