//! The state machine: what one observation makes of a payment.
//!
//! It is a join on a small lattice. Every observation has a value of its own (a state, an in-flight flag,
//! times, anomalies) and the payment becomes the least value above both. So neither the order of
//! observations nor their number matters, and nothing that was once proven is ever lost.

use jiff::Timestamp;

use crate::model::{Anomaly, Doubt, EventKind, NotPaid, Outcome, Payment, RefundSize, State, Why};
use crate::policy::{PartialRefund, Policy};
use crate::{Money, PayeeId, ProviderRef};

/// What an observation makes of a payment. Nothing has happened yet:
/// [`PaymentStore::commit`](crate::PaymentStore::commit) writes it, or says why it cannot.
#[must_use = "a step is only a proposal until a store commits it"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The payment as it then stands, with the next version.
    pub to: Payment,
    /// The reference that it must own.
    pub claim: Option<ProviderRef>,
    /// What becomes of its access.
    pub access: AccessChange,
    /// What there is to tell, apart from what the store does to grants.
    pub events: Vec<EventKind>,
    /// Whether anything but the schedule changed.
    pub changed: bool,
}

/// What a step does to the access that a payment backs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessChange {
    /// Nothing.
    Keep,
    /// It buys access from now on.
    Give,
    /// It does not buy access any more; another payment that does takes over.
    Withdraw,
}

/// Looks at a payment once more. Pure and total: no clock, no input, no output, no error.
///
/// `seen` was asked for at `now`. Until the intent has expired and the policy's grace is over, `NotPaid(Unseen)`
/// ends only a [doubt](crate::Doubt) that rests on a mere hint. A paid amount or payee that differs from the intent's is an anomaly, keeps the
/// payment in flight so that nobody pays again, and never grants.
///
/// ```
/// # use paygate::*;
/// # let at = "2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
/// # let offer = Offer::permanent(ResourceId::new("room:7").unwrap(), Money::npr_paisa(3000));
/// # let intent = Intent { id: PaymentId::new("p1").unwrap(), subject: SubjectId::new("user:1").unwrap(), offer,
/// #     provider: ProviderId::new("esewa").unwrap(), payee: PayeeId::new("EPAYTEST").unwrap(), handle: None,
/// #     created_at: at, expires_at: at + jiff::SignedDuration::from_mins(30) };
/// let policy = Policy::default();
/// let payment = Payment::new(intent, &policy);
/// let one_paisa_less = Outcome::Paid {
///     reference: ProviderRef::new("0007G36").unwrap(),
///     amount: Money::npr_paisa(2999),
///     payee: PayeeId::new("EPAYTEST").unwrap(),
/// };
/// let step = step(&payment, &one_paisa_less, at, &policy);
/// assert_eq!(step.to.review, Some(Anomaly::AmountMismatch));
/// assert_eq!(step.access, AccessChange::Keep);
/// ```
pub fn step(payment: &Payment, seen: &Outcome, now: Timestamp, policy: &Policy) -> Step {
    let mut to = payment.clone();
    let mut claim = None;
    match seen {
        Outcome::Paid { reference, amount, payee } => match mismatch(payment, *amount, payee) {
            Some(anomaly) => suspect(&mut to, anomaly),
            None => {
                claim = take_reference(&mut to, Some(reference));
                to.state = to.state.join(State::Paid);
                to.paid_at = Some(to.paid_at.map_or(now, |at| at.min(now)));
                to.paid_seen_at = to.paid_seen_at.max(Some(now));
            }
        },
        Outcome::Refunded { reference, size } => {
            claim = take_reference(&mut to, reference.as_ref());
            refunded(&mut to, *size, now);
        }
        Outcome::Unknown(why) if why.is_unasked() => to.doubt.hinted_at = to.doubt.hinted_at.max(Some(now)),
        Outcome::Unknown(Why::Signed) => {
            to.doubt.lasting = true;
            to.doubt.hinted_at = to.doubt.hinted_at.max(Some(now));
        }
        Outcome::Pending | Outcome::Unknown(_) => to.doubt.lasting = true,
        Outcome::NotPaid(NotPaid::Unseen) if now < policy.unseen_counts_from(&payment.intent) => {
            to.doubt.unseen_at = to.doubt.unseen_at.max(Some(now));
        }
        Outcome::NotPaid(reason) => to.state = to.state.join(State::Lapsed(*reason)),
    }
    conclude(payment, to, claim, (now, policy))
}

