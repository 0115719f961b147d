//! Promises of the outbox and of the pages.

use super::*;
use crate::model::Anomaly;
use crate::testing::{payment_id, subject};
use crate::{Money, PayeeId};

/// I11: 1, 2, 3 … in the order of the commits.
///
/// # Panics
/// The promise is broken.
pub async fn events_are_numbered_without_gaps_in_order<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let flying = seen(&store, &first, &Outcome::Pending, minute(1)).await;
    seen(&store, &flying, &paid(&flying, "R1"), minute(2)).await;
    let expected = [
        (1, EventKind::Opened),
        (2, EventKind::InFlight),
        (3, EventKind::Settled),
        (4, EventKind::Granted(grant_of(&first.intent.id))),
    ];
    assert_eq!(events(&store).await, expected);
}

/// A reader goes on where it stopped.
///
/// # Panics
/// The promise is broken.
pub async fn events_come_in_pages<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    for number in 0..7 {
        opened(&store, payment_for(&format!("p{number}"), "user:1", &format!("room:{number}"))).await;
    }
    let mut numbers = Vec::new();
    loop {
        let after = numbers.last().copied().unwrap_or(0);
        let page = store.events_after(after, 3).await.unwrap_or_default();
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        numbers.extend(page.iter().map(|(number, _)| *number));
    }
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
}

/// A reader may begin at the end.
///
/// # Panics
/// The promise is broken.
pub async fn the_newest_event_is_the_last_one<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    assert_eq!(store.newest_event().await.ok(), Some(0));
    opened(&store, payment_for("p", "user:1", "room:1")).await;
    opened(&store, payment_for("q", "user:1", "room:2")).await;
    assert_eq!(store.newest_event().await.ok(), Some(2));
}

/// What did not happen is not told.
///
/// # Panics
/// The promise is broken.
pub async fn a_refused_change_tells_nothing<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let change = change(&first, &paid(&first, "R1"), minute(1));
    assert_eq!(store.commit(change.clone()).await.ok(), Some(Committed::Applied));
    let before = events(&store).await;
    for _ in 0..3 {
        assert!(matches!(store.commit(change.clone()).await, Ok(Committed::Stale(_))));
    }
    assert_eq!(events(&store).await, before);
    let ghost = payment("ghost");
    let answer = store.commit(super::change(&ghost, &Outcome::Pending, minute(1))).await;
    assert!(answer.is_err(), "a payment that does not exist was changed: {answer:?}");
    assert_eq!(events(&store).await, before);
}

/// Newest first, and no entry twice or never at a page's edge.
///
/// # Panics
/// The promise is broken.
pub async fn payments_come_newest_first_in_pages<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    for (id, at) in [("a", 1), ("b", 2), ("d", 2), ("c", 2), ("e", 3)] {
        let mut new = payment_for(id, "user:1", &format!("room:{id}"));
        new.intent.created_at = minute(at);
        opened(&store, new).await;
    }
    let mut ids = String::new();
    let mut before = None;
    loop {
        let page = store.payments_of(&subject("user:1"), before.clone(), 2).await.unwrap_or_default();
        let Some(last) = page.last() else { break };
        before = Some((last.intent.created_at, last.intent.id.clone()));
        ids.extend(page.iter().map(|payment| payment.intent.id.as_str()));
    }
    assert_eq!(ids, "edcba");
}

/// What is odd is shown until somebody has settled it.
///
/// # Panics
/// The promise is broken.
pub async fn the_review_queue_shows_what_is_unsettled<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    opened(&store, payment_for("q", "user:2", "room:7")).await;
    let odd = Outcome::Paid {
        reference: crate::testing::reference("R1"),
        amount: Money::npr_paisa(1),
        payee: PayeeId::visible("US"),
    };
    let odd = seen(&store, &first, &odd, minute(1)).await;
    let queue = store.in_review(10).await.unwrap_or_default();
    assert_eq!(queue, std::slice::from_ref(&odd));
    assert_eq!(queue[0].review, Some(Anomaly::AmountMismatch));
    let mut settle = change(&odd, &Outcome::Pending, minute(2));
    settle.to.settled = settle.to.raised;
    settle.to.review = None;
    assert_eq!(store.commit(settle).await.ok(), Some(Committed::Applied));
    assert_eq!(store.in_review(10).await.unwrap_or_default(), []);
    assert_eq!(load(&store, &payment_id("p")).await.review, None);
}
