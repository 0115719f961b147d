//! A paid payment whose host can't deliver what it was for.

mod support;

use paygate::testing::actor;
use paygate::{Access, Anomaly, MemoryStore, State, Verdict};
use support::service::World;

#[tokio::test]
async fn what_cannot_be_delivered_goes_to_review_once_and_keeps_its_access() {
    let world = World::new(MemoryStore::new());
    let payment = world.begun().await;
    let id = payment.intent.id.clone();
    let untouched = world.payments.undeliverable(&id, actor("host")).await.unwrap();
    assert_eq!((untouched.review, untouched.version), (None, payment.version), "nothing is known to be paid");
    world.is_paid(&payment, "R1");
    world.signed(&id).await;
    for _ in 0..2 {
        let seen = world.payments.undeliverable(&id, actor("host")).await.unwrap();
        assert_eq!((seen.state, seen.review), (State::Paid, Some(Anomaly::Undeliverable)));
    }
    let trail = world.payments.trail(&id).await.unwrap();
    assert_eq!(trail.iter().filter(|entry| entry.seen == "undeliverable").count(), 1);
    assert!(matches!(world.access("user:1", "room:7").await, Access::Granted(_)));
    let settled = world.payments.resolve(&id, Verdict::Noted, actor("admin:1")).await.unwrap();
    assert_eq!(settled.review, None);
    let again = world.payments.undeliverable(&id, actor("host")).await.unwrap();
    assert_eq!(again.review, None, "what was settled is not raised again");
}