/// The store found that the reference belongs to another payment: this one goes to review.
pub(crate) fn step_reference_taken(payment: &Payment, now: Timestamp, policy: &Policy) -> Step {
    let mut to = payment.clone();
    suspect(&mut to, Anomaly::ReferenceTaken);
    conclude(payment, to, None, (now, policy))
}

/// The host found that what was paid for is not there any more.
pub(crate) fn step_undeliverable(payment: &Payment, now: Timestamp, policy: &Policy) -> Step {
    let mut to = payment.clone();
    to.raised = to.raised.with(Anomaly::Undeliverable);
    conclude(payment, to, None, (now, policy))
}

/// The store found that the subject has access already: this payment is good, buys nothing more, and an
/// operator must give the money back.
pub(crate) fn step_covered(mut step: Step) -> Step {
    if !step.to.raised.contains(Anomaly::PaidTwice) {
        step.to.raised = step.to.raised.with(Anomaly::PaidTwice);
        step.events.push(EventKind::NeedsReview(Anomaly::PaidTwice));
    }
    step.to.review = step.to.raised.minus(step.to.settled).worst();
    step
}

/// An operator ordered a refund: from now on it is looked for.
pub(crate) fn step_refund_ordered(payment: &Payment, now: Timestamp, policy: &Policy) -> Step {
    let mut to = payment.clone();
    to.refund_ordered_at = to.refund_ordered_at.max(Some(now));
    // Always worth an entry in the trail, also when it is given twice.
    Step { changed: true, ..conclude(payment, to, None, (now, policy)) }
}

/// Nobody answered: only the schedule moves on.
pub(crate) fn step_unanswered(payment: &Payment, now: Timestamp, policy: &Policy) -> Step {
    conclude(payment, payment.clone(), None, (now, policy))
}

/// An operator's word that what is odd about a payment has been dealt with.
pub(crate) fn step_settle(mut step: Step) -> Step {
    if step.to.raised != step.to.settled {
        step.to.settled = step.to.raised;
        step.events.retain(|event| !matches!(event, EventKind::NeedsReview(_)));
        step.events.push(EventKind::Resolved);
    }
    step.to.review = None;
    step.changed = true;
    step
}

fn mismatch(payment: &Payment, amount: Money, payee: &PayeeId) -> Option<Anomaly> {
    if amount != payment.intent.offer.price {
        Some(Anomaly::AmountMismatch)
    } else if *payee != payment.intent.payee {
        Some(Anomaly::PayeeMismatch)
    } else {
        None
    }
}

/// Money moved somewhere, so a second payment must not be invited while an operator looks.
fn suspect(to: &mut Payment, anomaly: Anomaly) {
    to.raised = to.raised.with(anomaly);
    to.doubt.lasting = true;
}

/// Of several references the smallest is shown, so that their order does not matter. All are claimed.
fn take_reference(to: &mut Payment, named: Option<&ProviderRef>) -> Option<ProviderRef> {
    let named = named?;
    match &to.reference {
        Some(known) if known == named => return None,
        Some(known) => {
            to.raised = to.raised.with(Anomaly::ReferenceChanged);
            to.reference = Some(known.min(named).clone());
        }
        None => to.reference = Some(named.clone()),
    }
    Some(named.clone())
}

