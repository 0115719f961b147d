//! T21: the suite is worth something only if it catches stores that break their promises.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use paygate::MemoryStore;
use paygate::conformance::{self, Harness, Shelf};
use support::broken::{BrokenStore, Fault};

struct Broken(Fault);

impl Harness for Broken {
    type Store = BrokenStore;

    async fn open(&self, shelf: &Shelf) -> BrokenStore {
        let memory = shelf.keep(MemoryStore::new);
        let memory = if self.0 == Fault::ForgetsOnRestart { MemoryStore::new() } else { memory };
        BrokenStore::new(memory, self.0)
    }
}

/// Runs a few promises and says which of them failed.
macro_rules! failed {
    ($fault:expr; $($promise:ident),* $(,)?) => {{
        let mut failed = Vec::new();
        $(
            let run = || conformance::run(conformance::$promise(&Broken($fault)));
            if catch_unwind(AssertUnwindSafe(run)).is_err() {
                failed.push(stringify!($promise));
            }
        )*
        failed
    }};
}

macro_rules! areas {
    ($fault:expr) => {
        failed!($fault;
            a_stale_commit_writes_nothing,
            a_reference_backs_one_payment_only,
            a_refused_claim_writes_nothing,
            access_of_one_subject_is_not_anothers,
            a_payment_in_flight_is_neither_open_nor_locked,
            a_refund_revokes_the_grant,
            a_refund_passes_over_payments_whose_time_is_over,
            a_rank_that_would_fall_is_refused,
            a_lease_is_exclusive_until_it_ends,
            events_are_numbered_without_gaps_in_order,
            the_same_key_gives_the_same_payment,
            everything_survives_a_restart,
        )
    };
}

#[test]
fn t21_a_store_without_fault_passes() {
    assert_eq!(areas!(Fault::None), [""; 0]);
}

#[test]
fn t21_a_store_without_atomicity_is_caught() {
    assert!(areas!(Fault::NoAtomicity).contains(&"a_refused_claim_writes_nothing"));
}

#[test]
fn t21_a_store_without_uniqueness_is_caught() {
    assert!(areas!(Fault::NoUniqueness).contains(&"a_reference_backs_one_payment_only"));
}

#[test]
fn t21_a_store_without_compare_and_set_is_caught() {
    assert!(areas!(Fault::NoCompareAndSet).contains(&"a_stale_commit_writes_nothing"));
}

#[test]
fn t21_a_store_that_forgets_is_caught() {
    assert!(areas!(Fault::ForgetsOnRestart).contains(&"everything_survives_a_restart"));
}

#[test]
fn t21_a_store_that_leaks_anothers_grant_is_caught() {
    assert!(areas!(Fault::LeaksGrants).contains(&"access_of_one_subject_is_not_anothers"));
}

#[test]
fn t21_a_store_that_never_leases_exclusively_is_caught() {
    assert!(areas!(Fault::SharesLeases).contains(&"a_lease_is_exclusive_until_it_ends"));
}

#[test]
fn t21_a_store_that_never_revokes_is_caught() {
    assert!(areas!(Fault::NeverRevokes).contains(&"a_refund_revokes_the_grant"));
}

#[test]
fn t21_a_store_with_gaps_in_its_events_is_caught() {
    assert!(areas!(Fault::GapsInEvents).contains(&"events_are_numbered_without_gaps_in_order"));
}

#[test]
fn t21_a_store_that_hands_access_to_nobody_is_caught() {
    let fault = Fault::HandsAccessToTheLongestPaidOnly;
    assert_eq!(areas!(fault), ["a_refund_passes_over_payments_whose_time_is_over"]);
}

#[test]
fn t21_a_store_that_lets_a_rank_fall_is_caught() {
    assert_eq!(areas!(Fault::LetsRanksFall), ["a_rank_that_would_fall_is_refused"]);
}
