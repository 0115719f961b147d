//! Telling members who are not there, and nobody else; and what a purge leaves to connections.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chat_core::{Limits, Message, Notified, Notifier, Op, PushJob, Seq, UserId, Wish};
use support::chat::{ALICE, BOB, Client, Node, ROOM, alone, id, say, unhurried, who};

/// Writes down what it is told, and answers what it was told to.
struct Postman {
    told: Mutex<Vec<(UserId, u64, String)>>,
    answers: Mutex<Vec<Notified>>,
}

#[async_trait]
impl Notifier for Postman {
    async fn notify(&self, job: &PushJob, newest: &Message) -> Notified {
        self.told.lock().unwrap().push((job.to, job.unread, newest.content.clone()));
        self.answers.lock().unwrap().pop().unwrap_or(Notified::Done)
    }
}

fn postman() -> Arc<Postman> {
    Arc::new(Postman { told: Mutex::default(), answers: Mutex::default() })
}

async fn eager() -> Node {
    alone(Limits { push_after_ms: Some(8_000), push_tries_max: 3, ..unhurried() }).await
}

async fn post(node: &Node, by: UserId, text: &str) {
    node.engine
        .send(&who(by), Wish { conversation: ROOM, client_id: id(&text.replace(' ', "-")), op: say(text) })
        .await
        .unwrap();
}

#[tokio::test]
async fn absent_member_is_told_once_of_all_that_waits() {
    let (node, postman) = (eager().await, postman());
    post(&node, ALICE, "one").await;
    post(&node, ALICE, "two").await;
    node.clock.advance_ms(7_999);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 0);
    node.clock.advance_ms(1);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 1);
    assert_eq!(*postman.told.lock().unwrap(), [(BOB, 2, "two".to_owned())]);
    node.clock.advance_ms(3_600_000);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 0);
}

#[tokio::test]
async fn member_who_is_there_or_has_read_is_not_told() {
    let (node, postman) = (eager().await, postman());
    let bob = Client::open(&node.engine, BOB, None).await.unwrap();
    post(&node, ALICE, "seen").await;
    node.clock.advance_ms(8_000);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 1);
    drop(bob);
    post(&node, ALICE, "read elsewhere").await;
    node.engine.mark_read(&who(BOB), ROOM, None).await.unwrap();
    node.clock.advance_ms(8_000);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 0);
    assert_eq!(*postman.told.lock().unwrap(), []);
}

#[tokio::test]
async fn phone_that_fell_asleep_is_told_when_its_connection_is_found_dead() {
    let (node, postman) = (eager().await, postman());
    let bob = Client::open(&node.engine, BOB, None).await.unwrap();
    post(&node, ALICE, "are you there?").await;
    node.clock.advance_ms(8_000);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 1);
    assert_eq!(*postman.told.lock().unwrap(), [], "the connection is there");
    // No answer to a ping.
    drop(bob);
    node.clock.advance_ms(52_000);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 1);
    assert_eq!(*postman.told.lock().unwrap(), [(BOB, 1, "are you there?".to_owned())]);
    node.clock.advance_ms(3_600_000);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 0);
}

#[tokio::test]
async fn connection_that_outlives_the_post_is_somebody_who_is_there() {
    let (node, postman) = (eager().await, postman());
    let _in_another_tab = Client::open(&node.engine, BOB, None).await.unwrap();
    post(&node, ALICE, "later is fine").await;
    for wait_ms in [8_000, 52_000] {
        node.clock.advance_ms(wait_ms);
        assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 1);
    }
    node.clock.advance_ms(3_600_000);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 0);
    assert_eq!(*postman.told.lock().unwrap(), []);
}

#[tokio::test]
async fn deleted_words_are_not_told() {
    let (node, postman) = (eager().await, postman());
    post(&node, ALICE, "stays").await;
    post(&node, ALICE, "secret").await;
    let delete = Wish { conversation: ROOM, client_id: id("d"), op: Op::Delete { target: Seq(2) } };
    node.engine.append(&who(ALICE), delete).await.unwrap();
    node.clock.advance_ms(8_000);
    node.engine.push_due(&*postman).await.unwrap();
    assert_eq!(*postman.told.lock().unwrap(), [(BOB, 1, "stays".to_owned())]);
}

#[tokio::test]
async fn failure_is_tried_again_but_not_for_ever() {
    let (node, postman) = (eager().await, postman());
    *postman.answers.lock().unwrap() = vec![
        Notified::Failed { retry_ms: None },
        Notified::Failed { retry_ms: Some(500) },
        Notified::Failed { retry_ms: None },
    ];
    post(&node, ALICE, "hello").await;
    node.clock.advance_ms(8_000);
    // The first wait is the notifier's default, the second is what the other side asked for.
    for wait_ms in [15_000, 500] {
        assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 1);
        node.clock.advance_ms(wait_ms - 1);
        assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 0);
        node.clock.advance_ms(1);
    }
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 1);
    node.clock.advance_ms(3_600_000);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 0);
    assert_eq!(postman.told.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn purged_words_reach_no_connection() {
    let node = eager().await;
    let before = Client::open(&node.engine, BOB, None).await.unwrap().cursor();
    let _keeps_the_ring = Client::open(&node.engine, ALICE, None).await.unwrap();
    for text in ["one", "two", "three"] {
        post(&node, ALICE, text).await;
    }
    assert_eq!(node.engine.purge(ROOM, Seq(2)).await.unwrap(), 2);
    let mut bob = Client::open(&node.engine, BOB, Some(before)).await.unwrap();
    assert!(!bob.session.ready().resumed);
    bob.pull(1_000).await;
    assert_eq!((bob.resets.as_slice(), bob.log.len()), ([Seq(3)].as_slice(), 0));
}
