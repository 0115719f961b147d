//! Two nodes on one store and one Redis: hints cross, and an outage costs latency only. The server is the one of
//! `TEST_REDIS_URL`, or a local one; each test has a prefix of its own there.
#![cfg(feature = "redis")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{sync::Arc, time::Duration};

use chat_core::{
    Bus, BusEvent, ChatStore as _, Clock, IdSource, Limits, ManualClock, MemoryStore, Parts, RandomIds,
    RedisBus, Revocation, SystemClock, Wish,
};
use futures_util::StreamExt as _;
use support::chat::{ALICE, BOB, Client, Engine, ROOM, Rules, TextFrames, id, running, say, unhurried, who};
use tokio::time::timeout;

fn url() -> String {
    std::env::var("TEST_REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned())
}

fn prefix() -> String {
    format!("test:{}", RandomIds.message_id(SystemClock.now()).0.simple())
}

fn engine(store: MemoryStore, bus: Arc<dyn Bus>) -> Engine {
    // A sweep would hide a dead bus.
    let limits = Limits { sweep_every_ms: 3_600_000, ..unhurried() };
    Engine::new(Parts {
        store,
        encoder: TextFrames,
        policy: Rules::new(),
        bus,
        clock: Arc::new(ManualClock::default()),
        ids: Arc::new(RandomIds),
        limits,
    })
}

fn wish(text: &str) -> Wish {
    Wish { conversation: ROOM, client_id: id(text), op: say(text) }
}

/// A bus that is known to listen.
async fn joined(prefix: &str, node: u64) -> Arc<RedisBus> {
    Arc::new(joined_bus(prefix, node).await)
}

async fn joined_bus(prefix: &str, node: u64) -> RedisBus {
    let bus = RedisBus::join(&url(), prefix, node).unwrap();
    let mut events = bus.events();
    let first = timeout(Duration::from_secs(10), events.next()).await.unwrap();
    assert_eq!(first, Some(BusEvent::MaybeLost));
    bus
}

async fn within_ten_seconds<T>(what: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(10), what).await.unwrap()
}

#[tokio::test]
async fn entry_of_one_node_is_heard_on_the_other() {
    let (store, prefix) = (MemoryStore::new(), prefix());
    let here = engine(store.clone(), joined(&prefix, 1).await);
    let there = engine(store, joined(&prefix, 2).await);
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = (running(&here), running(&there));
    let mut bob = Client::open(&here, BOB, None).await.unwrap();
    let mut alice = Client::open(&there, ALICE, None).await.unwrap();
    // Until the subscription of the room is in force its first hints may be missed; later ones find the hole.
    for number in 0.. {
        alice.send(&format!("{number}"), say("from there")).await;
        let heard = timeout(Duration::from_millis(200), bob.pull_until(number + 1)).await;
        if heard.is_ok() {
            break;
        }
        assert!(number < 20, "nothing was heard");
    }
    within_ten_seconds(alice.pull_until(bob.log.len())).await;
    assert_eq!(bob.log, alice.log[..bob.log.len()]);
}

#[tokio::test]
async fn revocation_reaches_every_node() {
    let (store, prefix) = (MemoryStore::new(), prefix());
    let here = engine(store.clone(), joined(&prefix, 1).await);
    let there = engine(store, joined(&prefix, 2).await);
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = running(&here);
    tokio::task::yield_now().await;
    let mut bob = Client::open(&here, BOB, None).await.unwrap();
    there.revoke(Revocation { user: BOB, conversation: None });
    within_ten_seconds(async {
        while !bob.session.is_in_doubt() {
            bob.session.changed().await;
        }
    })
    .await;
}

#[tokio::test]
async fn presence_crosses_nodes() {
    let (store, prefix) = (MemoryStore::new(), prefix());
    let here = engine(store.clone(), joined(&prefix, 1).await);
    let there = engine(store, joined(&prefix, 2).await);
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = (running(&here), running(&there));
    tokio::task::yield_now().await;
    let mut alice = Client::open(&here, ALICE, None).await.unwrap();
    let bob = Client::open(&there, BOB, None).await.unwrap();
    assert_eq!(bob.session.ready().online.len(), 2);
    within_ten_seconds(alice.pull_states(1)).await;
    assert_eq!(here.online(&[BOB]).await, [BOB].into());
    drop(bob);
    within_ten_seconds(alice.pull_states(2)).await;
    assert!(here.online(&[BOB]).await.is_empty());
    let told: Vec<bool> = alice.states.iter().map(|state| state.contains("online: true")).collect();
    assert_eq!(told, [true, false]);
}

#[tokio::test]
async fn lost_connection_heals_and_nothing_is_missing() {
    let (store, prefix) = (MemoryStore::new(), prefix());
    let here = engine(store.clone(), joined(&prefix, 1).await);
    // This one says nothing at all: what it stores must be found by comparing.
    let silent = engine(store, Arc::new(chat_core::InProcessBus::new()));
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = running(&here);
    tokio::task::yield_now().await;
    let mut bob = Client::open(&here, BOB, None).await.unwrap();
    silent.send(&who(ALICE), wish("unheard")).await.unwrap();
    let client = redis::Client::open(url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut kill = redis::cmd("CLIENT");
    kill.arg("KILL").arg("TYPE").arg("pubsub");
    within_ten_seconds(async {
        let _count: i64 = kill.query_async(&mut connection).await.unwrap();
        bob.pull_until(1).await;
    })
    .await;
    assert_eq!(bob.log[0].client_id, id("unheard"));
}

#[tokio::test]
async fn sends_succeed_without_redis() {
    let store = MemoryStore::new();
    let bus = RedisBus::join("redis://127.0.0.1:1", "nowhere", 1).unwrap();
    let here = engine(store.clone(), Arc::new(bus));
    let there = engine(store, Arc::new(RedisBus::join("redis://127.0.0.1:1", "nowhere", 2).unwrap()));
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = running(&there);
    let mut bob = Client::open(&there, BOB, None).await.unwrap();
    here.send(&who(ALICE), wish("durable")).await.unwrap();
    assert_eq!(here.store().unread(BOB).await.unwrap(), 1);
    // A bus that is cut off keeps saying so, and the node compares with the store.
    within_ten_seconds(bob.pull_until(1)).await;
}

#[cfg(feature = "conformance")]
mod promises {
    use chat_core::{RedisBus, conformance::BusHarness};

    use super::{joined_bus, prefix};

    struct Redis {
        prefix: String,
        joined: std::sync::atomic::AtomicU64,
    }

    impl BusHarness for Redis {
        type Bus = RedisBus;

        async fn fresh() -> Self {
            Self { prefix: prefix(), joined: 0.into() }
        }

        async fn join(&self) -> RedisBus {
            joined_bus(&self.prefix, self.joined.fetch_add(1, std::sync::atomic::Ordering::SeqCst)).await
        }

        async fn kill(&self, node: RedisBus) {
            drop(node);
        }
    }

    chat_core::bus_conformance!(Redis);
}
