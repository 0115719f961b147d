//! Reading: payments, access, events, the audit trail.

use jiff::Timestamp;

use super::Payments;
use crate::model::{Access, Event, Observation, Payment};
use crate::store::{PaymentStore, StoreError};
use crate::{PaymentId, ResourceId, SubjectId};

/// The longest page of any list, in entries.
pub const PAGE_ENTRIES_MAX: u32 = 1_000;

impl<S: PaymentStore> Payments<S> {
    /// The payment of this id.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn payment(&self, id: &PaymentId) -> Result<Option<Payment>, StoreError> {
        self.store.load(id).await
    }

    /// Payments of a subject, newest first, strictly before the given place (time of creation and id of the
    /// last one seen). At most `max`, and never more than [`PAGE_ENTRIES_MAX`](crate::PAGE_ENTRIES_MAX).
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn payments_of(
        &self,
        who: &SubjectId,
        before: Option<(Timestamp, PaymentId)>,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        self.store.payments_of(who, before, max.min(PAGE_ENTRIES_MAX)).await
    }

    /// Payments that an operator must look at, oldest first.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn in_review(&self, max: u32) -> Result<Vec<Payment>, StoreError> {
        self.store.in_review(max.min(PAGE_ENTRIES_MAX)).await
    }

    /// Who learned what about a payment, and when, oldest entry first.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn trail(&self, id: &PaymentId) -> Result<Vec<Observation>, StoreError> {
        self.store.trail(id).await
    }

    /// Whether a subject may use a resource now.
    ///
    /// # Errors
    /// The store did not answer; then nobody may be told "locked" or let in.
    pub async fn access(&self, who: &SubjectId, what: &ResourceId) -> Result<Access, StoreError> {
        self.store.access(who, what, self.now()).await
    }

    /// Events after number `seq`, in order and without gaps. A reader that stores the last number it has
    /// dealt with sees each event at least once.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn events_after(&self, seq: u64, max: u32) -> Result<Vec<(u64, Event)>, StoreError> {
        self.store.events_after(seq, max.min(PAGE_ENTRIES_MAX)).await
    }

    /// The number of the newest event, 0 while there is none: where a reader begins that wants only what is
    /// yet to come.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn newest_event(&self) -> Result<u64, StoreError> {
        self.store.newest_event().await
    }
}
