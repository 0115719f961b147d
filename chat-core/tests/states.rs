//! Read marks, typing, presence and unread notices: states that are told but not logged.

mod support;

use std::time::Duration;

use chat_core::{Command, Limits, Seq, Wish};
use support::chat::{ALICE, BOB, Client, EVE, ROOM, alone, id, running, say, unhurried, who};

fn wish(client_id: &str) -> Wish {
    Wish { conversation: ROOM, client_id: id(client_id), op: say("x") }
}

#[tokio::test]
async fn coming_and_going_is_told_to_the_other() {
    let node = alone(unhurried()).await;
    let _running = running(&node.engine);
    let mut alice = Client::open(&node.engine, ALICE, None).await.unwrap();
    assert_eq!(&*alice.session.ready().online, [ALICE]);
    let bob = Client::open(&node.engine, BOB, None).await.unwrap();
    let second = Client::open(&node.engine, BOB, None).await.unwrap();
    assert_eq!(node.engine.online(&[ALICE, BOB, EVE]).await, [ALICE, BOB].into());
    alice.pull(1_000).await;
    drop(bob);
    tokio::task::yield_now().await;
    alice.pull(1_000).await;
    drop(second);
    alice.pull_states(2).await;
    assert_eq!(node.engine.online(&[ALICE, BOB, EVE]).await, [ALICE].into());
    let told: Vec<bool> = alice.states.iter().map(|state| state.contains("online: true")).collect();
    assert_eq!(told, [true, false]);
}

#[tokio::test]
async fn whoever_listens_for_notices_is_there() {
    let node = alone(unhurried()).await;
    let _running = running(&node.engine);
    let notices = node.engine.notices(BOB);
    let mut alice = Client::open(&node.engine, ALICE, None).await.unwrap();
    assert_eq!(alice.session.ready().online.len(), 2);
    drop(notices);
    alice.pull_states(1).await;
    assert_eq!(alice.states, [format!("Presence {{ user: {BOB:?}, online: false }}")]);
}

#[tokio::test]
async fn read_marks_reach_both_and_only_the_last_counts() {
    let node = alone(unhurried()).await;
    for number in 1..=3 {
        node.engine.send(&who(ALICE), wish(&number.to_string())).await.unwrap();
    }
    let mut alice = Client::open(&node.engine, ALICE, None).await.unwrap();
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    alice.pull(1_000).await;
    alice.states.clear();
    for up_to in [1, 2, 9, 1] {
        bob.command(Command::Read { up_to: Seq(up_to) }).await;
    }
    alice.pull(1_000).await;
    bob.pull(1_000).await;
    assert_eq!(alice.states, [format!("Read {{ user: {BOB:?}, up_to: Seq(3) }}")]);
    assert_eq!(bob.states, alice.states);
    let known =
        node.engine.history(&who(ALICE), ROOM, chat_core::Page::LATEST, 1).await.unwrap().conversation;
    assert!(known.members.iter().any(|member| member.user == BOB && member.read == Seq(3)));
}

#[tokio::test]
async fn typing_is_passed_on_now_and_then() {
    let node = alone(Limits { typing_every_ms: 3_000, ..unhurried() }).await;
    let mut alice = Client::open(&node.engine, ALICE, None).await.unwrap();
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    alice.pull(1_000).await;
    alice.states.clear();
    for _ in 0..3 {
        bob.command(Command::Typing).await;
        alice.pull(1_000).await;
        bob.pull(1_000).await;
    }
    assert_eq!(alice.states, [format!("Typing {{ user: {BOB:?} }}")]);
    assert!(bob.states.is_empty(), "nobody is told that they type themselves");
    node.clock.advance_ms(3_000);
    bob.command(Command::Typing).await;
    alice.pull(1_000).await;
    assert_eq!(alice.states.len(), 2);
}

#[tokio::test]
async fn unread_notices_follow_posts_and_marks() {
    let node = alone(unhurried()).await;
    let mut notices = node.engine.notices(BOB);
    let quiet = tokio::time::timeout(Duration::from_millis(20), notices.changed()).await;
    assert!(quiet.is_err(), "nothing happened yet");
    node.engine.send(&who(ALICE), wish("1")).await.unwrap();
    notices.changed().await;
    assert_eq!(node.engine.unread(BOB).await.unwrap(), 1);
    let mark = node.engine.mark_read(&who(BOB), ROOM, None).await.unwrap();
    assert_eq!(mark.unread, 0);
    notices.changed().await;
    assert_eq!(node.engine.unread(BOB).await.unwrap(), 0);
    assert_eq!(node.engine.unread(ALICE).await.unwrap(), 0);
}

#[tokio::test]
async fn sessions_of_a_member_are_counted() {
    let node = alone(Limits { sessions_per_member_max: 2, ..unhurried() }).await;
    let first = Client::open(&node.engine, BOB, None).await.unwrap();
    let _second = Client::open(&node.engine, BOB, None).await.unwrap();
    assert!(Client::open(&node.engine, BOB, None).await.is_err());
    drop(first);
    assert!(Client::open(&node.engine, BOB, None).await.is_ok());
}
