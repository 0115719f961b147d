//! Promises of `open`.

use super::*;
use crate::GrantStore as _;
use crate::model::Access;
use crate::testing::{resource, subject};
use crate::{Money, StoreError};

/// What was written is read back unchanged.
///
/// # Panics
/// The promise is broken.
pub async fn an_opened_payment_is_loaded_as_it_was<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let mut new = payment("p");
    new.intent.offer.grant_for = Some(jiff::SignedDuration::from_hours(24));
    new.intent.handle = Some(crate::testing::handle("pidx"));
    let payment = opened(&store, new.clone()).await;
    assert_eq!(payment, new);
    assert_eq!(load(&store, &new.intent.id).await, new);
    assert_eq!(store.load(&crate::testing::payment_id("other")).await.ok(), Some(None));
    assert_eq!(events(&store).await, [(1, EventKind::Opened)]);
}

/// A repeated start begins nothing.
///
/// # Panics
/// The promise is broken.
pub async fn the_same_key_gives_the_same_payment<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let again = Opening { payment: payment("q"), key: key("key-of-p"), asked: Vec::new() };
    assert_eq!(store.open(again).await.ok(), Some(Opened::SameKey(first)));
    assert_eq!(events(&store).await.len(), 1, "nothing was begun");
}

/// A key stands for one offer.
///
/// # Panics
/// The promise is broken.
pub async fn a_key_for_another_offer_is_refused<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    opened(&store, payment("p")).await;
    let mut dearer = payment("q");
    dearer.intent.offer.price = Money::npr_paisa(3001);
    for other in [dearer, payment_for("r", "user:1", "room:8")] {
        let again = Opening { payment: other, key: key("key-of-p"), asked: Vec::new() };
        assert_eq!(store.open(again).await.ok(), Some(Opened::KeyReused));
    }
}

/// A key belongs to its subject.
///
/// # Panics
/// The promise is broken.
pub async fn keys_of_two_subjects_do_not_meet<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    opened(&store, payment("p")).await;
    let other = payment_for("q", "user:2", "room:7");
    let opening = Opening { payment: other.clone(), key: key("key-of-p"), asked: Vec::new() };
    assert_eq!(store.open(opening).await.ok(), Some(Opened::New(other)));
}

/// While a checkout is good, or a payment in flight, there is no other one.
///
/// # Panics
/// The promise is broken.
pub async fn an_open_payment_is_offered_again<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let second = Opening { payment: payment("q"), key: key("k2"), asked: Vec::new() };
    assert_eq!(store.open(second).await.ok(), Some(Opened::AlreadyOpen(first.clone())));
    let first = seen(&store, &first, &Outcome::Pending, minute(1)).await;
    let mut late = payment("r");
    late.intent.created_at = minute(600);
    let third = Opening { payment: late, key: key("k3"), asked: vec![first.intent.id.clone()] };
    assert_eq!(store.open(third).await.ok(), Some(Opened::AlreadyOpen(first)), "in flight outlasts expiry");
}

/// A lost callback must not become a second payment.
///
/// # Panics
/// The promise is broken.
pub async fn expired_attempts_are_asked_about_first<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let mut late = payment("q");
    late.intent.created_at = minute(30);
    let mut opening = Opening { payment: late.clone(), key: key("k2"), asked: Vec::new() };
    assert_eq!(store.open(opening.clone()).await.ok(), Some(Opened::AskFirst(vec![first.clone()])));
    opening.asked.push(first.intent.id);
    assert_eq!(store.open(opening).await.ok(), Some(Opened::New(late)));
}

/// Who has access pays nothing.
///
/// # Panics
/// The promise is broken.
pub async fn a_live_grant_stops_a_new_start<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    seen(&store, &first, &paid(&first, "R1"), minute(1)).await;
    let opening = Opening { payment: payment("q"), key: key("k2"), asked: Vec::new() };
    let answer = store.open(opening).await;
    let Ok(Opened::AlreadyGranted(grant)) = answer else { panic!("began beside a live grant: {answer:?}") };
    assert_eq!(grant.payment, first.intent.id);
    let access = store.access(&subject("user:1"), &resource("room:7"), minute(1)).await;
    assert_eq!(access.ok(), Some(Access::Granted(grant)));
}

/// An id is given once.
///
/// # Panics
/// The promise is broken.
pub async fn a_taken_id_is_not_overwritten<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let thief = payment_for("p", "user:2", "room:7");
    let answer = store.open(Opening { payment: thief, key: key("k2"), asked: Vec::new() }).await;
    assert!(matches!(answer, Err(StoreError::NoSuchPayment)), "{answer:?}");
    assert_eq!(load(&store, &first.intent.id).await, first);
}
