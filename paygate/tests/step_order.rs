//! T20: the order and the number of observations do not matter. Exhaustive over a set that has every word in it.

use std::collections::HashMap;

use jiff::Timestamp;
use paygate::testing::{minute, paid, payee, payment, reference};
use paygate::{Money, NotPaid, Outcome, PartialRefund, Payment, Policy, RefundSize, Why, step};
use proptest::prelude::*;

type Seen = (Outcome, Timestamp);

/// Every word, early and late where the time matters.
fn words() -> Vec<Seen> {
    let subject = payment("p");
    let wrong = |minor, to: &str, by: &str| Outcome::Paid {
        reference: reference(by),
        amount: Money::npr_paisa(minor),
        payee: payee(to),
    };
    let unknown = |why, at| (Outcome::Unknown(why), minute(at));
    let back = |size| Outcome::Refunded { reference: Some(reference("R1")), size };
    vec![
        (Outcome::Pending, minute(100_000)),
        unknown(Why::Hinted, 2),
        unknown(Why::Unreachable, 9),
        unknown(Why::Signed, 2),
        (Outcome::NotPaid(NotPaid::Unseen), minute(3)),
        (Outcome::NotPaid(NotPaid::Unseen), minute(10)),
        (Outcome::NotPaid(NotPaid::Unseen), minute(45)),
        (Outcome::NotPaid(NotPaid::Canceled), minute(4)),
        (paid(&subject, "R1"), minute(5)),
        (paid(&subject, "R1"), minute(50)),
        (paid(&subject, "R2"), minute(6)),
        (wrong(2999, "US", "R3"), minute(7)),
        (wrong(3000, "THEM", "R4"), minute(8)),
        (back(RefundSize::Part(None)), minute(20)),
        (back(RefundSize::Full), minute(30)),
    ]
}

fn policies() -> [Policy; 2] {
    [Policy::default(), Policy::default().with_partial_refund(PartialRefund::ClosesAccess)]
}

/// What must not depend on order: everything but the schedule and the count of commits.
fn seen_once_more(before: &Payment, (outcome, at): &Seen, policy: &Policy) -> Payment {
    let mut after = step(before, outcome, *at, policy).to;
    assert!(after.state.rank() >= before.state.rank(), "I6: rank fell on {outcome:?}");
    after.next_check_at = None;
    after.version = 0;
    after
}

fn after<'a>(seen: impl IntoIterator<Item = &'a Seen>, policy: &Policy) -> Payment {
    let start = Payment { next_check_at: None, ..payment("p") };
    seen.into_iter().fold(start, |payment, seen| seen_once_more(&payment, seen, policy))
}

/// All orders of all sets, by induction: whichever of a set comes last, the outcome is the same, given that the
/// others had one outcome. So each set is looked at once for each of its members, instead of once for each
/// order; and once more for each member, seen again.
#[test]
fn t20_every_order_and_repetition_of_any_observations_ends_alike() {
    let words = words();
    for policy in policies() {
        let mut outcome_of = HashMap::from([(0_u32, after([], &policy))]);
        for set in 1_u32..1 << words.len() {
            let members = || (0..words.len()).filter(|bit| set >> bit & 1 == 1);
            let mut outcomes = members().map(|last| {
                (last, seen_once_more(&outcome_of[&(set & !(1 << last))], &words[last], &policy))
            });
            let (_, outcome) = outcomes.next().unwrap();
            for (last, other) in outcomes {
                assert_eq!(other, outcome, "with {:?} last of set {set:b}", words[last]);
            }
            for again in members() {
                assert_eq!(
                    seen_once_more(&outcome, &words[again], &policy),
                    outcome,
                    "{:?} again",
                    words[again]
                );
            }
            outcome_of.insert(set, outcome);
        }
    }
}

proptest! {
    /// T4 and I1: one paisa, another payee, and there is no grant.
    #[test]
    fn t04_only_equal_money_to_us_buys(minor in 0_u64..6000, ours in any::<bool>()) {
        let start = payment("p");
        let to = payee(if ours { "US" } else { "THEM" });
        let seen = Outcome::Paid { reference: reference("R"), amount: Money::npr_paisa(minor), payee: to };
        let step = step(&start, &seen, minute(1), &Policy::default());
        prop_assert_eq!(step.to.entitled, minor == 3000 && ours);
        prop_assert_eq!(step.to.review.is_none(), minor == 3000 && ours);
        prop_assert_eq!(step.to.in_flight, minor != 3000 || !ours, "a wrong payment must not invite another");
    }
}

