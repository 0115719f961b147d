//! Telling members who are not there, and nobody else; and what a purge leaves to connections.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use chat_core::{ConversationId, Limits, Message, Notified, Notifier, Op, PushJob, Seq, UserId, Wish};
use support::chat::{ALICE, BOB, Client, EVE, Node, ROOM, alone, id, say, unhurried, who};
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
    time::{Instant, timeout},
};
use uuid::Uuid;

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

/// Says whom it begins to tell, and comes back from those it is stuck at when it is let.
struct Stuck {
    at: Vec<UserId>,
    begun: mpsc::UnboundedSender<UserId>,
    released: Semaphore,
}

#[async_trait]
impl Notifier for Stuck {
    async fn notify(&self, job: &PushJob, _: &Message) -> Notified {
        self.begun.send(job.to).unwrap();
        if self.at.contains(&job.to) {
            self.released.acquire().await.unwrap().forget();
        }
        Notified::Done
    }
}

/// Runs `run_push` for as long as what it answers first is there.
fn pushing(node: &Node, at: &[UserId]) -> (JoinSet<()>, Arc<Stuck>, mpsc::UnboundedReceiver<UserId>) {
    let (begun, begins) = mpsc::unbounded_channel();
    let stuck = Arc::new(Stuck { at: at.to_vec(), begun, released: Semaphore::new(0) });
    let (engine, notifier) = (node.engine.clone(), Arc::clone(&stuck));
    let mut task = JoinSet::new();
    task.spawn(async move { engine.run_push(notifier).await });
    (task, stuck, begins)
}

/// Whom it begins to tell next, within a time that passes by itself.
async fn next(begins: &mut mpsc::UnboundedReceiver<UserId>) -> UserId {
    timeout(Duration::from_secs(600), begins.recv()).await.unwrap().unwrap()
}

/// Alice has a conversation with each of them, and something to say to each; it is due now.
async fn due(node: &Node, to: &[UserId]) {
    for user in to {
        let conversation = ConversationId(user.0);
        node.engine.create_conversation(conversation, &[ALICE, *user]).await.unwrap();
        let wish = Wish { conversation, client_id: id(&user.0.to_string()), op: say("hello") };
        node.engine.send(&who(ALICE), wish).await.unwrap();
    }
    node.clock.advance_ms(8_000);
}

#[tokio::test(start_paused = true)]
async fn who_can_not_be_reached_delays_nobody_else() {
    let node = eager().await;
    let (_task, _stuck, mut begins) = pushing(&node, &[BOB]);
    due(&node, &[BOB]).await;
    assert_eq!(next(&mut begins).await, BOB);
    let before = Instant::now();
    due(&node, &[EVE]).await;
    assert_eq!(next(&mut begins).await, EVE);
    let look = Duration::from_millis(node.engine.limits().push_every_ms);
    assert!(before.elapsed() <= look, "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn as_many_as_there_are_places_are_told_at_a_time_and_an_end_makes_room_at_once() {
    let node = alone(Limits { push_jobs_max: 2, ..eager().await.engine.limits().clone() }).await;
    let people = [1, 2, 3, 4].map(|number| UserId(Uuid::from_u128(number)));
    let (_task, stuck, mut begins) = pushing(&node, &people);
    due(&node, &people).await;
    let mut told = vec![next(&mut begins).await, next(&mut begins).await];
    for _ in 2..people.len() {
        let third = timeout(Duration::from_secs(10), begins.recv()).await;
        assert!(third.is_err(), "both places are taken");
        let before = Instant::now();
        stuck.released.add_permits(1);
        told.push(next(&mut begins).await);
        assert_eq!(before.elapsed(), Duration::ZERO, "the next waited for a tick");
    }
    told.sort_unstable();
    assert_eq!(told, people);
}

#[tokio::test(start_paused = true)]
async fn telling_that_never_ends_is_given_up_within_the_lease_and_tried_again() {
    let node = alone(Limits { push_jobs_max: 1, ..eager().await.engine.limits().clone() }).await;
    let limits = node.engine.limits().clone();
    let (_task, _stuck, mut begins) = pushing(&node, &[BOB]);
    due(&node, &[BOB]).await;
    assert_eq!(next(&mut begins).await, BOB);
    due(&node, &[EVE]).await;
    let before = Instant::now();
    assert_eq!(next(&mut begins).await, EVE, "the place is free again");
    assert_eq!(before.elapsed(), Duration::from_millis(limits.push_notify_ms));
    // Long before the lease would have ended: what became of it was stored.
    node.clock.advance_ms(15_000);
    assert_eq!(next(&mut begins).await, BOB);
}

#[tokio::test]
async fn job_whose_lease_has_ended_is_left_to_who_has_it_now() {
    let node = alone(Limits { push_lease_ms: 0, ..eager().await.engine.limits().clone() }).await;
    let postman = postman();
    post(&node, ALICE, "hello").await;
    node.clock.advance_ms(8_000);
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 1);
    assert_eq!(*postman.told.lock().unwrap(), []);
}

#[tokio::test]
async fn jobs_that_were_read_do_not_stand_in_the_way_of_a_single_place() {
    let node = alone(Limits { push_jobs_max: 1, ..eager().await.engine.limits().clone() }).await;
    let postman = postman();
    let read = [1, 2, 3].map(|number| UserId(Uuid::from_u128(number)));
    due(&node, &read).await;
    for user in read {
        node.engine.mark_read(&who(user), ConversationId(user.0), None).await.unwrap();
    }
    due(&node, &[BOB]).await;
    assert_eq!(node.engine.push_due(&*postman).await.unwrap(), 1);
    assert_eq!(*postman.told.lock().unwrap(), [(BOB, 1, "hello".to_owned())]);
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
