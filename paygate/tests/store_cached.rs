//! T17: a store that remembers grants keeps every promise of the suite, and a revoked grant stops at once where it
//! was revoked, and within the time to live elsewhere.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use paygate::conformance::{Harness, Shelf};
use paygate::testing::{Answer, minute, paid, resource, subject};
use paygate::{Access, CacheError, CachedStore, GrantStore, MemoryStore, Outcome, RefundSize};
use support::interrupt::{Interrupting, Plan};
use support::service::World;

struct Cached;

impl Harness for Cached {
    type Store = CachedStore<MemoryStore>;

    async fn open(&self, shelf: &Shelf) -> CachedStore<MemoryStore> {
        cached(shelf.keep(MemoryStore::new))
    }
}

paygate::store_conformance!(Cached);

fn cached<S>(store: S) -> CachedStore<S> {
    CachedStore::new(store, 1_000, 100).unwrap()
}

async fn access(store: &impl GrantStore, now: Timestamp) -> Access {
    store.access(&subject("user:1"), &resource("room:7"), now).await.unwrap()
}

fn is_open(access: &Access) -> bool {
    matches!(access, Access::Granted(_))
}

/// User 1 has paid for room 7; the returned act takes the money back.
async fn paid_world<S: paygate::PaymentStore>(store: S) -> World<S> {
    let world = World::new(store);
    let payment = world.begun().await;
    world.provider.always(&payment.intent.id, Answer::Says(paid(&payment, "R1")));
    world.signed(&payment.intent.id).await;
    world
}

async fn refund<S: paygate::PaymentStore>(world: &World<S>) {
    let back = Outcome::Refunded { reference: None, size: RefundSize::Full };
    let id = paygate::testing::payment_id("pay-1");
    world.provider.always(&id, Answer::Says(back));
    world.payments.recheck(&id).await.unwrap();
}

#[tokio::test]
async fn t17_a_revoked_grant_stops_at_once_here_and_within_a_second_elsewhere() {
    let memory = MemoryStore::new();
    let (here, elsewhere) = (cached(memory.clone()), cached(memory));
    let world = paid_world(here.clone()).await;
    let now = minute(1);
    assert!(is_open(&access(&here, now).await) && is_open(&access(&elsewhere, now).await));
    refund(&world).await;
    assert_eq!(access(&here, now).await, Access::Locked);
    let after = |ms| now + SignedDuration::from_millis(ms);
    assert!(is_open(&access(&elsewhere, after(999)).await), "it is remembered");
    assert_eq!(access(&elsewhere, after(1_000)).await, Access::Locked);
}

#[tokio::test]
async fn t17_a_grant_that_is_known_to_be_revoked_elsewhere_stops_at_once() {
    let memory = MemoryStore::new();
    let (here, elsewhere) = (cached(memory.clone()), cached(memory));
    let world = paid_world(here).await;
    let now = minute(1);
    assert!(is_open(&access(&elsewhere, now).await));
    refund(&world).await;
    elsewhere.forget(&subject("user:1"), &resource("room:8"));
    elsewhere.forget(&subject("user:2"), &resource("room:7"));
    assert!(is_open(&access(&elsewhere, now).await), "only what it is told is forgotten");
    elsewhere.forget(&subject("user:1"), &resource("room:7"));
    assert_eq!(access(&elsewhere, now).await, Access::Locked);
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_lengthen_a_memory() {
    let memory = MemoryStore::new();
    let (here, elsewhere) = (cached(memory.clone()), cached(memory));
    let world = paid_world(here).await;
    assert!(is_open(&access(&elsewhere, minute(10)).await));
    refund(&world).await;
    assert_eq!(access(&elsewhere, minute(1)).await, Access::Locked);
}

#[tokio::test]
async fn a_payment_opens_at_once_although_the_door_was_just_found_locked() {
    let store = cached(MemoryStore::new());
    assert_eq!(access(&store, minute(0)).await, Access::Locked);
    let _world = paid_world(store.clone()).await;
    assert!(is_open(&access(&store, minute(0)).await));
}

#[tokio::test]
async fn a_full_memory_forgets_instead_of_growing_and_still_answers() {
    let memory = MemoryStore::new();
    let world = World::new(memory.clone());
    for user in 0..50 {
        let who = format!("user:{user}");
        let payment = world.start(&who, "room:7", "k").await.unwrap().payment;
        world.is_paid(&payment, &format!("R{user}"));
        world.signed(&payment.intent.id).await;
    }
    let small = CachedStore::new(memory, 1_000, 8).unwrap();
    for round in 0..3 {
        for user in 0..50 {
            let who = subject(&format!("user:{user}"));
            assert!(is_open(&small.access(&who, &resource("room:7"), minute(round)).await.unwrap()));
        }
    }
}

#[test]
fn a_memory_of_more_than_a_second_or_of_nothing_is_refused() {
    for (ttl_ms, entries_max) in [(0, 10), (1_001, 10), (1, 0)] {
        assert_eq!(CachedStore::new(MemoryStore::new(), ttl_ms, entries_max).unwrap_err(), CacheError);
    }
}

#[tokio::test]
async fn t17_a_look_up_that_a_revocation_overtakes_is_not_remembered() {
    let slow = Interrupting { inner: MemoryStore::new(), plan: Plan::none() };
    let store = cached(slow);
    let world = paid_world(store.clone()).await;
    // It gives way before it looks, and again before it answers.
    let mut looking = Box::pin(access(&store, minute(1)));
    for _ in 0..2 {
        assert!((&mut looking).now_or_never().is_none());
    }
    refund(&world).await;
    assert!(is_open(&looking.await), "it was true when it was asked");
    assert_eq!(access(&store, minute(1)).await, Access::Locked, "the next request is refused");
}
