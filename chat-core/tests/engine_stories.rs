//! What the engine does for people: send, retry, resume, be removed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chat_core::{
    ChatError, ChatStore, CloseReason, Command, Cursor, Denied, Epoch, Limits, Op, Page, Reply, Seq, Wish,
};
use jiff::SignedDuration;
use support::chat::{ALICE, BOB, Client, EVE, ROOM, alone, id, running, say, unhurried, who};

fn wish(client_id: &str, op: Op) -> Wish {
    Wish { conversation: ROOM, client_id: id(client_id), op }
}

#[tokio::test]
async fn both_members_hear_every_entry() {
    let node = alone(Limits::default()).await;
    let mut alice = Client::open(&node.engine, ALICE, None).await.unwrap();
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    let Reply::Stored { appended, .. } = alice.send("a1", say("namaste")).await else { panic!("not stored") };
    assert_eq!(appended.event.seq, Seq(1));
    node.engine.send(&who(BOB), wish("b1", say("over HTTP"))).await.unwrap();
    alice.send("a2", Op::Edit { target: Seq(1), content: "namaste!".into() }).await;
    alice.pull_until(3).await;
    bob.pull_until(3).await;
    assert_eq!(alice.log, bob.log);
    assert_eq!(bob.log[1].op, say("over HTTP"));
}

#[tokio::test]
async fn commands_that_came_together_are_done_in_order_and_answered_in_place() {
    let node = alone(unhurried()).await;
    let mut alice = Client::open(&node.engine, ALICE, None).await.unwrap();
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    let send = |client_id, op| Command::Send { client_id: id(client_id), op };
    let commands = [
        send("1", say("one")),
        send("2", say("")),
        send("3", say("three")),
        Command::Typing,
        send("4", Op::Edit { target: Seq(1), content: "first".into() }),
        send("1", say("one")),
        send("1", say("another")),
    ];
    let asks = commands.map(|command| alice.session.on_command(node.engine.now(), command).unwrap());
    let answers = node.engine.perform_all(asks.into()).await;
    let said: Vec<String> = answers
        .into_iter()
        .map(|answer| match alice.session.on_answer(node.engine.now(), answer) {
            Reply::Stored { client_id, appended } => {
                format!("{} {} {}", client_id.as_str(), appended.event.seq, appended.duplicate)
            }
            Reply::Refused { client_id, error } => {
                format!("{}: {error}", client_id.as_ref().map_or("", |id| id.as_str()))
            }
            Reply::Done => "done".to_owned(),
        })
        .collect();
    assert_eq!(
        said,
        [
            "1 1 false",
            "2: content: 1 to 4000 characters, none of them NUL",
            "3 2 false",
            "done",
            "4 3 false",
            "1 1 true",
            "1: the client message id was used before, for something else",
        ]
    );
    bob.pull_until(3).await;
    assert_eq!(bob.log.iter().map(|event| event.client_id.as_str()).collect::<Vec<_>>(), ["1", "3", "4"]);
}

#[tokio::test]
async fn batch_of_someone_without_access_is_refused_as_a_whole() {
    let node = alone(unhurried()).await;
    node.rules.refuse(ALICE, Denied::Blocked);
    let wishes = vec![(id("1"), say("one")), (id("2"), say("")), (id("3"), say("three"))];
    let refused = node.engine.append_all(&who(ALICE), ROOM, wishes).await;
    let why: Vec<_> = refused.into_iter().map(|answer| answer.unwrap_err().to_string()).collect();
    assert_eq!(why, ["blocked", "content: 1 to 4000 characters, none of them NUL", "blocked"]);
    assert_eq!(node.engine.store().conversation(ROOM).await.unwrap().unwrap().head.last, Seq::ZERO);
}

#[tokio::test]
async fn reconnect_continues_without_a_seam() {
    let node = alone(unhurried()).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    node.engine.send(&who(ALICE), wish("1", say("one"))).await.unwrap();
    bob.pull_until(1).await;
    let cursor = bob.cursor();
    drop(bob);
    for text in ["two", "three"] {
        node.engine.send(&who(ALICE), wish(text, say(text))).await.unwrap();
    }
    let mut bob = Client::open(&node.engine, BOB, Some(cursor)).await.unwrap();
    assert!(bob.session.ready().resumed);
    node.engine.send(&who(ALICE), wish("4", say("four"))).await.unwrap();
    bob.pull_until(3).await;
    assert_eq!(bob.log.iter().map(|event| event.seq.0).collect::<Vec<_>>(), [2, 3, 4]);
}