fn refunded(to: &mut Payment, size: RefundSize, now: Timestamp) {
    let price = to.intent.offer.price;
    let all = match size {
        RefundSize::Full => true,
        RefundSize::Part(back) => {
            back.is_some_and(|back| back.currency == price.currency && back.minor >= price.minor)
        }
    };
    if !all {
        to.raised = to.raised.with(Anomaly::PartialRefund);
    }
    to.state = to.state.join(if all { State::Refunded } else { State::PartlyRefunded });
    to.refunded_at = Some(to.refunded_at.map_or(now, |at| at.min(now)));
}

/// Brings a payment into its one normal form and says what differs from before.
fn conclude(
    from: &Payment,
    mut to: Payment,
    claim: Option<ProviderRef>,
    (now, policy): (Timestamp, &Policy),
) -> Step {
    if to.state != State::Open {
        to.doubt = Doubt::default();
    }
    to.in_flight = to.doubt.holds() || is_unproven_part(&to, policy);
    to.entitled = to.paid_at.is_some()
        && match to.state {
            State::Paid => true,
            State::PartlyRefunded => policy.partial_refund() == PartialRefund::KeepsAccess,
            State::Open | State::Lapsed(_) | State::Refunded => false,
        };
    if to.refunded_at.is_some_and(|refunded_at| to.paid_seen_at.is_some_and(|paid| paid > refunded_at)) {
        to.raised = to.raised.with(Anomaly::RefundWithdrawn);
    }
    to.next_check_at = policy.next_check(&to, now);
    if to.state == State::Open && to.next_check_at.is_none() {
        to.raised = to.raised.with(Anomaly::Unanswered);
    } else if to.state != State::Open {
        // An answer has come after all: nobody needs to look any more.
        to.raised = to.raised.without(Anomaly::Unanswered);
        to.settled = to.settled.without(Anomaly::Unanswered);
    }
    to.review = to.raised.minus(to.settled).worst();
    let changed = differs(from, &to);
    to.version = from.version + 1;
    Step { claim, access: access_change(from, &to), events: events(from, &to), changed, to }
}

/// A part went back of a payment that was never seen paid. If the policy lets such a payment keep its access,
/// its payer is not asked for more before an operator has looked.
fn is_unproven_part(payment: &Payment, policy: &Policy) -> bool {
    payment.state == State::PartlyRefunded
        && payment.paid_at.is_none()
        && policy.partial_refund() == PartialRefund::KeepsAccess
}

/// Hints come and go without end, so they are not told: only what the provider itself said.
fn differs(from: &Payment, to: &Payment) -> bool {
    let mut same = to.clone();
    same.next_check_at = from.next_check_at;
    same.paid_seen_at = from.paid_seen_at;
    same.in_flight = from.in_flight;
    same.doubt = Doubt { lasting: to.doubt.lasting, ..from.doubt };
    same != *from
}

fn access_change(from: &Payment, to: &Payment) -> AccessChange {
    match (from.entitled, to.entitled) {
        (false, true) => AccessChange::Give,
        (true, false) => AccessChange::Withdraw,
        _ => AccessChange::Keep,
    }
}

fn events(from: &Payment, to: &Payment) -> Vec<EventKind> {
    let mut events = Vec::new();
    if to.doubt.lasting && !from.doubt.lasting {
        events.push(EventKind::InFlight);
    }
    if from.paid_at.is_none() && to.paid_at.is_some() {
        events.push(EventKind::Settled);
    }
    if from.state.rank() != to.state.rank() {
        match to.state {
            State::Lapsed(reason) => events.push(EventKind::Lapsed(reason)),
            State::PartlyRefunded => events.push(EventKind::Refunded(RefundSize::Part(None))),
            State::Refunded => events.push(EventKind::Refunded(RefundSize::Full)),
            State::Open | State::Paid => {}
        }
    }
    events.extend(to.raised.minus(from.raised).iter().map(EventKind::NeedsReview));
    events
}
