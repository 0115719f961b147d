//! What is told between nodes.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::time::timeout;
use uuid::Uuid;

use super::{BusHarness, kit::*};
use crate::{
    Bus, BusEvent, ClientMessageId, ConversationId, Event, Hint, MessageId, Op, Seq, conformance::kit::must,
};

const ROOM: ConversationId = ConversationId(Uuid::from_u128(0x0100));
/// More than any bus keeps for a node that does not listen.
const FLOOD_HINTS: u64 = 20_000;

/// Whatever is told about a topic is heard by those who subscribed to it, to the last letter.
pub async fn each_kind_of_hint_arrives_as_it_was_sent<H: BusHarness>() {
    let harness = H::fresh().await;
    let (here, there) = (harness.join().await, harness.join().await);
    let mut events = there.events();
    for hint in one_of_each() {
        if let Some(topic) = hint.topic() {
            there.subscribe(topic);
        }
        say_until_heard(&here, &mut events, &hint).await;
    }
}

/// What a node says itself comes back to it on no stream.
pub async fn nodes_do_not_hear_themselves<H: BusHarness>() {
    let harness = H::fresh().await;
    let (here, there) = (harness.join().await, harness.join().await);
    let mut events = here.events();
    let own = Hint::Revoked { user: ALICE, conversation: None };
    here.publish(own.clone());
    let other = Hint::Revoked { user: BOB, conversation: None };
    let before = say_until_heard(&there, &mut events, &other).await;
    here.publish(own.clone());
    let last = Hint::Revoked { user: BOB, conversation: Some(ROOM) };
    let between = say_until_heard(&there, &mut events, &last).await;
    assert!(!before.contains(&own) && !between.contains(&own), "a node heard itself");
}

/// Withdrawn access and presence are heard by nodes that subscribed to nothing.
pub async fn every_node_hears_what_has_no_topic<H: BusHarness>() {
    let harness = H::fresh().await;
    let (here, there) = (harness.join().await, harness.join().await);
    let mut events = there.events();
    for hint in one_of_each().into_iter().filter(|hint| hint.topic().is_none()) {
        say_until_heard(&here, &mut events, &hint).await;
    }
}

/// A node may listen with more than one stream.
pub async fn each_stream_of_a_node_hears<H: BusHarness>() {
    let harness = H::fresh().await;
    let (here, there) = (harness.join().await, harness.join().await);
    let (mut first, mut second) = (there.events(), there.events());
    let hint = Hint::Revoked { user: ALICE, conversation: None };
    say_until_heard(&here, &mut first, &hint).await;
    say_until_heard(&here, &mut second, &hint).await;
}

/// A node that is told more than it can keep hears all of it, or that some may be lost. The sender never waits.
pub async fn flood_is_heard_or_known_as_lost<H: BusHarness>() {
    let harness = H::fresh().await;
    let (here, there) = (Arc::new(harness.join().await), harness.join().await);
    let mut events = there.events();
    let marked = |revision| Hint::Marked { conversation: ROOM, user: ALICE, read: Seq(1), revision };
    there.subscribe(crate::Topic::Conversation(ROOM));
    say_until_heard(&*here, &mut events, &marked(0)).await;
    let flooding = Arc::clone(&here);
    let flood = tokio::task::spawn_blocking(move || {
        (1..=FLOOD_HINTS).for_each(|revision| flooding.publish(marked(revision)));
    });
    must(must(timeout(Duration::from_secs(30), flood).await.map_err(|_| "publish waits")));
    let (mut heard, mut known_as_lost) = (0, false);
    while heard < FLOOD_HINTS && !known_as_lost {
        match timeout(Duration::from_secs(10), events.next()).await {
            Ok(Some(BusEvent::Got(Hint::Marked { revision, .. }))) if revision > 0 => heard += 1,
            Ok(Some(BusEvent::MaybeLost)) => known_as_lost = true,
            Ok(Some(BusEvent::Got(_))) => {}
            Ok(None) | Err(_) => panic!("{heard} of {FLOOD_HINTS} hints were heard, and no loss was told"),
        }
    }
}

fn one_of_each() -> Vec<Hint> {
    let event = Event {
        conversation: ROOM,
        seq: Seq(7),
        message: MessageId(Uuid::from_u128(9)),
        by: ALICE,
        client_id: must(ClientMessageId::new("c-1")),
        at: must(Timestamp::from_microsecond(1_800_000_000_123_456)),
        op: Op::Post {
            content: "कोठा \"खाली\" छ?\r\n\u{1F3E0}".into(), image: Some("img/1".into())
        },
        erased: false,
    };
    vec![
        Hint::Stored { event: Arc::new(event) },
        Hint::Marked { conversation: ROOM, user: BOB, read: Seq(u64::MAX >> 11), revision: 3 },
        Hint::Typing { conversation: ROOM, user: ALICE },
        Hint::Unread { user: BOB },
        Hint::Presence { user: ALICE, online: true },
        Hint::Presence { user: ALICE, online: false },
        Hint::Revoked { user: ALICE, conversation: Some(ROOM) },
        Hint::Revoked { user: BOB, conversation: None },
    ]
}
