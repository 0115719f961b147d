//! Two nodes on one store: the bus is a hint, and losing it costs latency only.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{collections::HashSet, sync::Arc, time::Duration};

use chat_core::{
    Bus, BusEvent, Hint, InProcessBus, Limits, MemoryStore, Parts, Seq, SequentialIds, Topic, UserId, Wish,
};
use futures_util::{future::BoxFuture, stream::BoxStream};
use support::chat::{
    ALICE, BOB, Client, EVE, Engine, ROOM, Rules, TextFrames, id, node, running, say, unhurried, who,
};

fn wish(client_id: &str) -> Wish {
    Wish { conversation: ROOM, client_id: id(client_id), op: say(client_id) }
}

/// Loses every hint.
struct DeadBus;

impl Bus for DeadBus {
    fn publish(&self, _: Hint) {}
    fn subscribe(&self, _: Topic) {}
    fn unsubscribe(&self, _: Topic) {}
    fn events(&self) -> BoxStream<'static, BusEvent> {
        Box::pin(futures_util::stream::pending())
    }
    fn set_present(&self, _: UserId, _: bool) {}
    fn present(&self, _: Vec<UserId>) -> BoxFuture<'static, Option<HashSet<UserId>>> {
        Box::pin(futures_util::future::ready(None))
    }
}

fn with_bus(store: MemoryStore, bus: Arc<dyn Bus>, limits: Limits) -> Engine {
    Engine::new(Parts {
        store,
        encoder: TextFrames,
        policy: Rules::new(),
        bus,
        clock: Arc::new(chat_core::ManualClock::default()),
        ids: Arc::new(chat_core::RandomIds),
        limits,
    })
}

#[tokio::test]
async fn entry_of_one_node_is_heard_on_the_other() {
    let (store, bus) = (MemoryStore::new(), InProcessBus::new());
    let here = node(store.clone(), bus.join(), unhurried());
    let there = with_bus(store, Arc::new(bus), unhurried());
    here.engine.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = (running(&here.engine), running(&there));
    let mut bob = Client::open(&here.engine, BOB, None).await.unwrap();
    let mut alice = Client::open(&there, ALICE, None).await.unwrap();
    alice.send("1", say("from there")).await;
    bob.pull_until(1).await;
    bob.send("2", say("from here")).await;
    alice.pull_until(2).await;
    bob.pull_until(2).await;
    assert_eq!(alice.log, bob.log);
}

#[tokio::test(start_paused = true)]
async fn dead_bus_costs_at_most_a_sweep() {
    let store = MemoryStore::new();
    let here = with_bus(store.clone(), Arc::new(DeadBus), unhurried());
    let there = with_bus(store, Arc::new(DeadBus), unhurried());
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = (running(&here), running(&there));
    let mut bob = Client::open(&here, BOB, None).await.unwrap();
    let mut alice = Client::open(&there, ALICE, None).await.unwrap();
    let began = tokio::time::Instant::now();
    for number in 0..200 {
        there.send(&who(ALICE), wish(&number.to_string())).await.unwrap();
    }
    there.mark_read(&who(ALICE), ROOM, None).await.unwrap();
    bob.pull_until(200).await;
    bob.pull_states(1).await;
    assert!(began.elapsed() <= Duration::from_millis(unhurried().sweep_every_ms + 100));
    alice.pull_until(200).await;
    assert_eq!(bob.log, alice.log);
    assert_eq!(bob.states, [format!("Read {{ user: {ALICE:?}, up_to: Seq(200) }}")]);
}

#[tokio::test(start_paused = true)]
async fn hole_is_filled_from_the_store() {
    let (store, bus) = (MemoryStore::new(), InProcessBus::new());
    let here =
        with_bus(store.clone(), Arc::new(bus.join()), Limits { sweep_every_ms: 3_600_000, ..unhurried() });
    let silent = with_bus(store, Arc::new(DeadBus), unhurried());
    let loud = with_bus(silent.store().clone(), Arc::new(bus), unhurried());
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = running(&here);
    let mut bob = Client::open(&here, BOB, None).await.unwrap();
    tokio::task::yield_now().await;
    silent.send(&who(ALICE), wish("unheard")).await.unwrap();
    loud.send(&who(ALICE), wish("heard")).await.unwrap();
    bob.pull_until(2).await;
    assert_eq!(bob.log[0].client_id, id("unheard"));
}

