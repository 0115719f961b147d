//! A conversation by plain forms.

use std::io::Cursor;

use chat_core::{Append, ChatStore as _, ClientMessageId, ConversationId, MessageId, Op, UserId};
use image::{DynamicImage, ImageFormat, RgbImage};
use reference_server::db::conversations;
use reqwest::multipart::{Form, Part};

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

async fn send_picture(who: &Person, chat: &str, id: &str, content: &str, file: Vec<u8>) -> (u16, String) {
    let form = Form::new()
        .text("client_message_id", id.to_owned())
        .text("content", content.to_owned())
        .part("image", Part::bytes(file).file_name("photo.jpg"));
    let answer = who.request("POST", chat).header("accept", "text/html").multipart(form).send().await;
    let answer = answer.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a body"))
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(RgbImage::new(width, height));
    picture.write_to(&mut bytes, ImageFormat::Jpeg).expect("encodes");
    bytes.into_inner()
}

#[tokio::test]
async fn picture_goes_by_the_plain_form_and_has_its_room_on_the_page() {
    let (_server, owner, client, chat) = opened().await;
    let id = hidden(&open(&client, &chat).await, "client_message_id");
    for _ in 0..2 {
        assert_eq!(send_picture(&client, &chat, &id, "The gate", jpeg(600, 800)).await.0, 303);
    }
    let page = open(&owner, &format!("{chat}{}/", client.id)).await.html;
    assert_eq!(page.matches("class=\"bubble-image\"").count(), 1, "once, however often it was sent");
    assert!(page.contains("/image/?size=small\"") && page.contains("width=\"216\" height=\"288\""), "{page}");
    assert!(page.contains("alt=\"Picture from Asmita Rai\"") && page.contains("The gate"), "{page}");
    let nothing = send_picture(&client, &chat, "next", "Only words", Vec::new()).await;
    assert_eq!(nothing.0, 303, "a form without a file is a message of words");
}

#[tokio::test]
async fn picture_that_is_refused_leaves_its_words_in_the_form() {
    let (_server, _, client, chat) = opened().await;
    let mut cut = jpeg(600, 800);
    cut.truncate(cut.len() / 2);
    let large = vec![0xFF; 11 * 1024 * 1024];
    let cases = [
        (415, "JPEG, PNG or WebP", b"no picture".to_vec()),
        (413, "at most 10 MB", large),
        (422, "The picture is damaged", cut),
    ];
    for (status, reason, file) in cases {
        let (answered, page) = send_picture(&client, &chat, "one", "Look at <this>", file).await;
        assert_eq!(answered, status);
        assert!(page.contains(reason) && page.contains("Look at &#60;this&#62;</textarea>"), "{page}");
    }
    assert!(!open(&client, &chat).await.html.contains("data-seq=\"1\""), "no message came of it");
}

#[tokio::test]
async fn only_ones_own_recent_messages_can_be_changed_on_the_page() {
    let (_server, owner, client, chat) = opened().await;
    let id = hidden(&open(&client, &chat).await, "client_message_id");
    submit(&client, &chat, &[("client_message_id", &id), ("content", "Namaste")]).await;
    let menus = |html: &str| html.split("<template").next().expect("a log").matches("data-edit>").count();
    assert_eq!(menus(&open(&client, &chat).await.html), 1);
    assert_eq!(menus(&open(&owner, &format!("{chat}{}/", client.id)).await.html), 0);
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
