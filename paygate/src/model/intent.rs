//! What is for sale, and one attempt to buy it.

use jiff::{SignedDuration, Timestamp};

use crate::{Money, PayeeId, PaymentId, ProviderHandle, ProviderId, ResourceId, SubjectId};

/// What is for sale: access to a resource, at a price, for a time or for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What is unlocked.
    pub resource: ResourceId,
    /// What it costs.
    pub price: Money,
    /// How long the access lasts from the moment of payment; `None` is for good.
    pub grant_for: Option<SignedDuration>,
}

impl Offer {
    /// Access for good.
    pub fn permanent(resource: ResourceId, price: Money) -> Self {
        Self { resource, price, grant_for: None }
    }
}

/// One attempt to pay. It is written before the payer leaves for the provider and its price never
/// changes: what the provider says is compared with this record and with nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The payment's id here and the order's id at the provider.
    pub id: PaymentId,
    /// Who started it, and therefore who gets the access.
    pub subject: SubjectId,
    /// What is bought, at the price of that moment.
    pub offer: Offer,
    /// Through whom.
    pub provider: ProviderId,
    /// Who must receive the money.
    pub payee: PayeeId,
    /// What the provider wants back when it is asked, if it gave something.
    pub handle: Option<ProviderHandle>,
    /// When the attempt began.
    pub created_at: Timestamp,
    /// Until when the checkout is offered again instead of a new one.
    pub expires_at: Timestamp,
}
