//! What a session does when its questions can't be answered, and when it lags behind.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use chat_core::{
    Answer, Ask, ChatError, CloseReason, Denied, Limits, Op, Pull, Reply, Revocation, Seq, StoreError, Wish,
};
use jiff::SignedDuration;
use support::chat::{ALICE, BOB, Client, Node, ROOM, alone, id, say, unhurried, who};

async fn alice_sends(node: &Node, client_id: &str, op: Op) {
    let wish = Wish { conversation: ROOM, client_id: id(client_id), op };
    node.engine.append(&who(ALICE), wish).await.unwrap();
}

/// The frames of one pull, and what to do next.
fn pull(node: &Node, client: &mut Client, bytes_max: usize) -> (Vec<Bytes>, Pull) {
    let mut frames = Vec::new();
    let pull = client.session.next_frames(node.engine.now(), bytes_max, &mut frames);
    (frames, pull)
}

fn unavailable() -> StoreError {
    StoreError::Unavailable(Box::new(std::io::Error::other("away")))
}

/// Small enough that whoever does not read has to ask the store.
fn small_ring() -> Limits {
    Limits { ring_frames_max: 2, ..unhurried() }
}

#[tokio::test]
async fn send_while_access_cannot_be_checked_is_refused_and_the_session_stays() {
    let node = alone(unhurried()).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    node.rules.refuse(BOB, Denied::Unavailable);
    let Reply::Refused { error, .. } = bob.send("1", say("x")).await else { panic!("not refused") };
    assert!(error.retry_ms().is_some(), "{error}");
    alice_sends(&node, "2", say("still here")).await;
    bob.pull(1_000).await;
    assert_eq!((bob.closed, bob.log.len()), (None, 1));
    node.rules.allow(BOB);
    assert!(matches!(bob.send("1", say("x")).await, Reply::Stored { .. }));
}

#[tokio::test]
async fn access_that_cannot_be_checked_is_asked_again_later_and_meanwhile_nothing_is_shown() {
    let node = alone(unhurried()).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    node.rules.refuse(BOB, Denied::Unavailable);
    node.engine.recheck(Revocation { user: BOB, conversation: Some(ROOM) });
    alice_sends(&node, "1", say("not yet")).await;
    let mut waits_ms = Vec::new();
    for _ in 0..6 {
        bob.pull(1_000).await;
        assert_eq!((bob.closed, bob.log.len()), (None, 0));
        assert!(!bob.session.is_in_doubt(), "what is written meanwhile are answers");
        let wait_ms = bob.session.deadline().duration_since(node.engine.now()).as_millis();
        waits_ms.push(wait_ms);
        node.clock.advance_ms(wait_ms.try_into().unwrap());
        bob.session.on_tick(node.engine.now());
        bob.session.on_heard();
    }
    let limits = node.engine.limits();
    assert!(waits_ms.iter().all(|wait| *wait <= i128::from(limits.retry_ms_max * 3 / 2)), "{waits_ms:?}");
    assert!(waits_ms[2] > waits_ms[0], "{waits_ms:?}");
    node.rules.allow(BOB);
    bob.pull(1_000).await;
    assert_eq!((bob.closed, bob.log.len()), (None, 1));
}

#[tokio::test]
async fn access_that_ended_during_an_outage_closes_once_that_is_known() {
    let node = alone(unhurried()).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    node.rules.refuse(BOB, Denied::Unavailable);
    node.engine.recheck(Revocation { user: BOB, conversation: Some(ROOM) });
    bob.pull(1_000).await;
    node.rules.refuse(BOB, Denied::PaymentRequired);
    // A new doubt is looked into at once.
    node.engine.recheck(Revocation { user: BOB, conversation: Some(ROOM) });
    bob.pull(1_000).await;
    assert_eq!(bob.closed, Some(CloseReason::AccessEnded));
}

#[tokio::test]
async fn laggard_whose_page_cannot_be_read_stays_and_asks_again() {
    let node = alone(small_ring()).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    for number in 0..8 {
        alice_sends(&node, &number.to_string(), say("x")).await;
    }
    let (_, asked) = pull(&node, &mut bob, 1_000);
    assert!(matches!(asked, Pull::Ask(Ask::Page { .. })), "{asked:?}");
    bob.session.on_answer(node.engine.now(), Answer::Page(Err(ChatError::Unavailable(unavailable()))));
    assert!(matches!(pull(&node, &mut bob, 1_000), (frames, Pull::Idle) if frames.is_empty()));
    let wait = bob.session.deadline().duration_since(node.engine.now());
    node.clock.advance_ms(wait.as_millis().try_into().unwrap());
    bob.pull(1_000).await;
    assert_eq!((bob.closed, bob.log.len()), (None, 8));
}

