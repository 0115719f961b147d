//! What the library needs from a database, and the reference implementation in memory.

pub(crate) mod cached;
mod change;
pub(crate) mod memory;

use std::future::Future;

use jiff::{SignedDuration, Timestamp};

pub use change::{Change, Committed, GrantEffect, Opened, Opening};

use crate::model::{Access, Event, Observation, Payment};
use crate::provider::Cause;
use crate::{PaymentId, ResourceId, SubjectId};

/// All that the gate needs: who may enter.
///
/// Clones share their data.
pub trait GrantStore: Clone + Send + Sync + 'static {
    /// Whether `who` may use `what` at `now`. The only call on the hot path; it writes nothing.
    ///
    /// A live grant wins over a payment in flight, and that over [`Access::Locked`].
    ///
    /// # Errors
    /// The store cannot answer. The gate then answers 503, never 402 and never the resource.
    fn access(
        &self,
        who: &SubjectId,
        what: &ResourceId,
        now: Timestamp,
    ) -> impl Future<Output = Result<Access, StoreError>> + Send;
}

/// Payments, grants, references, events and the audit trail, kept together so that one transaction can
/// write them.
///
/// # Contract
/// * No default bodies: whoever writes a store decides about every promise. Run the `conformance` suite.
/// * What a method returned as done survives a restart, unless the store says that it forgets.
/// * A method that fails has written nothing, or has written all of it; it never leaves a half.
/// * Times are kept to the microsecond.
pub trait PaymentStore: GrantStore {
    /// Begins a payment, unless there is a reason not to. One transaction; the first that fits counts:
    ///
    /// 1. the subject has used the key: [`Opened::SameKey`], or [`Opened::KeyReused`] if it was for
    ///    another offer or provider;
    /// 2. the subject has a live grant: [`Opened::AlreadyGranted`];
    /// 3. a payment for the same thing is in flight, or open and has not expired: [`Opened::AlreadyOpen`];
    /// 4. open payments have expired that are not in [`Opening::asked`]: [`Opened::AskFirst`] with at most
    ///    sixteen of them, oldest first;
    /// 5. else the payment is written, with its key, its event and version 0: [`Opened::New`].
    ///
    /// # Errors
    /// The store cannot answer, or the payment's id exists.
    fn open(&self, opening: Opening) -> impl Future<Output = Result<Opened, StoreError>> + Send;

    /// The payment of this id.
    ///
    /// # Errors
    /// The store cannot answer.
    fn load(&self, id: &PaymentId) -> impl Future<Output = Result<Option<Payment>, StoreError>> + Send;

    /// Writes a step: payment, claim of its reference, grant, events and note, in **one** transaction, and
    /// ends the lease. Nothing is written unless the answer is [`Committed::Applied`]:
    ///
    /// * the stored version is not the one before: [`Committed::Stale`] with what is stored;
    /// * another payment of the same provider owns the reference: [`Committed::ReferenceTaken`];
    /// * [`GrantEffect::Give`], and another payment backs a live grant for the same subject and resource:
    ///   [`Committed::Covered`].
    ///
    /// Granting and revoking write [`Granted`](crate::EventKind::Granted) and
    /// [`Revoked`](crate::EventKind::Revoked) after the change's own events.
    ///
    /// # Errors
    /// The store cannot answer, the payment does not exist, or its state's rank would fall
    /// ([`StoreError::Inconsistent`]).
    fn commit(&self, change: Change) -> impl Future<Output = Result<Committed, StoreError>> + Send;

    /// Hands out at most `max` payments whose next check is due, the longest due first, to nobody else
    /// until `lease` is over or the payment is committed.
    ///
    /// # Errors
    /// The store cannot answer.
    fn lease_due(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        max: u32,
    ) -> impl Future<Output = Result<Vec<Payment>, StoreError>> + Send;

    /// At most `max` events after number `seq`, in order. The first event has number 1.
    ///
    /// # Errors
    /// The store cannot answer.
    fn events_after(
        &self,
        seq: u64,
        max: u32,
    ) -> impl Future<Output = Result<Vec<(u64, Event)>, StoreError>> + Send;

    /// The number of the newest event, 0 while there is none: where a reader begins that wants only what is
    /// yet to come. It costs the same however many events there are.
    ///
    /// # Errors
    /// The store cannot answer.
    fn newest_event(&self) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// At most `max` payments of a subject, newest first, strictly before the given place: the time of
    /// creation and the id of the last one seen.
    ///
    /// # Errors
    /// The store cannot answer.
    fn payments_of(
        &self,
        who: &SubjectId,
        before: Option<(Timestamp, PaymentId)>,
        max: u32,
    ) -> impl Future<Output = Result<Vec<Payment>, StoreError>> + Send;

    /// At most `max` payments that an operator must look at, oldest first.
    ///
    /// # Errors
    /// The store cannot answer.
    fn in_review(&self, max: u32) -> impl Future<Output = Result<Vec<Payment>, StoreError>> + Send;

    /// The audit trail of a payment, oldest entry first.
    ///
    /// # Errors
    /// The store cannot answer.
    fn trail(&self, id: &PaymentId) -> impl Future<Output = Result<Vec<Observation>, StoreError>> + Send;
}

/// I6, whoever made the change: what was once proven is never taken back.
pub(crate) fn refuse_a_fall(stored: &Payment, to: &Payment) -> Result<(), StoreError> {
    if to.state.rank() >= stored.state.rank() {
        return Ok(());
    }
    let row = stored.intent.id.to_string();
    Err(StoreError::Inconsistent { table: "paygate_payments", column: "rank", row })
}

/// How many expired attempts [`Opened::AskFirst`] names at once.
pub const ASK_FIRST_MAX: usize = 16;

/// Why a store did not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database cannot be used now. Later it may work.
    #[error("the payment store cannot be used now")]
    Unavailable(#[source] Cause),
    /// A row contradicts itself or its neighbors. An operator must look.
    #[error("{table}.{column} of {row} contradicts the rest of the data")]
    Inconsistent {
        /// In which table.
        table: &'static str,
        /// In which column.
        column: &'static str,
        /// Of which row: an identifier, never a content.
        row: String,
    },
    /// Too many writers changed the same payment at once. Trying again helps.
    #[error("the payment was changed by others again and again")]
    Contended,
    /// The payment to change or the id to write is not as the caller believed. The caller is at fault.
    #[error("no such payment, or its id is taken")]
    NoSuchPayment,
}
