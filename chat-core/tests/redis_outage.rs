//! Redis is paused, killed and started again: no send fails, nothing is lost or doubled, and a sweep bounds how long the
//! other node is behind. It has a Redis of its own, so that no other test suffers.
#![cfg(feature = "redis")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{sync::Arc, time::Duration};

use chat_core::{
    Bus as _, BusEvent, ChatStore as _, Hint, Limits, ManualClock, MemoryStore, Page, Parts, RandomIds,
    RedisBus, Seq,
};
use futures_util::StreamExt as _;
use support::chat::{ALICE, BOB, Client, Engine, ROOM, Rules, TextFrames, running, say, unhurried};
use support::redis::{Redis, free_port};
use tokio::{
    net::TcpListener,
    time::{Instant, timeout},
};

const SWEEP_MS: u64 = 500;
/// Far more than a sweep, for a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(30);

async fn joined(redis: &Redis, node: u64) -> Arc<RedisBus> {
    let bus = RedisBus::join(&format!("redis://127.0.0.1:{}", redis.port), "outage", node).unwrap();
    let mut events = bus.events();
    assert_eq!(timeout(PATIENCE, events.next()).await.unwrap(), Some(BusEvent::MaybeLost));
    Arc::new(bus)
}

fn engine(store: MemoryStore, bus: Arc<RedisBus>, clock: &Arc<ManualClock>) -> Engine {
    Engine::new(Parts {
        store,
        encoder: TextFrames,
        policy: Rules::new(),
        bus,
        clock: Arc::clone(clock) as _,
        ids: Arc::new(RandomIds),
        limits: Limits { sweep_every_ms: SWEEP_MS, ..unhurried() },
    })
}

/// Alice sends ten; how long until Bob, on the other node, has them all.
async fn ten_more(alice: &mut Client, bob: &mut Client, name: &str) -> Duration {
    let began = Instant::now();
    let had = bob.log.len();
    for number in 0..10 {
        let sent = timeout(PATIENCE, alice.send(&format!("{name}-{number}"), say("x"))).await.unwrap();
        assert!(
            matches!(sent, chat_core::Reply::Stored { .. }),
            "a send failed because of the bus: {sent:?}"
        );
    }
    timeout(PATIENCE, bob.pull_until(had + 10)).await.unwrap();
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outage_of_redis_costs_a_sweep_and_heals() {
    let redis = Redis::start(free_port(), &[]);
    let store = MemoryStore::new();
    let clock = Arc::new(ManualClock::default());
    let here = engine(store.clone(), joined(&redis, 1).await, &clock);
    let there = engine(store.clone(), joined(&redis, 2).await, &clock);
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = (running(&here), running(&there));
    let mut bob = Client::open(&here, BOB, None).await.unwrap();
    let mut alice = Client::open(&there, ALICE, None).await.unwrap();
    let well = ten_more(&mut alice, &mut bob, "well").await;

    redis.signal("-STOP");
    let paused = ten_more(&mut alice, &mut bob, "paused").await;
    assert!(
        timeout(PATIENCE, here.online(&[BOB])).await.unwrap().contains(&BOB),
        "its own, a node always knows"
    );
    redis.signal("-CONT");

    let port = redis.port;
    redis.signal("-KILL");
    let killed = ten_more(&mut alice, &mut bob, "killed").await;
    drop(redis);

    let _redis = Redis::start(port, &[]);
    let restarted = ten_more(&mut alice, &mut bob, "restarted").await;
    // Typing is told over the bus only: once it arrives, the bus is well again.
    bob.states.clear();
    let healing = Instant::now();
    timeout(PATIENCE, async {
        loop {
            there.typing(&support::chat::who(ALICE), ROOM).await.unwrap();
            let _not_yet = timeout(Duration::from_millis(100), bob.pull_states(1)).await;
            if bob.states.iter().any(|state| state.starts_with("Typing")) {
                break;
            }
            // A member's typing is passed on every so often only.
            clock.advance_ms(unhurried().typing_every_ms);
            bob.states.clear();
        }
    })
    .await
    .unwrap_or_else(|_| panic!("typing never came"));
    timeout(PATIENCE, async {
        while !here.online(&[ALICE]).await.contains(&ALICE) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .unwrap_or_else(|_| panic!("Alice was not announced again"));
    println!(
        "behind by: well {well:?}, paused {paused:?}, killed {killed:?}, restarted {restarted:?}; healed in {:?}",
        healing.elapsed()
    );
    let log = store.log(ROOM, Page::After(Seq::ZERO), 1_000).await.unwrap();
    assert_eq!((bob.log.len(), &bob.log), (40, &log));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_that_is_away_is_tried_ever_less_often_however_much_there_is_to_say() {
    // Whoever connects is hung up on.
    let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", door.local_addr().unwrap());
    let bus = RedisBus::join(&url, "away", 1).unwrap();
    let talking = async {
        loop {
            bus.publish(Hint::Unread { user: ALICE });
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let mut tries = 0;
    let counting = async {
        loop {
            drop(door.accept().await.unwrap());
            tries += 1;
        }
    };
    let _over = timeout(Duration::from_secs(3), async { tokio::join!(talking, counting) }).await;
    // Speaking and listening each wait 50 ms, 100, 200, 400, 800, 1,600; one that connects tries twice, perhaps.
    assert!((4..=40).contains(&tries), "{tries} connections in three seconds");
}
