//! Promises of `commit`: one transaction, or nothing.

use super::*;
use crate::GrantStore as _;
use crate::TRAIL_ENTRIES_MAX;
use crate::model::{Access, RefundSize, State};
use crate::testing::{actor, reference, resource, subject};

async fn access<S: PaymentStore>(store: &S, at: Timestamp) -> Access {
    let answer = store.access(&subject("user:1"), &resource("room:7"), at).await;
    answer.unwrap_or_else(|error| panic!("no access: {error}"))
}

/// A second attempt of the same subject, begun after the first expired.
async fn second<S: PaymentStore>(store: &S, id: &str, asked: &Payment) -> Payment {
    let mut late = payment(id);
    late.intent.created_at = minute(31);
    late.intent.expires_at = minute(61);
    let opening = Opening { payment: late, key: key(id), asked: vec![asked.intent.id.clone()] };
    match store.open(opening).await {
        Ok(Opened::New(payment)) => payment,
        other => panic!("a second attempt was not begun: {other:?}"),
    }
}

/// Compare and set.
///
/// # Panics
/// The promise is broken.
pub async fn a_commit_replaces_exactly_the_version_before<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let second = seen(&store, &first, &Outcome::Pending, minute(1)).await;
    assert_eq!(load(&store, &first.intent.id).await, second);
    let third = seen(&store, &second, &paid(&second, "R1"), minute(2)).await;
    assert_eq!(third.version, 2);
    assert_eq!(load(&store, &first.intent.id).await, third);
}

/// Who was slower writes neither payment, nor grant, nor event.
///
/// # Panics
/// The promise is broken.
pub async fn a_stale_commit_writes_nothing<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let slow = change(&first, &paid(&first, "R1"), minute(1));
    let stored = seen(&store, &first, &Outcome::Pending, minute(1)).await;
    let before = events(&store).await;
    assert_eq!(store.commit(slow).await.ok(), Some(Committed::Stale(stored.clone())));
    assert_eq!(load(&store, &first.intent.id).await, stored);
    assert_eq!(events(&store).await, before);
    assert_eq!(access(&store, minute(1)).await, Access::InFlight(first.intent.id));
}

/// T2: a reference that paid for one thing does not pay for another.
///
/// # Panics
/// The promise is broken.
pub async fn a_reference_backs_one_payment_only<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    seen(&store, &first, &paid(&first, "R1"), minute(1)).await;
    let other = opened(&store, payment_for("q", "user:2", "room:8")).await;
    let answer = store.commit(change(&other, &paid(&other, "R1"), minute(2))).await;
    assert_eq!(answer.ok(), Some(Committed::ReferenceTaken { by: first.intent.id }));
    seen(&store, &other, &paid(&other, "R2"), minute(3)).await;
}

/// A refused claim leaves no trace.
///
/// # Panics
/// The promise is broken.
pub async fn a_refused_claim_writes_nothing<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    seen(&store, &first, &paid(&first, "R1"), minute(1)).await;
    let other = opened(&store, payment_for("q", "user:1", "room:8")).await;
    let before = events(&store).await;
    let answer = store.commit(change(&other, &paid(&other, "R1"), minute(2))).await;
    assert!(matches!(answer, Ok(Committed::ReferenceTaken { .. })), "{answer:?}");
    assert_eq!(load(&store, &other.intent.id).await, other);
    assert_eq!(events(&store).await, before);
    let locked = store.access(&subject("user:1"), &resource("room:8"), minute(2)).await;
    assert_eq!(locked.ok(), Some(Access::Locked));
}