#[tokio::test(start_paused = true)]
async fn presence_crosses_nodes() {
    let (store, bus) = (MemoryStore::new(), InProcessBus::new());
    let here = with_bus(store.clone(), Arc::new(bus.join()), unhurried());
    let there = with_bus(store, Arc::new(bus), unhurried());
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = (running(&here), running(&there));
    tokio::task::yield_now().await;
    let mut alice = Client::open(&here, ALICE, None).await.unwrap();
    let bob = Client::open(&there, BOB, None).await.unwrap();
    assert_eq!(bob.session.ready().online.len(), 2, "who opens a room sees who is on the other node");
    alice.pull_states(1).await;
    assert_eq!(here.online(&[BOB, EVE]).await, [BOB].into());
    // Bob is on both nodes, then on neither.
    let second = Client::open(&here, BOB, None).await.unwrap();
    drop(bob);
    let still = tokio::time::timeout(Duration::from_secs(60), alice.pull_states(2)).await;
    assert!(still.is_err(), "Bob is still here: {:?}", alice.states);
    drop(second);
    alice.pull_states(2).await;
    let told: Vec<bool> = alice.states.iter().map(|state| state.contains("online: true")).collect();
    assert_eq!(told, [true, false]);
    assert!(here.online(&[BOB]).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn node_that_dies_takes_its_people_offline() {
    let (store, bus) = (MemoryStore::new(), InProcessBus::new());
    let here = with_bus(store.clone(), Arc::new(bus.join()), unhurried());
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = running(&here);
    // A node without an engine: nobody says goodbye when it goes.
    bus.set_present(BOB, true);
    let mut alice = Client::open(&here, ALICE, None).await.unwrap();
    assert_eq!(alice.session.ready().online.len(), 2);
    drop(bus);
    let began = tokio::time::Instant::now();
    alice.pull_states(1).await;
    assert_eq!(alice.states, [format!("Presence {{ user: {BOB:?}, online: false }}")]);
    assert!(began.elapsed() <= Duration::from_millis(unhurried().presence_every_ms + 100));
}

#[tokio::test]
async fn peer_that_is_ahead_of_its_node_resumes() {
    let store = MemoryStore::new();
    let here = with_bus(store.clone(), Arc::new(DeadBus), unhurried());
    let there = with_bus(store, Arc::new(DeadBus), unhurried());
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _keeps_the_room = Client::open(&here, ALICE, None).await.unwrap();
    let mut bob = Client::open(&there, BOB, None).await.unwrap();
    bob.send("1", say("one")).await;
    bob.send("2", say("two")).await;
    bob.pull_until(2).await;
    let mut moved = Client::open(&here, BOB, Some(bob.cursor())).await.unwrap();
    assert!(moved.session.ready().resumed);
    assert_eq!(moved.session.ready().last, Seq(2));
    moved.send("3", say("three")).await;
    moved.pull_until(1).await;
    assert_eq!(moved.log[0].seq, Seq(3));
}

#[tokio::test]
async fn ids_of_tests_run_in_sequence() {
    let ids = SequentialIds::default();
    let now = jiff::Timestamp::UNIX_EPOCH;
    assert!(chat_core::IdSource::message_id(&ids, now) < chat_core::IdSource::message_id(&ids, now));
}

#[tokio::test(start_paused = true)]
async fn node_that_never_heard_what_another_purged_goes_on_after_it() {
    let store = MemoryStore::new();
    let here = with_bus(store.clone(), Arc::new(DeadBus), unhurried());
    let there = with_bus(store, Arc::new(DeadBus), unhurried());
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = running(&here);
    let mut bob = Client::open(&here, BOB, None).await.unwrap();
    for number in 1..=5 {
        there.send(&who(ALICE), wish(&number.to_string())).await.unwrap();
    }
    there.purge(ROOM, Seq(5)).await.unwrap();
    there.send(&who(ALICE), wish("6")).await.unwrap();
    let told = async {
        while bob.resets.is_empty() {
            bob.session.changed().await;
            bob.pull(1_000).await;
        }
        there.send(&who(ALICE), wish("7")).await.unwrap();
        bob.pull_until(1).await;
    };
    tokio::time::timeout(Duration::from_secs(60), told).await.expect("Bob hears of it");
    assert_eq!((bob.resets.as_slice(), bob.log[0].seq), (&[Seq(6)][..], Seq(7)));
}
