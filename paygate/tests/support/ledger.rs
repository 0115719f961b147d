//! What a simulated provider's books say, and what must be true of a store beside them.

use std::collections::{HashMap, HashSet};

use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use paygate::testing::{payee, reference, resource, subject};
use paygate::{
    Access, Anomaly, EventKind, GrantStore as _, MemoryStore, Money, Offer, Outcome, Payment, PaymentId,
    PaymentStore as _, ProviderRef, ResourceId, State, SubjectId,
};

type Door = (SubjectId, ResourceId);

/// What the provider's own books say of a payment.
#[derive(Clone, PartialEq, Eq)]
pub enum Booked {
    Paid,
    Part,
    Refunded,
    Canceled,
    /// Another sum than ours.
    Wrong,
    /// Under a reference that the provider names for another payment as well.
    Shared(ProviderRef),
}

/// The provider's books, and what an operator was told outside of them.
#[derive(Default)]
pub struct Ledger {
    pub books: HashMap<PaymentId, Booked>,
    /// Refunded, says an operator, and the provider never will.
    pub by_hand: HashSet<PaymentId>,
}

/// All payments of these users in the order of their ids, whoever was told of them.
pub fn payments(store: &MemoryStore, users: u64) -> Vec<Payment> {
    let mut all = Vec::new();
    for user in 0..users {
        let who = subject(&format!("user:{user}"));
        all.extend(
            store
                .payments_of(&who, None, 1_000)
                .now_or_never()
                .expect("memory never waits")
                .expect("an answer"),
        );
    }
    all.sort_by(|a, b| a.intent.id.cmp(&b.intent.id));
    all
}

fn door(payment: &Payment) -> Door {
    (payment.intent.subject.clone(), payment.intent.offer.resource.clone())
}

fn access(store: &MemoryStore, (who, what): &Door, now: Timestamp) -> Access {
    store.access(who, what, now).now_or_never().expect("memory never waits").expect("an answer")
}

/// The end of what a payment bought.
fn end_of(payment: &Payment) -> Option<Timestamp> {
    payment.paid_at.zip(payment.intent.offer.grant_for).map(|(paid_at, time)| paid_at + time)
}

fn is_live(payment: &Payment, now: Timestamp) -> bool {
    payment.entitled && end_of(payment).is_none_or(|end| end > now)
}

/// I3, I5 and I11, at any time: a door is never open twice, what was revoked had been granted, and where a refund
/// took the grant away, nobody is left outside who is still paid up. Answers which payments ever held a grant.
pub fn doors_are_right(store: &MemoryStore, payments: &[Payment], now: Timestamp) -> HashSet<PaymentId> {
    let by_id: HashMap<_, _> = payments.iter().map(|payment| (&payment.intent.id, payment)).collect();
    let (mut ends, mut ever) = (HashMap::new(), HashSet::new());
    let events =
        store.events_after(0, 10_000).now_or_never().expect("memory never waits").expect("an answer");
    for (number, (seq, event)) in (1..).zip(events) {
        assert_eq!(seq, number, "I11: a gap");
        let door = (event.subject, event.resource);
        match event.kind {
            EventKind::Granted(_) => {
                let end = end_of(by_id[&event.payment]).unwrap_or(Timestamp::MAX);
                if let Some(Some(before)) = ends.insert(door, Some(end)) {
                    assert!(before <= event.at, "I3: two grants at once");
                }
                ever.insert(event.payment);
            }
            EventKind::Revoked(_) => {
                assert!(matches!(ends.insert(door, None), Some(Some(_))), "revoked and never granted");
            }
            _ => {}
        }
    }
    for payment in payments.iter().filter(|payment| is_live(payment, now)) {
        let was_revoked = matches!(ends.get(&door(payment)), Some(None));
        let is_open = matches!(access(store, &door(payment), now), Access::Granted(_));
        assert!(is_open || !was_revoked, "I5: {payment:?} is paid up and left outside");
    }
    ever
}

/// After everything has come to its end.
pub fn everything_is_right(store: &MemoryStore, payments: &[Payment], ledger: &Ledger, now: Timestamp) {
    let ever = doors_are_right(store, payments, now);
    let mut owners = HashMap::new();
    for payment in payments {
        let id = &payment.intent.id;
        let (state, raised) = (payment.state, payment.raised);
        let never_opened = state.rank() < State::Paid.rank();
        let as_booked = match ledger.books.get(id) {
            // I13 and I14: terminal, and as the provider's books have it, or an operator's word.
            _ if ledger.by_hand.contains(id) && state == State::Refunded => true,
            Some(Booked::Paid) => state == State::Paid,
            Some(Booked::Part) => state == State::PartlyRefunded,
            Some(Booked::Refunded) => state == State::Refunded,
            Some(Booked::Canceled) | None => matches!(state, State::Lapsed(_)),
            // I1: an operator must look, whatever else he has noted.
            Some(Booked::Wrong) => never_opened && raised.contains(Anomaly::AmountMismatch),
            // I2: one of them has it, and the others wait for an operator.
            Some(Booked::Shared(_)) if state == State::Paid => true,
            Some(Booked::Shared(_)) => never_opened && raised.contains(Anomaly::ReferenceTaken),
        };
        assert!(as_booked, "{payment:?}");
        if let Some(reference) = &payment.reference {
            assert_eq!(owners.insert(reference, id), None, "I2: {reference} was taken twice");
        }
        if payment.entitled {
            // I4: whoever paid got in, or an operator knows.
            assert!(ever.contains(id) || raised.contains(Anomaly::PaidTwice), "I4: {payment:?}");
        }
        match access(store, &door(payment), now) {
            Access::Granted(grant) => {
                let backing = payments.iter().find(|backing| backing.intent.id == grant.payment);
                assert!(backing.is_some_and(|backing| is_live(backing, now)), "I1, I5: {grant:?}");
            }
            other => assert!(!is_live(payment, now), "I4: {payment:?} finds {other:?}"),
        }
    }
    for booked in ledger.books.values() {
        if let Booked::Shared(reference) = booked {
            assert!(owners.contains_key(reference), "I2: nobody has {reference}");
        }
    }
}

/// The provider's name for a payment.
pub fn named(id: &PaymentId) -> ProviderRef {
    reference(&format!("REF-{id}").to_ascii_uppercase())
}

/// The right money, under that name.
pub fn paid_as(id: &PaymentId) -> Outcome {
    Outcome::Paid { reference: named(id), amount: Money::npr_paisa(3000), payee: payee("US") }
}

/// A room; all but the first are sold for forty minutes.
pub fn timed(room: u64) -> Offer {
    let offer = Offer::permanent(resource(&format!("room:{room}")), Money::npr_paisa(3000));
    Offer { grant_for: (room > 0).then(|| SignedDuration::from_mins(40)), ..offer }
}
