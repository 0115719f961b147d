//! What one step says beside the state: which events, whether anything changed, and which version it is.

use paygate::testing::{minute, paid, payee, payment, reference};
use paygate::{
    AccessChange, Anomaly, EventKind, Money, NotPaid, Outcome, Payment, Policy, RefundSize, State, Why, step,
};

/// Each observation in turn, and what is told of it; every commit has the next version.
fn tell(story: &[(Outcome, i64, &[EventKind], bool)]) -> Payment {
    let policy = Policy::default();
    let mut payment = payment("p");
    for (number, (seen, at, events, changed)) in (1..).zip(story) {
        let step = step(&payment, seen, minute(*at), &policy);
        assert_eq!((step.events.as_slice(), step.changed), (*events, *changed), "{number}: {seen:?}");
        assert_eq!(step.to.version, number);
        payment = step.to;
    }
    payment
}

/// T10: a hint comes and goes and is not told; the provider's own doubt is, once.
#[test]
fn t10_only_what_the_provider_itself_said_is_told_and_once() {
    tell(&[
        (Outcome::Unknown(Why::Hinted), 1, &[], false),
        (Outcome::Unknown(Why::Unreachable), 2, &[], false),
        (Outcome::NotPaid(NotPaid::Unseen), 3, &[], false),
        (Outcome::Pending, 4, &[EventKind::InFlight], true),
        (Outcome::Pending, 5, &[], false),
        (Outcome::Unknown(Why::Ambiguous), 6, &[], false),
    ]);
}

#[test]
fn each_transition_is_told_once() {
    let done = paid(&payment("p"), "R1");
    let back = |size| Outcome::Refunded { reference: None, size };
    let told = tell(&[
        (done.clone(), 5, &[EventKind::Settled], true),
        (done, 6, &[], false),
        (
            back(RefundSize::Part(None)),
            7,
            &[EventKind::Refunded(RefundSize::Part(None)), EventKind::NeedsReview(Anomaly::PartialRefund)],
            true,
        ),
        (back(RefundSize::Part(None)), 8, &[], false),
        (back(RefundSize::Full), 9, &[EventKind::Refunded(RefundSize::Full)], true),
        (back(RefundSize::Full), 10, &[], false),
    ]);
    assert_eq!(told.state, State::Refunded);
}

/// T15: a lapse is told, a surer reason is not told again, and a late success is.
#[test]
fn t15_a_lapse_is_told_once_and_a_late_success_as_any() {
    let canceled = Outcome::NotPaid(NotPaid::Canceled);
    tell(&[
        (Outcome::NotPaid(NotPaid::Expired), 4, &[EventKind::Lapsed(NotPaid::Expired)], true),
        (canceled.clone(), 5, &[], true),
        (canceled, 6, &[], false),
        (paid(&payment("p"), "R1"), 50, &[EventKind::Settled], true),
    ]);
}

/// T4: what differs is told, and nothing is given.
#[test]
fn t04_another_amount_is_told_and_gives_nothing() {
    let wrong =
        Outcome::Paid { reference: reference("R1"), amount: Money::npr_paisa(2999), payee: payee("US") };
    let told = [EventKind::InFlight, EventKind::NeedsReview(Anomaly::AmountMismatch)];
    let seen = tell(&[(wrong.clone(), 5, &told, true), (wrong.clone(), 6, &[], false)]);
    assert_eq!(step(&seen, &wrong, minute(7), &Policy::default()).access, AccessChange::Keep);
}

/// T16: paid and refunded of one and the same moment is a refund, and no withdrawal of one.
#[test]
fn t16_a_refund_is_withdrawn_only_by_a_later_success() {
    let back = Outcome::Refunded { reference: None, size: RefundSize::Full };
    let done = paid(&payment("p"), "R1");
    let at_once = tell(&[
        (done.clone(), 20, &[EventKind::Settled], true),
        (back, 20, &[EventKind::Refunded(RefundSize::Full)], true),
    ]);
    assert_eq!(at_once.review, None);
    let later = step(&at_once, &done, minute(21), &Policy::default());
    assert_eq!(later.to.review, Some(Anomaly::RefundWithdrawn));
}
