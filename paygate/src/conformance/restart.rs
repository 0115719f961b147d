//! Promises across a restart.

use super::*;
use crate::GrantStore as _;
use crate::model::Access;
use crate::testing::{resource, subject};

/// What was answered as done is still there, all of it.
///
/// # Panics
/// The promise is broken.
pub async fn everything_survives_a_restart<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let settled = seen(&store, &first, &paid(&first, "R1"), minute(1)).await;
    let flying = opened(&store, payment_for("q", "user:2", "room:7")).await;
    let flying = seen(&store, &flying, &Outcome::Pending, minute(1)).await;
    let told = events(&store).await;
    let trail = store.trail(&first.intent.id).await.unwrap_or_default();
    drop(store);

    let store = harness.open(&shelf).await;
    assert_eq!(load(&store, &first.intent.id).await, settled);
    assert_eq!(events(&store).await, told);
    assert_eq!(store.trail(&first.intent.id).await.unwrap_or_default(), trail);
    let granted = store.access(&subject("user:1"), &resource("room:7"), minute(2)).await;
    assert!(matches!(granted, Ok(Access::Granted(_))), "{granted:?}");
    let in_flight = store.access(&subject("user:2"), &resource("room:7"), minute(2)).await;
    assert_eq!(in_flight.ok(), Some(Access::InFlight(flying.intent.id.clone())));
    let again = Opening { payment: payment("r"), key: key("key-of-p"), asked: Vec::new() };
    assert_eq!(store.open(again).await.ok(), Some(Opened::SameKey(settled)), "keys are remembered");
    let replay = store.commit(change(&flying, &paid(&flying, "R1"), minute(3))).await;
    assert!(matches!(replay, Ok(Committed::ReferenceTaken { .. })), "claims are remembered: {replay:?}");
}