#[tokio::test]
async fn laggard_is_not_shown_what_was_deleted_since_it_was_read() {
    let node = alone(small_ring()).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    for number in 1..=8 {
        alice_sends(&node, &number.to_string(), say("secret")).await;
    }
    let (_, Pull::Ask(ask)) = pull(&node, &mut bob, 1) else { panic!("the store was not asked") };
    let page = node.engine.perform(ask).await;
    // Once between reading and handing over, once after it.
    alice_sends(&node, "delete-7", Op::Delete { target: Seq(7) }).await;
    bob.session.on_answer(node.engine.now(), page);
    bob.pull_once(1).await;
    alice_sends(&node, "delete-8", Op::Delete { target: Seq(8) }).await;
    bob.pull(1).await;
    let words = |seq: usize| match &bob.log[seq - 1].op {
        Op::Post { content, .. } => content.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((bob.log.len(), bob.closed), (10, None));
    assert_eq!((words(7).as_str(), words(8).as_str()), ("", ""));
}

#[tokio::test]
async fn laggard_is_not_shown_what_was_purged_since_it_was_read() {
    let node = alone(small_ring()).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    for number in 1..=8 {
        alice_sends(&node, &number.to_string(), say("secret")).await;
    }
    bob.pull_once(1).await;
    assert!(bob.log.len() < 4, "the rest waits");
    node.engine.purge(ROOM, Seq(8)).await.unwrap();
    let shown = bob.log.len();
    bob.pull(1).await;
    assert_eq!((bob.log.len(), bob.resets.as_slice()), (shown, &[Seq(8)][..]));
}

#[tokio::test]
async fn what_a_laggard_keeps_is_bounded_in_bytes() {
    let limits = Limits { backlog_bytes_max: 20_000, ..small_ring() };
    let node = alone(limits).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    for number in 1..=40 {
        let text = if number == 20 { "z".repeat(4_000) } else { "y".repeat(1_500) };
        alice_sends(&node, &number.to_string(), say(&text)).await;
    }
    let (mut pages, mut kept_bytes) = (0, 0);
    loop {
        let (frames, pull) = pull(&node, &mut bob, usize::MAX);
        kept_bytes += frames.iter().map(Bytes::len).sum::<usize>();
        // Everything that was kept came out before the next page is asked for; at the end two frames of the ring as well.
        assert!(kept_bytes <= 20_000 + 2 * 2_500, "{kept_bytes} bytes");
        match pull {
            Pull::Ask(ask) => {
                let Ask::Page { limit, .. } = ask else { panic!("{ask:?}") };
                assert!(limit <= 26, "what can't be kept is not read: {limit}");
                let page = node.engine.perform(ask).await;
                bob.session.on_answer(node.engine.now(), page);
                pages += 1;
                kept_bytes = 0;
            }
            Pull::Idle => break,
            Pull::More => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(pages >= 3, "{pages}");
    assert_eq!(bob.session.cursor(), Seq(40));
}

#[tokio::test]
async fn entry_that_is_larger_than_the_bound_comes_alone() {
    let node = alone(Limits { backlog_bytes_max: 10, ..small_ring() }).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    for number in 1..=9 {
        alice_sends(&node, &number.to_string(), say("more than ten bytes")).await;
    }
    bob.pull(1_000).await;
    assert_eq!((bob.log.len(), bob.closed), (9, None));
}

#[tokio::test]
async fn laggard_shows_nothing_after_its_access_ended_by_time() {
    let node = alone(unhurried()).await;
    let end = node.engine.now() + SignedDuration::from_secs(10);
    node.rules.access.lock().unwrap().until = Some(end);
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    for number in 1..=8 {
        alice_sends(&node, &number.to_string(), say("x")).await;
    }
    let (frames, more) = pull(&node, &mut bob, 1);
    assert!(frames.len() == 1 && matches!(more, Pull::More));
    node.rules.refuse(BOB, Denied::SessionEnded);
    node.clock.advance_ms(10_000);
    // Nobody calls `on_tick`: a driver that writes without a pause never gets there.
    let (frames, asked) = pull(&node, &mut bob, 1);
    assert!(frames.is_empty() && matches!(asked, Pull::Ask(Ask::Access { .. })), "{asked:?}");
}

#[tokio::test]
async fn blocked_write_is_given_up_at_the_end_of_access_and_at_the_turn_to_go() {
    let node = alone(unhurried()).await;
    let end = node.engine.now() + SignedDuration::from_secs(10);
    node.rules.access.lock().unwrap().until = Some(end);
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    assert_eq!(bob.session.interruption(node.engine.now()), None);
    assert_eq!(bob.session.interruption_at(), Some(end));
    node.clock.advance_ms(10_000);
    assert_eq!(bob.session.interruption(node.engine.now()), Some(CloseReason::Overload));

    node.rules.access.lock().unwrap().until = None;
    let mut alice = Client::open(&node.engine, ALICE, None).await.unwrap();
    node.engine.drain(2_000);
    assert_eq!(alice.session.interruption(node.engine.now() - SignedDuration::from_secs(1)), None);
    let turn = alice.session.interruption_at().unwrap();
    assert!(turn <= node.engine.now() + SignedDuration::from_secs(2));
    assert!(matches!(alice.session.interruption(turn), Some(CloseReason::Restart { .. })));
}