#[test]
fn t15_a_late_success_rises_from_a_lapse() {
    let seen = [(Outcome::NotPaid(NotPaid::Canceled), minute(1)), (paid(&payment("p"), "R1"), minute(600))];
    assert!(after(&seen, &Policy::default()).entitled);
}

#[test]
fn t18_no_payment_lapses_by_the_clock_alone() {
    let policy = Policy::default();
    let start = payment("p");
    for (minutes, lapses) in [(44, false), (45, true), (-600, false)] {
        let step = step(&start, &Outcome::NotPaid(NotPaid::Unseen), minute(minutes), &policy);
        assert_eq!(step.to.state.rank() == 1, lapses, "at minute {minutes}");
    }
    let step = step(&start, &Outcome::Pending, minute(1_000_000), &policy);
    assert_eq!((step.to.state.rank(), step.to.review), (0, Some(paygate::Anomaly::Unanswered)));
}

#[test]
fn t16_a_withdrawn_refund_goes_to_review() {
    let back = (Outcome::Refunded { reference: None, size: RefundSize::Full }, minute(30));
    let (early, late) = ((paid(&payment("p"), "R1"), minute(5)), (paid(&payment("p"), "R1"), minute(50)));
    let policy = Policy::default();
    assert_eq!(after([&early, &back], &policy).review, None);
    let withdrawn = after([&early, &back, &late], &policy);
    assert_eq!((withdrawn.review, withdrawn.entitled), (Some(paygate::Anomaly::RefundWithdrawn), false));
}

#[test]
fn t16_a_partial_refund_obeys_the_policy() {
    let part = Outcome::Refunded { reference: None, size: RefundSize::Part(Some(Money::npr_paisa(2999))) };
    let all = Outcome::Refunded { reference: None, size: RefundSize::Part(Some(Money::npr_paisa(3000))) };
    let paid = (paid(&payment("p"), "R1"), minute(1));
    let [keeps, closes] = policies();
    assert!(after([&paid, &(part.clone(), minute(2))], &keeps).entitled);
    assert!(!after([&paid, &(part, minute(2))], &closes).entitled);
    assert!(!after([&paid, &(all, minute(2))], &keeps).entitled, "all of it in parts is all of it");
}

#[test]
fn t16_a_part_refunded_before_it_was_seen_paid_obeys_the_policy_and_goes_to_review() {
    let part = (Outcome::Refunded { reference: None, size: RefundSize::Part(None) }, minute(2));
    let [keeps, closes] = policies();
    for (policy, in_flight) in [(&keeps, true), (&closes, false)] {
        let before = after([&part], policy);
        assert_eq!((before.entitled, before.in_flight), (false, in_flight), "I1 and I7");
        assert_eq!(before.review, Some(paygate::Anomaly::PartialRefund));
        let proven = after([&part, &(paid(&payment("p"), "R1"), minute(1))], policy);
        assert_eq!((proven.entitled, proven.in_flight), (in_flight, false));
    }
}

#[test]
fn t10_a_hint_holds_until_the_provider_has_never_seen_the_payment_and_its_own_word_longer() {
    let unseen = |at| (Outcome::NotPaid(NotPaid::Unseen), minute(at));
    let policy = Policy::default();
    for (why, asked_later) in [
        (Why::Hinted, false),
        (Why::Unreachable, false),
        (Why::Refused, false),
        (Why::Signed, true),
        (Why::Ambiguous, true),
    ] {
        let said = (Outcome::Unknown(why), minute(5));
        assert!(after([&said], &policy).in_flight, "{why:?}");
        assert!(after([&unseen(4), &said], &policy).in_flight, "{why:?}: an older answer says nothing");
        assert_eq!(after([&said, &unseen(5)], &policy).in_flight, asked_later, "{why:?}");
    }
}
