//! What one subject has with one resource: its grant and its attempts to pay.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::PaymentId;
use crate::model::{Access, Grant, Payment, State};

/// Attempts are kept by time of creation, so that answers are the same on every run.
#[derive(Debug, Default)]
pub(super) struct Door {
    /// The grant that nobody revoked; it may have expired.
    pub(super) grant: Option<Grant>,
    /// Open or in flight.
    pub(super) open: BTreeSet<(Timestamp, PaymentId)>,
    pub(super) in_flight: BTreeSet<(Timestamp, PaymentId)>,
    /// By time of payment.
    pub(super) entitled: BTreeSet<(Timestamp, PaymentId)>,
}

impl Door {
    pub(super) fn access(&self, now: Timestamp) -> Access {
        if let Some(grant) = self.live(now) {
            return Access::Granted(grant.clone());
        }
        match self.in_flight.first() {
            Some((_, id)) => Access::InFlight(id.clone()),
            None => Access::Locked,
        }
    }

    pub(super) fn live(&self, now: Timestamp) -> Option<&Grant> {
        self.grant.as_ref().filter(|grant| grant.is_live(now))
    }

    /// Files a payment under what it is now.
    pub(super) fn place(&mut self, payment: &Payment) {
        let id = &payment.intent.id;
        let entry = (payment.intent.created_at, id.clone());
        set(&mut self.open, &entry, payment.state == State::Open || payment.in_flight);
        set(&mut self.in_flight, &entry, payment.in_flight);
        // The time of payment may move back when an earlier observation comes late.
        self.entitled.retain(|(_, other)| other != id);
        if let Some(paid_at) = payment.paid_at.filter(|_| payment.entitled) {
            self.entitled.insert((paid_at, id.clone()));
        }
    }
}

fn set(set: &mut BTreeSet<(Timestamp, PaymentId)>, entry: &(Timestamp, PaymentId), present: bool) {
    if present {
        set.insert(entry.clone());
    } else {
        set.remove(entry);
    }
}