/// T14: of two paid attempts one buys access.
///
/// # Panics
/// The promise is broken.
pub async fn a_second_paid_payment_is_covered_not_granted<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let other = second(&store, "q", &first).await;
    seen(&store, &first, &paid(&first, "R1"), minute(40)).await;
    let before = events(&store).await;
    let answer = store.commit(change(&other, &paid(&other, "R2"), minute(41))).await;
    let Ok(Committed::Covered { by }) = answer else { panic!("two grants for one thing: {answer:?}") };
    assert_eq!(by.payment, first.intent.id);
    assert_eq!(load(&store, &other.intent.id).await, other);
    assert_eq!(events(&store).await, before);
}

/// "Somebody else has it" must be true when it is written.
///
/// # Panics
/// The promise is broken.
pub async fn a_covered_payment_needs_a_live_grant<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let mut alone = change(&first, &paid(&first, "R1"), minute(1));
    alone.grant = GrantEffect::Covered;
    assert_eq!(store.commit(alone).await.ok(), Some(Committed::Stale(first)));
}

/// I5: a refunded payment backs no grant.
///
/// # Panics
/// The promise is broken.
pub async fn a_refund_revokes_the_grant<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let settled = seen(&store, &first, &paid(&first, "R1"), minute(1)).await;
    let back = Outcome::Refunded { reference: Some(reference("R1")), size: RefundSize::Full };
    let refunded = seen(&store, &settled, &back, minute(2)).await;
    assert_eq!(refunded.state, State::Refunded);
    assert_eq!(access(&store, minute(2)).await, Access::Locked);
    let last = events(&store).await.pop();
    assert_eq!(last.map(|(_, kind)| kind), Some(EventKind::Revoked(grant_of(&first.intent.id))));
}

/// I5: another payment that is still paid keeps access.
///
/// # Panics
/// The promise is broken.
pub async fn a_refund_hands_access_to_the_other_paid_payment<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let other = second(&store, "q", &first).await;
    let settled = seen(&store, &first, &paid(&first, "R1"), minute(40)).await;
    let mut covered = change(&other, &paid(&other, "R2"), minute(41));
    covered.grant = GrantEffect::Covered;
    assert_eq!(store.commit(covered).await.ok(), Some(Committed::Applied));
    let back = Outcome::Refunded { reference: None, size: RefundSize::Full };
    seen(&store, &settled, &back, minute(42)).await;
    let Access::Granted(grant) = access(&store, minute(42)).await else { panic!("access was lost") };
    assert_eq!((grant.payment, grant.id.as_str()), (other.intent.id, "spare-p"));
}

/// I5, for grants that end: one whose time is over inherits nothing, and bars nobody who is paid up.
///
/// # Panics
/// The promise is broken.
pub async fn a_refund_passes_over_payments_whose_time_is_over<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let mut timed = payment("p");
    timed.intent.offer.grant_for = Some(jiff::SignedDuration::from_mins(60));
    let over = opened(&store, timed).await;
    seen(&store, &over, &paid(&over, "R1"), minute(1)).await;
    // Sixty minutes later two more are paid for: one holds the grant, one is covered by it.
    let attempt = |id: &str, begun: i64, asked: &[&Payment]| {
        let mut payment = over.clone();
        payment.intent.id = crate::testing::payment_id(id);
        payment.intent.created_at = minute(begun);
        let asked = asked.iter().map(|payment| payment.intent.id.clone()).collect();
        Opening { payment, key: key(id), asked }
    };
    let Ok(Opened::New(holds)) = store.open(attempt("q", 61, &[])).await else { panic!("not begun") };
    let Ok(Opened::New(covered)) = store.open(attempt("r", 95, &[&holds])).await else { panic!("not begun") };
    let settled = seen(&store, &holds, &paid(&holds, "R2"), minute(100)).await;
    let mut second = change(&covered, &paid(&covered, "R3"), minute(101));
    second.grant = GrantEffect::Covered;
    assert_eq!(store.commit(second).await.ok(), Some(Committed::Applied));
    let back = Outcome::Refunded { reference: None, size: RefundSize::Full };
    seen(&store, &settled, &back, minute(102)).await;
    let Access::Granted(grant) = access(&store, minute(102)).await else { panic!("access was lost") };
    assert_eq!((&grant.payment, grant.until), (&covered.intent.id, Some(minute(161))));
    // Nothing else is left, and the end is where it was.
    assert_eq!(access(&store, minute(161)).await, Access::Locked);
}

