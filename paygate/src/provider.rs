//! The seam to a payment provider.

use std::error::Error;

use async_trait::async_trait;

use crate::model::{Intent, Outcome};
use crate::{
    Currency, IdError, IdempotencyKey, Money, PayeeId, PaymentId, ProviderHandle, ProviderId, ProviderRef,
};

/// A way to be paid: a gateway to which the payer is sent, and which can be asked afterwards.
///
/// # Contract
/// * `begin` may be called again for an intent that it has begun: the payer lost the page. With a handle
///   in the intent it must lead back to the same checkout.
/// * `read_callback` is pure. It checks what can be checked without asking anybody and names the payment;
///   what it claims grants nothing.
/// * `query` asks about the intent's own id with the intent's own amount, never with a callback's. What it
///   cannot read is `Unknown`, and only what it could not ask is an error.
/// * References come in one canonical spelling.
/// * No call retries without a bound, and none outlives the caller's patience: a caller drops the future
///   after [`Policy::provider_timeout_ms`](crate::Policy::provider_timeout_ms).
#[async_trait]
pub trait PaymentProvider: Send + Sync + 'static {
    /// The name under which payments remember this provider. It never changes.
    fn id(&self) -> ProviderId;

    /// Who receives the money.
    fn payee(&self) -> PayeeId;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Prepares the payer's way to the provider.
    ///
    /// # Errors
    /// The provider cannot be reached or refuses; no money can have moved.
    async fn begin(&self, intent: &Intent) -> Result<Begun, ProviderError>;

    /// Reads what the payer's browser or the provider's server brought back.
    ///
    /// # Errors
    /// It is malformed, forged, or speaks of somebody else's money.
    fn read_callback(&self, raw: RawCallback<'_>) -> Result<Callback, CallbackRefused>;

    /// A reference that a person typed, in this provider's one spelling: as `query` would name it.
    ///
    /// # Errors
    /// No payment of this provider has such a reference.
    fn reference(&self, typed: &str) -> Result<ProviderRef, IdError>;

    /// Asks what became of a payment.
    ///
    /// # Errors
    /// The provider could not be asked. That says nothing about the payment.
    async fn query(&self, intent: &Intent) -> Result<Outcome, ProviderError>;

    /// Gives money back, up to a total of `total` of this payment, if
    /// [`Capabilities::refund`] says that it can. The same key never refunds twice.
    ///
    /// # Errors
    /// The provider cannot be reached or refuses; whether money moved is found by `query`.
    async fn refund(
        &self,
        intent: &Intent,
        total: Money,
        key: &IdempotencyKey,
    ) -> Result<Outcome, ProviderError>;
}

/// What a provider can do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Its callbacks carry a signature that `read_callback` checks.
    pub signed_callback: bool,
    /// `refund` moves money. Otherwise an operator refunds at the provider and the answer shows it.
    pub refund: bool,
    /// What it can charge.
    pub currencies: Vec<Currency>,
    /// The smallest amount that it charges, in the currency's smallest unit.
    pub least_minor: u64,
}

impl Capabilities {
    /// Charges the currencies, signs nothing, refunds nothing, from one smallest unit on.
    pub fn charging(currencies: Vec<Currency>) -> Self {
        Self { signed_callback: false, refund: false, currencies, least_minor: 1 }
    }

    /// Its callbacks are signed.
    #[must_use]
    pub fn with_signed_callback(mut self) -> Self {
        self.signed_callback = true;
        self
    }

    /// It can refund by a call.
    #[must_use]
    pub fn with_refund(mut self) -> Self {
        self.refund = true;
        self
    }

    /// It charges nothing below this.
    #[must_use]
    pub fn with_least_minor(mut self, least_minor: u64) -> Self {
        self.least_minor = least_minor;
        self
    }

    /// Whether it can charge this.
    pub fn charges(&self, price: Money) -> bool {
        self.currencies.contains(&price.currency) && price.minor >= self.least_minor
    }
}

/// A checkout that is ready for the payer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// What the provider wants back when it is asked; it is stored before the payer is sent away.
    pub handle: Option<ProviderHandle>,
    /// Where the payer goes.
    pub next: NextStep,
}

/// Where the payer goes next.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextStep {
    /// To a page of the provider.
    Redirect(http::Uri),
    /// To a page of the provider, with a form that the browser posts.
    PostForm {
        /// Where the form is posted.
        action: http::Uri,
        /// Its fields, in order.
        fields: Vec<(String, String)>,
    },
}

/// A callback as it arrived. Nothing in it is believed.
#[derive(Clone, Copy)]
pub struct RawCallback<'a> {
    /// The query string, without its question mark.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a http::HeaderMap,
    /// The body.
    pub body: &'a [u8],
}

impl<'a> RawCallback<'a> {
    /// A callback that is nothing but a query string.
    pub fn from_query(query: &'a str, headers: &'a http::HeaderMap) -> Self {
        Self { query, headers, body: &[] }
    }
}

impl std::fmt::Debug for RawCallback<'_> {
    /// Says how much arrived, not what: a callback carries a signature.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawCallback")
            .field("query_bytes", &self.query.len())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What a callback says, after everything that can be checked without asking was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// Of which payment it speaks.
    pub payment: PaymentId,
    /// How far it can be trusted. Not even a signed word grants: the provider is asked.
    pub trust: Trust,
    /// What it claims.
    pub claims: Outcome,
    /// What the provider wants back when it is asked, where only the callback brings it: the reference of
    /// eSewa's ePay v1. Anybody can bring one, so the payment keeps the first three different ones and the newest,
    /// joined by commas in [`Intent::handle`], and `query` asks with each.
    pub handle: Option<ProviderHandle>,
}

/// How far a callback can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The provider signed all of it.
    Signed,
    /// Anybody could have written it; it is a reason to ask.
    Hint,
}

/// Why a callback was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackRefused {
    /// It does not have the provider's form. The sender is at fault; sending it again does not help.
    #[error("the callback is malformed")]
    Malformed,
    /// The signature is missing, does not cover every required field, or is wrong.
    #[error("the callback's signature is not valid")]
    InvalidSignature,
    /// Rightly signed, but for another merchant or product.
    #[error("the callback is about somebody else's money")]
    ForeignPayee,
}

/// Why a provider did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// It could not be reached or is out of order. Later it may work.
    #[error("the provider cannot be asked now")]
    Transient(#[source] Cause),
    /// It refuses this payment. Asking again does not help.
    #[error("the provider refuses")]
    Rejected(#[source] Cause),
    /// The merchant's own settings are wrong. An operator must look.
    #[error("the provider is not set up rightly")]
    Misconfigured(#[source] Cause),
    /// It cannot do this at all.
    #[error("the provider does not offer this")]
    Unsupported,
}

/// What lies behind an error.
pub type Cause = Box<dyn Error + Send + Sync>;