#[tokio::test]
async fn cursor_of_another_log_starts_over() {
    let node = alone(unhurried()).await;
    node.engine.send(&who(ALICE), wish("1", say("one"))).await.unwrap();
    let epoch = node.engine.store().epoch();
    for stale in [Cursor { epoch: Epoch(epoch.0 + 1), after: Seq(0) }, Cursor { epoch, after: Seq(9) }] {
        let mut bob = Client::open(&node.engine, BOB, Some(stale)).await.unwrap();
        assert!(!bob.session.ready().resumed);
        bob.pull(1_000).await;
        assert_eq!(bob.resets, [Seq(1)]);
        assert!(bob.log.is_empty());
    }
}

#[tokio::test]
async fn same_client_id_stores_once_over_any_path() {
    let node = alone(unhurried()).await;
    let first = node.engine.send(&who(ALICE), wish("same", say("  hello "))).await.unwrap();
    let mut alice = Client::open(&node.engine, ALICE, None).await.unwrap();
    let Reply::Stored { appended, .. } = alice.send("same", say("hello")).await else { panic!("not stored") };
    assert!(appended.duplicate);
    assert_eq!(appended.event.message, first.message.id);
    let again = node.engine.send(&who(ALICE), wish("same", say("hello"))).await.unwrap();
    assert!(again.duplicate);
    assert_eq!(again.message, first.message);
    let other = node.engine.send(&who(ALICE), wish("same", say("bye"))).await;
    assert!(matches!(other, Err(ChatError::IdReused)));
}

#[tokio::test]
async fn words_have_bounds() {
    let node = alone(unhurried()).await;
    for bad in ["", "  \n ", "nul\0inside", &"क".repeat(4_001)] {
        let refused = node.engine.send(&who(ALICE), wish("x", say(bad))).await;
        assert!(matches!(refused, Err(ChatError::Invalid { field: "content", .. })), "{} bytes", bad.len());
    }
    node.engine.send(&who(ALICE), wish("x", say(&"क".repeat(4_000)))).await.unwrap();
    let image_only = Op::Post { content: String::new(), image: Some("img".into()) };
    node.engine.send(&who(ALICE), wish("y", image_only)).await.unwrap();
}

#[tokio::test]
async fn own_message_changes_within_its_window() {
    let node = alone(unhurried()).await;
    node.engine.send(&who(ALICE), wish("1", say("one"))).await.unwrap();
    let edit = |id: &str, text: &str| wish(id, Op::Edit { target: Seq(1), content: text.into() });
    let edited = node.engine.send(&who(ALICE), edit("2", "uno")).await.unwrap();
    assert_eq!(edited.message.content, "uno");
    assert!(edited.message.edited_at.is_some());
    let foreign = node.engine.send(&who(BOB), edit("3", "mine")).await;
    assert!(matches!(foreign, Err(ChatError::Forbidden(_))));
    node.clock.advance_ms(25 * 60 * 60 * 1_000);
    assert!(matches!(node.engine.send(&who(ALICE), edit("4", "late")).await, Err(ChatError::Forbidden(_))));
    assert!(node.engine.send(&who(ALICE), edit("2", "uno")).await.unwrap().duplicate);
}

#[tokio::test]
async fn deleted_words_leave_ring_and_store() {
    let node = alone(unhurried()).await;
    let before = Client::open(&node.engine, BOB, None).await.unwrap().cursor();
    let _keeps_the_ring = Client::open(&node.engine, ALICE, None).await.unwrap();
    node.engine.send(&who(ALICE), wish("1", say("secret"))).await.unwrap();
    let deleted = node.engine.send(&who(ALICE), wish("2", Op::Delete { target: Seq(1) })).await.unwrap();
    assert!(deleted.message.deleted && deleted.message.content.is_empty());
    let mut bob = Client::open(&node.engine, BOB, Some(before)).await.unwrap();
    bob.pull_until(2).await;
    assert!(bob.log[0].erased);
    assert_eq!(bob.log[0].op, say(""));
}

