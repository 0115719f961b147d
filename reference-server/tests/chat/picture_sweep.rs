//! Pictures that no message came to show, or shows any more, don't stay on disk.

use std::path::PathBuf;

use chat_core::{ClientMessageId, Op, Seq, Wish};
use jiff::{SignedDuration, Timestamp};
use reference_server::chat::member;
use reference_server::db::{conversations, message_pictures};
use reference_server::photos;
use serde_json::{Value, json};

use crate::images::{fetch, picture, send, url_of};
use crate::people::Pair;
use crate::support::TestServer;

/// Long after whatever is on its way now has ended.
fn later(server: &TestServer) -> Timestamp {
    server.running.state().clock.now().checked_add(SignedDuration::from_hours(1)).expect("a time")
}

async fn sweep(server: &TestServer) {
    photos::sweep_messages(server.running.state(), later(server)).await.expect("swept");
}

/// Every file of a message's picture.
fn files(server: &TestServer) -> Vec<PathBuf> {
    let folder = server.data_dir().join("photos/messages");
    let Ok(folders) = std::fs::read_dir(folder) else { return Vec::new() };
    let files =
        folders.flat_map(|folder| std::fs::read_dir(folder.expect("an entry").path()).expect("a folder"));
    files.map(|file| file.expect("an entry").path()).collect()
}

#[tokio::test]
async fn picture_of_a_message_that_was_refused_goes() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let (status, problem) = send(&pair, "1", &"x".repeat(4_001), picture(10)).await;
    assert_eq!((status, &problem["code"]), (422, &json!("invalid_field")));
    assert_eq!(files(&server).len(), 2, "it was written");
    photos::sweep_messages(server.running.state(), server.running.state().clock.now()).await.expect("swept");
    assert_eq!(files(&server).len(), 2, "a try that may go on is left alone");
    sweep(&server).await;
    assert_eq!(files(&server), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn picture_of_another_try_goes_and_the_messages_own_stays() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let (status, message) = send(&pair, "1", "look", picture(10)).await;
    assert_eq!(status, 201, "{message}");
    assert_eq!(send(&pair, "1", "look", picture(200)).await.0, 409);
    assert_eq!(files(&server).len(), 4);
    sweep(&server).await;
    assert_eq!(files(&server).len(), 2);
    for url in [url_of(&message), format!("{}?size=small", url_of(&message))] {
        assert_eq!(fetch(&pair.owner, &url).await.0, 200, "{url}");
    }
    sweep(&server).await;
    assert_eq!(files(&server).len(), 2);
}

#[tokio::test]
async fn try_that_comes_after_its_message_was_taken_back_leaves_no_picture() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let (_, message) = send(&pair, "1", "look", picture(10)).await;
    let path = format!("/api/messages/{}/", message["id"].as_str().expect("an id"));
    assert_eq!(pair.client.send("DELETE", &path, &Value::Null).await.0, 204);
    assert_eq!(files(&server), Vec::<PathBuf>::new());
    let (status, again) = send(&pair, "1", "look", picture(10)).await;
    assert_eq!((status, &again["deleted"]), (200, &json!(true)), "{again}");
    sweep(&server).await;
    assert_eq!(files(&server), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn picture_that_a_crash_left_behind_its_message_goes_after_the_next_start() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let (_, kept) = send(&pair, "1", "stays", picture(10)).await;
    let (_, gone) = send(&pair, "2", "goes", picture(20)).await;
    // Taken back in the log, and then the server ended.
    let state = server.running.state();
    let me = pair.client.id.parse().expect("an id");
    let pairing = conversations::list(&state.db, me).await.expect("a list").remove(0).pairing;
    let wish = Wish {
        conversation: chat_core::ConversationId(pairing.id),
        client_id: ClientMessageId::new("3").expect("an id"),
        op: Op::Delete { target: Seq(gone["seq"].as_u64().expect("a number")) },
    };
    state.chat.engine.append(&member(me), wish).await.expect("taken back");
    sweep(&server).await;
    assert_eq!(files(&server).len(), 4);
    assert_eq!(message_pictures::note_taken_back(&state.db, state.clock.now()).await.expect("noted"), 1);
    sweep(&server).await;
    assert_eq!(files(&server).len(), 2);
    assert_eq!(fetch(&pair.owner, &url_of(&kept)).await.0, 200);
}
