//! What can go wrong, one enum for each operation. Every variant says who is at fault.

use crate::PaymentId;
use crate::model::Grant;
use crate::provider::{CallbackRefused, ProviderError};
use crate::store::StoreError;

/// Why a payment was not started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is access already; nothing is to be paid.
    #[error("access is granted already")]
    AlreadyGranted(Grant),
    /// A payment may have happened. Until that is known, nobody may pay again.
    #[error("payment {0} is in progress")]
    InProgress(PaymentId),
    /// The key belongs to another checkout, or to one that is over. The caller takes a new key.
    #[error("the idempotency key was used before")]
    KeyReused,
    /// Nobody registered this provider, or it cannot charge this price. The caller is at fault.
    #[error("no such provider charges this")]
    UnknownProvider,
    /// The provider could not prepare the checkout. The payment stays open, and starting again goes on with it.
    #[error("the provider could not begin")]
    Provider(#[from] ProviderFailure),
    /// The store did not answer. Later it may work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the checkout of a payment was not prepared again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// No such payment.
    #[error("there is no such payment")]
    UnknownPayment,
    /// It is in flight, expired or over: nothing is to be paid. This is how it stands.
    #[error("the payment is not open for checkout")]
    NotOpen(Box<crate::Payment>),
    /// Its provider is not registered any more.
    #[error("there is no such provider")]
    UnknownProvider,
    /// The provider could not prepare the checkout.
    #[error("the provider could not begin")]
    Provider(#[from] ProviderFailure),
    /// The store did not answer. Later it may work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a callback changed nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// It does not have the provider's form. The sender is at fault.
    #[error("the callback is malformed")]
    Malformed,
    /// Its signature is missing, incomplete or wrong: a forgery, or a wrong key here.
    #[error("the callback's signature is not valid")]
    InvalidSignature,
    /// It is about somebody else's money.
    #[error("the callback is about somebody else's money")]
    ForeignPayee,
    /// Nobody here started that payment. The provider was not asked.
    #[error("there is no such payment")]
    UnknownPayment,
    /// Nobody registered this provider.
    #[error("there is no such provider")]
    UnknownProvider,
    /// The store did not answer. The schedule or a repetition repairs it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CallbackRefused> for CallbackError {
    fn from(refused: CallbackRefused) -> Self {
        match refused {
            CallbackRefused::Malformed => Self::Malformed,
            CallbackRefused::InvalidSignature => Self::InvalidSignature,
            CallbackRefused::ForeignPayee => Self::ForeignPayee,
        }
    }
}

/// Why a payment was not looked at again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecheckError {
    /// No such payment.
    #[error("there is no such payment")]
    UnknownPayment,
    /// The payment's provider has no references of this form. The operator is at fault.
    #[error("the provider has no such reference")]
    BadReference,
    /// Its provider is not registered any more.
    #[error("there is no such provider")]
    UnknownProvider,
    /// The store did not answer. Later it may work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why money was not given back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefundError {
    /// No such payment.
    #[error("there is no such payment")]
    UnknownPayment,
    /// It was not paid, or less was paid than shall go back. The caller is at fault.
    #[error("that much was not paid")]
    NotPaid,
    /// Its provider is not registered any more.
    #[error("there is no such provider")]
    UnknownProvider,
    /// The provider did not do it, as far as is known. The same key makes trying again safe.
    #[error("the provider did not refund")]
    Provider(#[from] ProviderFailure),
    /// The store did not answer. Later it may work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a provider did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderFailure {
    /// It did not answer within the policy's time.
    #[error("the provider did not answer in time")]
    Timeout,
    /// It answered with an error.
    #[error(transparent)]
    Error(#[from] ProviderError),
}

impl ProviderFailure {
    /// Whether the same call may work later without anybody's doing.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Timeout | Self::Error(ProviderError::Transient(_)))
    }
}