#[tokio::test]
async fn strangers_reach_nothing() {
    let node = alone(unhurried()).await;
    node.engine.send(&who(ALICE), wish("1", say("for Bob"))).await.unwrap();
    let stranger = who(EVE);
    let refused = |result: Result<(), ChatError>| matches!(result, Err(ChatError::Denied(Denied::NotMember)));
    assert!(refused(Client::open(&node.engine, EVE, None).await.map(drop)));
    assert!(refused(node.engine.send(&stranger, wish("2", say("x"))).await.map(drop)));
    assert!(refused(node.engine.history(&stranger, ROOM, Page::LATEST, 10).await.map(drop)));
    assert!(refused(node.engine.mark_read(&stranger, ROOM, None).await.map(drop)));
    let message =
        node.engine.history(&who(BOB), ROOM, Page::LATEST, 1).await.unwrap().page.messages.remove(0);
    assert!(matches!(node.engine.message(&stranger, message.id).await, Err(ChatError::NotFound)));
    assert_eq!(node.engine.inbox(EVE, None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn withdrawn_access_shows_nothing_more() {
    let node = alone(unhurried()).await;
    let _running = running(&node.engine);
    tokio::task::yield_now().await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    node.rules.refuse(BOB, Denied::PaymentRequired);
    node.rules.signal(BOB);
    while !bob.session.is_in_doubt() {
        bob.session.changed().await;
    }
    node.engine.send(&who(ALICE), wish("1", say("not for Bob any more"))).await.unwrap();
    bob.pull(1_000).await;
    assert_eq!(bob.closed, Some(CloseReason::AccessEnded));
    assert!(bob.log.is_empty() && bob.states.is_empty());
}

#[tokio::test]
async fn needless_revocation_disturbs_nobody() {
    let node = alone(unhurried()).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    node.engine.revoke(chat_core::Revocation { user: BOB, conversation: None });
    node.engine.send(&who(ALICE), wish("1", say("still here"))).await.unwrap();
    bob.pull_until(1).await;
    assert_eq!((bob.log.len(), bob.closed), (1, None));
}

#[tokio::test]
async fn grant_that_ends_is_asked_for_again() {
    let node = alone(unhurried()).await;
    let end = node.engine.now() + SignedDuration::from_secs(10);
    node.rules.access.lock().unwrap().until = Some(end);
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    assert_eq!(bob.session.deadline(), end);
    node.rules.refuse(BOB, Denied::PaymentRequired);
    node.clock.advance_ms(9_999);
    bob.session.on_tick(node.engine.now());
    bob.pull(1_000).await;
    assert_eq!(bob.closed, None);
    node.clock.advance_ms(1);
    bob.session.on_tick(node.engine.now());
    bob.pull(1_000).await;
    assert_eq!(bob.closed, Some(CloseReason::AccessEnded));
}

#[tokio::test]
async fn refused_send_closes_who_lost_access() {
    let node = alone(unhurried()).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    node.rules.refuse(BOB, Denied::Blocked);
    let reply = bob.send("1", say("x")).await;
    assert!(matches!(reply, Reply::Refused { error: ChatError::Denied(Denied::Blocked), .. }));
    bob.pull(1_000).await;
    assert_eq!(bob.closed, Some(CloseReason::Forbidden));
}

#[tokio::test]
async fn hurried_sender_is_told_when_to_come_back() {
    let node = alone(Limits { sends_per_minute: Some(60), sends_burst: 2, ..Limits::default() }).await;
    let mut alice = Client::open(&node.engine, ALICE, None).await.unwrap();
    alice.send("1", say("x")).await;
    alice.send("2", say("x")).await;
    let Reply::Refused { error, .. } = alice.send("3", say("x")).await else { panic!("not refused") };
    assert_eq!(error.retry_ms(), Some(1_000));
    node.engine.send(&who(BOB), wish("4", say("another member"))).await.unwrap();
    node.clock.advance_ms(1_000);
    assert!(matches!(alice.send("3", say("x")).await, Reply::Stored { .. }));
}

#[tokio::test]
async fn flood_closes_the_session() {
    let node = alone(Limits { commands_per_s: 1, commands_burst: 3, ..Limits::default() }).await;
    let mut alice = Client::open(&node.engine, ALICE, None).await.unwrap();
    for _ in 0..3 {
        alice.command(Command::Typing).await;
    }
    let refused = alice.session.on_command(node.engine.now(), Command::Typing);
    assert!(matches!(refused, Err(CloseReason::Flood)));
    alice.pull(1_000).await;
    assert_eq!(alice.closed, Some(CloseReason::Flood));
}

#[tokio::test]
async fn draining_closes_all_within_the_window() {
    let node = alone(unhurried()).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    node.engine.drain(5_000);
    let late = Client::open(&node.engine, ALICE, None).await;
    assert!(matches!(late, Err(ChatError::Overload(_))));
    bob.pull(1_000).await;
    node.clock.advance_ms(5_000);
    bob.session.on_tick(node.engine.now());
    bob.pull(1_000).await;
    assert!(
        matches!(bob.closed, Some(CloseReason::Restart { retry_ms }) if (500..3_000).contains(&retry_ms))
    );
}

#[tokio::test]
async fn retry_of_what_was_purged_gets_the_first_message_without_its_words() {
    let node = alone(unhurried()).await;
    let first = node.engine.send(&who(ALICE), wish("1", say("x"))).await.unwrap().message;
    node.engine.purge(ROOM, Seq(1)).await.unwrap();
    let again = node.engine.send(&who(ALICE), wish("1", say("x"))).await.unwrap();
    assert_eq!((again.duplicate, again.message.id, again.message.seq), (true, first.id, first.seq));
    assert!(again.message.deleted && again.message.content.is_empty());
}
