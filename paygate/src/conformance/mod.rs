//! The promises of a [`PaymentStore`], as tests that any store can run. Feature `conformance`.
//!
//! A store's author writes a [`Harness`] and one macro call; each promise becomes a `#[test]` of its own.
//! There is no picking: a promise that is added here is tested everywhere.
//!
//! ```
//! use paygate::MemoryStore;
//! use paygate::conformance::{Harness, Shelf};
//!
//! struct InMemory;
//! impl Harness for InMemory {
//!     type Store = MemoryStore;
//!     async fn open(&self, shelf: &Shelf) -> MemoryStore {
//!         // The memory store lives as long as its shelf does: "restart" opens the same one again.
//!         shelf.keep(MemoryStore::new)
//!     }
//! }
//! paygate::store_conformance!(InMemory);
//! # fn main() {}
//! ```

mod access;
mod commit;
mod events;
mod lease;
mod open;
mod race;
mod restart;

use std::any::Any;
use std::future::Future;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::model::{EventKind, Note, Outcome, Payment, Source};
use crate::step::{AccessChange, step};
use crate::store::{Change, Committed, GrantEffect, Opened, Opening, PaymentStore};
use crate::testing::{grant_id, key, minute, paid, payment, payment_for};
use crate::{GrantId, PaymentId, Policy};

pub use access::*;
pub use commit::*;
pub use events::*;
pub use lease::*;
pub use open::*;
pub use race::*;
pub use restart::*;

/// Opens stores for the suite.
pub trait Harness: Send + Sync {
    /// The store under test.
    type Store: PaymentStore;

    /// Opens the store that belongs to this shelf: an empty one at first, the same data when it is called
    /// again. A test drops every clone of the store before it opens it again.
    fn open(&self, shelf: &Shelf) -> impl Future<Output = Self::Store> + Send;
}

/// What a harness keeps for one test: a folder, a pool, a store.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Option<Box<dyn Any + Send>>>);

impl Shelf {
    /// An empty shelf.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was kept before, or what `make` makes now.
    ///
    /// # Panics
    /// Something of another type was kept before.
    pub fn keep<T: Any + Clone + Send>(&self, make: impl FnOnce() -> T) -> T {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get_or_insert_with(|| Box::new(make()));
        match kept.downcast_ref::<T>() {
            Some(kept) => kept.clone(),
            None => panic!("a shelf keeps one kind of thing"),
        }
    }
}

/// Runs one promise of the suite on a runtime of its own, with several threads. The macro calls it.
///
/// # Panics
/// The promise is broken.
pub fn run<F: Future<Output = ()>>(promise: F) {
    match tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build() {
        Ok(runtime) => runtime.block_on(promise),
        Err(error) => panic!("no runtime: {error}"),
    }
}

/// Writes one `#[test]` for each promise of the suite. Takes an expression that makes a [`Harness`].
#[macro_export]
macro_rules! store_conformance {
    ($harness:expr) => {
        $crate::store_conformance!(@each $harness;
            an_opened_payment_is_loaded_as_it_was,
            the_same_key_gives_the_same_payment,
            a_key_for_another_offer_is_refused,
            keys_of_two_subjects_do_not_meet,
            an_open_payment_is_offered_again,
            expired_attempts_are_asked_about_first,
            a_live_grant_stops_a_new_start,
            a_taken_id_is_not_overwritten,
            a_commit_replaces_exactly_the_version_before,
            a_stale_commit_writes_nothing,
            a_reference_backs_one_payment_only,
            a_refused_claim_writes_nothing,
            a_second_paid_payment_is_covered_not_granted,
            a_covered_payment_needs_a_live_grant,
            a_refund_revokes_the_grant,
            a_refund_hands_access_to_the_other_paid_payment,
            a_refund_passes_over_payments_whose_time_is_over,
            a_timed_grant_ends_and_makes_room,
            a_rank_that_would_fall_is_refused,
            the_trail_counts_repetitions_and_keeps_changes,
            access_is_locked_until_granted,
            a_payment_in_flight_is_neither_open_nor_locked,
            a_part_refunded_before_it_was_seen_paid_is_in_flight,
            access_of_one_subject_is_not_anothers,
            access_writes_nothing,
            a_lease_is_exclusive_until_it_ends,
            a_commit_ends_the_lease,
            the_longest_due_come_first_within_the_limit,
            events_are_numbered_without_gaps_in_order,
            events_come_in_pages,
            the_newest_event_is_the_last_one,
            a_refused_change_tells_nothing,
            payments_come_newest_first_in_pages,
            the_review_queue_shows_what_is_unsettled,
            everything_survives_a_restart,
            of_sixty_four_starts_one_begins,
            of_sixty_four_commits_one_wins,
            of_sixty_four_claims_one_wins,
            of_sixty_four_nodes_one_gets_the_lease,
        );
    };
    (@each $harness:expr; $($promise:ident),* $(,)?) => {
        $(
            #[test]
            fn $promise() {
                $crate::conformance::run($crate::conformance::$promise(&$harness));
            }
        )*
    };
}

/// Begins a payment that has nothing in its way.
async fn opened<S: PaymentStore>(store: &S, payment: Payment) -> Payment {
    let key = key(&format!("key-of-{}", payment.intent.id));
    match store.open(Opening { payment, key, asked: Vec::new() }).await {
        Ok(Opened::New(payment)) => payment,
        other => panic!("a payment with nothing in its way was not begun: {other:?}"),
    }
}

/// The change that an outcome makes.
fn change(payment: &Payment, outcome: &Outcome, at: Timestamp) -> Change {
    let step = step(payment, outcome, at, &Policy::default());
    let grant = match step.access {
        AccessChange::Keep => GrantEffect::Keep,
        AccessChange::Give => GrantEffect::Give(step.to.grant(grant_of(&step.to.intent.id), at)),
        AccessChange::Withdraw => {
            GrantEffect::Recompute { spare: grant_id(&format!("spare-{}", step.to.intent.id)) }
        }
    };
    let note = Note { source: Source::Recheck, seen: outcome.to_string(), changed: step.changed };
    Change { to: step.to, claim: step.claim, grant, events: step.events, at, note: Some(note) }
}

fn grant_of(id: &PaymentId) -> GrantId {
    grant_id(&format!("grant-{id}"))
}

/// Commits what an outcome makes of a payment and expects that it is written.
async fn seen<S: PaymentStore>(store: &S, payment: &Payment, outcome: &Outcome, at: Timestamp) -> Payment {
    let change = change(payment, outcome, at);
    let to = change.to.clone();
    match store.commit(change).await {
        Ok(Committed::Applied) => to,
        other => panic!("a change with nothing in its way was not written: {other:?}"),
    }
}

async fn load<S: PaymentStore>(store: &S, id: &PaymentId) -> Payment {
    match store.load(id).await {
        Ok(Some(payment)) => payment,
        other => panic!("payment {id} is not there: {other:?}"),
    }
}

/// All events, in one page.
async fn events<S: PaymentStore>(store: &S) -> Vec<(u64, EventKind)> {
    let events = store.events_after(0, 1_000).await.unwrap_or_else(|error| panic!("no events: {error}"));
    events.into_iter().map(|(number, event)| (number, event.kind)).collect()
}
