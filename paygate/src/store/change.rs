//! What goes into a store's two writing methods and what comes out.

use jiff::Timestamp;

use crate::model::{EventKind, Grant, Note, Payment};
use crate::{GrantId, IdempotencyKey, PaymentId, ProviderRef};

/// A payment that wants to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The payment, with version 0.
    pub payment: Payment,
    /// The caller's name for this start.
    pub key: IdempotencyKey,
    /// Expired attempts that the provider was asked about already.
    pub asked: Vec<PaymentId>,
}

/// What became of an [`Opening`].
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// It was written.
    New(Payment),
    /// The key was used before, for the same thing: this payment.
    SameKey(Payment),
    /// A checkout for the same thing is still good, or in flight.
    AlreadyOpen(Payment),
    /// There is access already.
    AlreadyGranted(Grant),
    /// The key was used before, for another thing.
    KeyReused,
    /// The provider must be asked about these expired attempts before another one may begin.
    AskFirst(Vec<Payment>),
}

/// A step, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The payment as it shall stand. The store must hold the version before.
    pub to: Payment,
    /// The reference that the payment must own.
    pub claim: Option<ProviderRef>,
    /// What becomes of its access.
    pub grant: GrantEffect,
    /// What there is to tell, apart from what happens to grants.
    pub events: Vec<EventKind>,
    /// When it happens.
    pub at: Timestamp,
    /// Who looked and what was seen, if it is worth an entry in the trail.
    pub note: Option<Note>,
}

impl Change {
    /// The version that the store must hold.
    pub fn expected_version(&self) -> u64 {
        self.to.version.saturating_sub(1)
    }
}

/// What a change does to grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantEffect {
    /// Nothing.
    Keep,
    /// Writes this grant, unless the payment backs a live one already.
    Give(Grant),
    /// Does nothing, provided that another payment backs a live grant for the same subject and resource;
    /// if none does any more, the change is [`Committed::Stale`].
    Covered,
    /// Revokes the payment's live grant, if it backs one, and then gives one, under this id, to the longest paid
    /// other payment of the same subject and resource that is [entitled](Payment::entitled) and whose grant, as
    /// [`Payment::grant`] makes it, would still be live. One whose time is over stays entitled, and is passed over.
    Recompute {
        /// The id of the grant that may come out of it.
        spare: GrantId,
    },
}

/// What became of a [`Change`].
#[must_use]
#[expect(clippy::large_enum_variant, reason = "one is made for each commit and lives as long as its match")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// All of it was written.
    Applied,
    /// Nothing was written: the payment has changed, and this is how it stands.
    Stale(Payment),
    /// Nothing was written: another payment owns the reference.
    ReferenceTaken {
        /// Which.
        by: PaymentId,
    },
    /// Nothing was written: the subject has access through another payment.
    Covered {
        /// Through which grant.
        by: Grant,
    },
}
