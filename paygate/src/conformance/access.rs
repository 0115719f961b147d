//! Promises of `access`.

use super::*;
use crate::model::Access;
use crate::testing::{resource, subject};

async fn access<S: PaymentStore>(store: &S, who: &str, what: &str) -> Access {
    let answer = store.access(&subject(who), &resource(what), minute(5)).await;
    answer.unwrap_or_else(|error| panic!("no access: {error}"))
}

/// An offer opens nothing.
///
/// # Panics
/// The promise is broken.
pub async fn access_is_locked_until_granted<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    assert_eq!(access(&store, "user:1", "room:7").await, Access::Locked);
    let first = opened(&store, payment("p")).await;
    assert_eq!(access(&store, "user:1", "room:7").await, Access::Locked);
    let settled = seen(&store, &first, &paid(&first, "R1"), minute(1)).await;
    let grant = settled.grant(grant_of(&first.intent.id), minute(1));
    assert_eq!(access(&store, "user:1", "room:7").await, Access::Granted(grant));
}

/// Nobody is asked to pay for what he may have paid for.
///
/// # Panics
/// The promise is broken.
pub async fn a_payment_in_flight_is_neither_open_nor_locked<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let flying = seen(&store, &first, &Outcome::Unknown(crate::Why::Unreachable), minute(1)).await;
    assert_eq!(access(&store, "user:1", "room:7").await, Access::InFlight(first.intent.id));
    seen(&store, &flying, &Outcome::NotPaid(crate::NotPaid::Canceled), minute(2)).await;
    assert_eq!(access(&store, "user:1", "room:7").await, Access::Locked);
}

/// A part that went back of a payment that was never seen paid bars another one, although it is not open.
///
/// # Panics
/// The promise is broken.
pub async fn a_part_refunded_before_it_was_seen_paid_is_in_flight<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let part = Outcome::Refunded { reference: None, size: crate::RefundSize::Part(None) };
    let part = seen(&store, &first, &part, minute(1)).await;
    assert_eq!(load(&store, &first.intent.id).await, part);
    assert_eq!(access(&store, "user:1", "room:7").await, Access::InFlight(first.intent.id.clone()));
    let mut late = payment("q");
    late.intent.created_at = minute(600);
    let opening = Opening { payment: late, key: key("k2"), asked: vec![first.intent.id] };
    assert_eq!(store.open(opening).await.ok(), Some(Opened::AlreadyOpen(part)));
}

/// I9: nobody sees anybody else's grants, payments or flights.
///
/// # Panics
/// The promise is broken.
pub async fn access_of_one_subject_is_not_anothers<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let flying = opened(&store, payment_for("q", "user:2", "room:8")).await;
    seen(&store, &first, &paid(&first, "R1"), minute(1)).await;
    seen(&store, &flying, &Outcome::Pending, minute(1)).await;
    for (who, what) in
        [("user:2", "room:7"), ("user:1", "room:8"), ("user:11", "room:7"), ("user:1", "room:77")]
    {
        assert_eq!(access(&store, who, what).await, Access::Locked, "{who} at {what}");
    }
    let theirs = store.payments_of(&subject("user:2"), None, 10).await.unwrap_or_default();
    assert_eq!(theirs.len(), 1);
}

/// I10: asking changes nothing.
///
/// # Panics
/// The promise is broken.
pub async fn access_writes_nothing<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    for number in 0..100 {
        access(&store, &format!("user:{number}"), "room:7").await;
    }
    assert_eq!(events(&store).await, []);
    let due = store.lease_due(minute(10_000), jiff::SignedDuration::from_mins(1), 10).await;
    assert_eq!(due.ok(), Some(Vec::new()));
}
