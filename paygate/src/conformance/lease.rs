//! Promises of `lease_due`.

use jiff::SignedDuration;

use super::*;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

async fn due<S: PaymentStore>(store: &S, at: Timestamp, max: u32) -> Vec<String> {
    let due = store.lease_due(at, MINUTE, max).await.unwrap_or_else(|error| panic!("no leases: {error}"));
    due.into_iter().map(|payment| payment.intent.id.to_string()).collect()
}

/// Two nodes do not do the same work; a dead node's work is taken over.
///
/// # Panics
/// The promise is broken.
pub async fn a_lease_is_exclusive_until_it_ends<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    opened(&store, payment("p")).await;
    assert_eq!(due(&store, minute(1), 10).await, [""; 0], "not due yet");
    assert_eq!(due(&store, minute(2), 10).await, ["p"]);
    assert_eq!(due(&store, minute(2), 10).await, [""; 0], "leased");
    assert_eq!(due(&store, minute(3), 10).await, ["p"], "the lease is over");
}

/// Work that is done is given back.
///
/// # Panics
/// The promise is broken.
pub async fn a_commit_ends_the_lease<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    assert_eq!(due(&store, minute(5), 10).await, ["p"]);
    let mut asked = change(&first, &Outcome::Pending, minute(5));
    asked.to.next_check_at = Some(minute(5));
    assert_eq!(store.commit(asked).await.ok(), Some(Committed::Applied));
    assert_eq!(due(&store, minute(5), 10).await, ["p"]);
}

/// Nothing waits for ever behind newer work.
///
/// # Panics
/// The promise is broken.
pub async fn the_longest_due_come_first_within_the_limit<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    for (id, at) in [("c", 3), ("a", 1), ("b", 2)] {
        let mut new = payment_for(id, "user:1", &format!("room:{id}"));
        new.next_check_at = Some(minute(at));
        opened(&store, new).await;
    }
    assert_eq!(due(&store, minute(9), 2).await, ["a", "b"]);
    assert_eq!(due(&store, minute(9), 2).await, ["c"]);
}
