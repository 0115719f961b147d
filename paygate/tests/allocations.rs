//! T31: what a granted look-up costs in memory: nothing is allocated.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

use futures_util::FutureExt as _;
use paygate::testing::{key, minute, paid, payment, resource, subject};
use paygate::{
    Access, AccessChange, CachedStore, Change, Committed, GrantEffect, GrantStore, MemoryStore, Opened,
    Opening, PaymentStore, Policy, step,
};
#[test]
fn t31_a_granted_look_up_allocates_nothing() {
    let store = MemoryStore::new();
    grant(&store);
    let cached = CachedStore::new(store.clone(), 1_000, 10).unwrap();
    look(&cached);
    assert_eq!((allocations(|| look(&store)), allocations(|| look(&cached))), (0, 0));
}

fn allocations(act: impl FnOnce()) -> u64 {
    allocation_counter::measure(act).count_total
}

fn look(store: &impl GrantStore) {
    // Made in front of the measurement in a server, too: a request carries them.
    thread_local! {
        static DOOR: (paygate::SubjectId, paygate::ResourceId) = (subject("user:1"), resource("room:7"));
    }
    DOOR.with(|(who, what)| {
        let access = store.access(who, what, minute(2)).now_or_never().unwrap();
        assert!(matches!(access, Ok(Access::Granted(_))));
    });
}

fn grant(store: &MemoryStore) {
    let opening = Opening { payment: payment("p"), key: key("k"), asked: vec![] };
    let opened = store.open(opening).now_or_never().unwrap();
    let Ok(Opened::New(payment)) = opened else { panic!("{opened:?}") };
    let step = step(&payment, &paid(&payment, "R1"), minute(1), &Policy::default());
    assert_eq!(step.access, AccessChange::Give);
    let grant = GrantEffect::Give(step.to.grant(paygate::testing::grant_id("g"), minute(1)));
    let change =
        Change { to: step.to, claim: step.claim, grant, events: step.events, at: minute(1), note: None };
    assert_eq!(store.commit(change).now_or_never().unwrap().ok(), Some(Committed::Applied));
}