/// I6: what was once proven is never taken back, whoever asks for it.
///
/// # Panics
/// The promise is broken.
pub async fn a_rank_that_would_fall_is_refused<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let settled = seen(&store, &first, &paid(&first, "R1"), minute(1)).await;
    let before = events(&store).await;
    let mut fallen = change(&settled, &paid(&settled, "R1"), minute(2));
    fallen.to.state = State::Lapsed(crate::NotPaid::Canceled);
    fallen.to.paid_at = None;
    fallen.to.entitled = false;
    fallen.grant = GrantEffect::Keep;
    assert!(store.commit(fallen).await.is_err(), "a paid payment became a lapsed one");
    assert_eq!(load(&store, &first.intent.id).await, settled);
    assert_eq!(events(&store).await, before);
    assert!(matches!(access(&store, minute(2)).await, Access::Granted(_)));
}

/// A grant for a time ends at its end and does not bar the next.
///
/// # Panics
/// The promise is broken.
pub async fn a_timed_grant_ends_and_makes_room<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let mut timed = payment("p");
    timed.intent.offer.grant_for = Some(jiff::SignedDuration::from_mins(60));
    let first = opened(&store, timed).await;
    let settled = seen(&store, &first, &paid(&first, "R1"), minute(1)).await;
    assert!(matches!(access(&store, minute(60)).await, Access::Granted(_)));
    assert_eq!(access(&store, minute(61)).await, Access::Locked, "the end is not part of it");
    let mut next = payment("q");
    next.intent.created_at = minute(61);
    let next = opened(&store, next).await;
    seen(&store, &next, &paid(&next, "R2"), minute(62)).await;
    let back = Outcome::Refunded { reference: None, size: RefundSize::Full };
    seen(&store, &settled, &back, minute(63)).await;
    let Access::Granted(grant) = access(&store, minute(63)).await else { panic!("the next grant was lost") };
    assert_eq!(grant.payment, next.intent.id);
}

/// The trail is complete about changes and bounded about the rest.
///
/// # Panics
/// The promise is broken.
pub async fn the_trail_counts_repetitions_and_keeps_changes<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let mut now = opened(&store, payment("p")).await;
    for round in 1..=3 {
        now = seen(&store, &now, &Outcome::Pending, minute(round)).await;
    }
    let trail = store.trail(&now.intent.id).await.unwrap_or_default();
    let [pending] = trail.as_slice() else { panic!("a repetition is counted, not listed: {trail:?}") };
    assert_eq!((pending.times, pending.first_at, pending.last_at), (3, minute(1), minute(3)));
    // Some more than fit.
    for round in 0..i64::from(TRAIL_ENTRIES_MAX) + 4 {
        let word = if round % 2 == 0 { Outcome::Pending } else { Outcome::Unknown(crate::Why::Ambiguous) };
        now = seen(&store, &now, &word, minute(10 + round)).await;
    }
    let mut last = change(&now, &paid(&now, "R1"), minute(900));
    last.note = last.note.map(|note| Note { source: Source::Operator(actor("admin:1")), ..note });
    assert_eq!(store.commit(last).await.ok(), Some(Committed::Applied));
    let trail = store.trail(&now.intent.id).await.unwrap_or_default();
    assert_eq!(trail.len(), TRAIL_ENTRIES_MAX as usize + 1, "a change is kept though the trail is full");
    let last = trail.last().map(|entry| (entry.source.clone(), entry.seen.clone(), entry.state.clone()));
    assert_eq!(last, Some((Source::Operator(actor("admin:1")), "paid".to_owned(), "paid".to_owned())));
}
