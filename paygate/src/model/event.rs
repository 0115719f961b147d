//! What happened, for whoever must hear of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Anomaly, NotPaid, Payment, RefundSize};
use crate::{GrantId, PaymentId, ResourceId, SubjectId};

/// One entry of the outbox. It is written in the commit that it speaks of, takes the next number
/// without a gap, and is delivered at least once to a reader that remembers its last number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Of which payment.
    pub payment: PaymentId,
    /// Whose payment.
    pub subject: SubjectId,
    /// For what.
    pub resource: ResourceId,
    /// When it was written.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
}

impl Event {
    pub(crate) fn new(payment: &Payment, at: Timestamp, kind: EventKind) -> Self {
        Self {
            payment: payment.intent.id.clone(),
            subject: payment.intent.subject.clone(),
            resource: payment.intent.offer.resource.clone(),
            at,
            kind,
        }
    }
}

/// What happened to a payment or its grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// It was started.
    Opened,
    /// It may have been paid, by the provider's own word; nothing is known for sure. That somebody says the
    /// payer came back is not told: it comes and goes.
    InFlight,
    /// It was proven paid.
    Settled,
    /// It opened access.
    Granted(GrantId),
    /// It was not paid.
    Lapsed(NotPaid),
    /// Money went back.
    Refunded(RefundSize),
    /// Access that it backed was closed.
    Revoked(GrantId),
    /// An operator must look.
    NeedsReview(Anomaly),
    /// An operator has looked.
    Resolved,
}
