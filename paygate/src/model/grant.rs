//! Access that was paid for.

use jiff::Timestamp;

use crate::{GrantId, PaymentId, ResourceId, SubjectId};

/// Access of one subject to one resource, backed by one payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Who may enter.
    pub subject: SubjectId,
    /// What is open.
    pub resource: ResourceId,
    /// Which payment backs it.
    pub payment: PaymentId,
    /// Since when.
    pub from: Timestamp,
    /// Until when, exclusively; `None` is for good.
    pub until: Option<Timestamp>,
}

impl Grant {
    /// Whether it still counts at `now`, as long as nobody revoked it.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// What the gate is told about a subject and a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// A live grant.
    Granted(Grant),
    /// No grant, and a payment that may have happened: neither open nor for sale.
    InFlight(PaymentId),
    /// No grant and nothing on the way.
    Locked,
}
