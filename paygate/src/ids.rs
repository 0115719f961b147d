//! The identifiers of the domain, and where new ones come from.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::text_id::text_id;

text_id! {
    /// One attempt to pay. It is also what the provider is given as the order's id, so it is never reused.
    PaymentId
}
text_id! {
    /// Who pays and who gets the access: `user:42`. The host decides what it means.
    SubjectId
}
text_id! {
    /// What is locked: `room:7`. The host decides what it means.
    ResourceId
}
text_id! {
    /// One grant of access.
    GrantId
}
text_id! {
    /// A payment provider: `esewa`.
    ProviderId
}
text_id! {
    /// Who receives the money at the provider: a merchant or product code.
    PayeeId
}
text_id! {
    /// The provider's own name for a payment that happened. Providers hand it over in one canonical
    /// spelling: two spellings of one reference would be two payments.
    ProviderRef
}
text_id! {
    /// What a provider wants back when it is asked about a checkout that it opened (Khalti's `pidx`).
    ProviderHandle
}
text_id! {
    /// Names a request, so that sending it again does nothing new. One key belongs to one subject.
    IdempotencyKey
}
text_id! {
    /// The person or the job behind an operator's act: `admin:3`. It is kept in the audit trail.
    Actor
}

/// Where new ids come from. An argument, so that tests and simulations can name what they make.
pub trait IdSource: Send + Sync + 'static {
    /// An id that was never given out before. Providers see it; eSewa allows letters, digits and `-`.
    fn payment_id(&self) -> PaymentId;

    /// An id that was never given out before.
    fn grant_id(&self) -> GrantId;
}

/// Random ids: UUID version 4 as text, so that nobody can guess the payment of somebody else.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl RandomIds {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one id source that draws on the system's randomness"
    )]
    fn draw() -> uuid::Uuid {
        uuid::Uuid::new_v4()
    }
}

impl IdSource for RandomIds {
    fn payment_id(&self) -> PaymentId {
        PaymentId::from_uuid(Self::draw())
    }

    fn grant_id(&self) -> GrantId {
        GrantId::from_uuid(Self::draw())
    }
}

/// Counted ids: `pay-1`, `pay-2`, … and `grant-1`, `grant-2`, … For tests.
#[derive(Debug, Default)]
pub struct SequentialIds {
    payments: AtomicU64,
    grants: AtomicU64,
}

impl IdSource for SequentialIds {
    fn payment_id(&self) -> PaymentId {
        PaymentId::numbered("pay", self.payments.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn grant_id(&self) -> GrantId {
        GrantId::numbered("grant", self.grants.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// Texts that are valid by their form need no check, and therefore no error.
macro_rules! made_ids {
    ($name:ident) => {
        impl $name {
            /// A UUID in its hyphenated form.
            pub fn from_uuid(id: uuid::Uuid) -> Self {
                Self(id.hyphenated().to_string().into())
            }

            fn numbered(prefix: &'static str, number: u64) -> Self {
                Self(fmt::format(format_args!("{prefix}-{number}")).into())
            }
        }
    };
}
made_ids!(PaymentId);
made_ids!(GrantId);
