//! The Token API, which the *merchant* serves and eSewa calls.
//!
//! A payer types a request id (a bill, an invoice) into eSewa's app. eSewa signs in at the merchant,
//! asks what is due, tells what was paid, and may ask again what became of it. Documented on eSewa's
//! pages *Token* and *Token-V2*:
//!
//! | call | answer |
//! | --- | --- |
//! | `POST access-token` | `access_token`, `expires_in`, `token_type`, `refresh_token`, `refresh_expires_in` |
//! | `GET inquiry/{request_id}[/{mobile}]` | `request_id`, `response_code`, `response_message`, `amount`, `properties`, `packages` |
//! | `POST payment` | `request_id`, `response_code`, `response_message`, `amount`, `reference_code` |
//! | `POST status` | the same, and `status` |
//!
//! `response_code` is 0 for good and 1 for bad, the reverse of what one expects. HTTP statuses are
//! not documented; these routes answer 200, or 400, 401, 409 and 503 beside a `response_code` of 1.
//!
//! A payment is told by whoever holds the credentials, so serve this over TLS only, and hold it
//! against your own record: [`TokenMerchant::take`] is where money is believed.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;

use crate::amount::Amount;
use crate::secret::SecretKey;

mod credentials;
mod reply;
mod routes;
mod value;

pub use self::credentials::{TokenConfigError, TokenCredentials};
pub use self::value::{Inquiry, Package, RequestId, TakenPayment, TokenPayment, TokenRefusal};

/// What a merchant answers from its own records.
pub trait TokenMerchant: Send + Sync + 'static {
    /// What is due for `request_id`; `mobile` is the payer's number, where eSewa passes it on.
    ///
    /// # Errors
    /// [`TokenRefusal`] where nothing is due, or the records cannot be read.
    fn inquire(
        &self,
        request_id: &RequestId,
        mobile: Option<&str>,
    ) -> impl Future<Output = Result<Inquiry, TokenRefusal>> + Send;

    /// Records `payment`, unless its transaction code is recorded already, and gives what is
    /// recorded under that code: in one step, since eSewa repeats a call whose answer got lost. The
    /// router refuses a repetition over another request or sum.
    ///
    /// # Errors
    /// [`TokenRefusal`] where the request is unknown, the sum is not what is due, or the records
    /// cannot be written. Nothing may be recorded then.
    fn take(&self, payment: &TokenPayment)
    -> impl Future<Output = Result<TakenPayment, TokenRefusal>> + Send;

    /// What is recorded under the transaction code of `payment`, if anything is.
    ///
    /// # Errors
    /// [`TokenRefusal`] where the records cannot be read.
    fn find(
        &self,
        payment: &TokenPayment,
    ) -> impl Future<Output = Result<Option<TakenPayment>, TokenRefusal>> + Send;
}

/// The merchant's side of the Token API.
///
/// Access tokens are signed texts with a kind and an end: none is stored, and a new signing key
/// ends all of them.
///
/// ```
/// use esewa_client::SecretKey;
/// use esewa_client::token::{
///     Inquiry, RequestId, TakenPayment, TokenApi, TokenCredentials, TokenMerchant, TokenPayment, TokenRefusal,
/// };
///
/// struct Bills;
///
/// impl TokenMerchant for Bills {
///     async fn inquire(&self, request_id: &RequestId, _: Option<&str>) -> Result<Inquiry, TokenRefusal> {
///         match request_id.as_str() {
///             "12123122" => Ok(Inquiry::new(esewa_client::Amount::from_paisa(100_000))),
///             _ => Err(TokenRefusal::Unknown),
///         }
///     }
/// #   async fn take(&self, _: &TokenPayment) -> Result<TakenPayment, TokenRefusal> { Err(TokenRefusal::Unknown) }
/// #   async fn find(&self, _: &TokenPayment) -> Result<Option<TakenPayment>, TokenRefusal> { Ok(None) }
///     // ... and `take` and `find`, on a table with a unique transaction code
/// }
///
/// let credentials = TokenCredentials::new("esewa", "a long password", "c2l4dGVlbiBieXRlcyBhbmQgdGhlbiBzb21l")?;
/// let signing_key = SecretKey::new("thirty-two-random-bytes-of-your-own")?;
/// let api = TokenApi::new(Bills, credentials, signing_key, jiff::Timestamp::now);
/// let router = axum::Router::<()>::new().nest("/esewa", api.router());
/// # let _ = router;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TokenApi<M> {
    shared: Arc<Shared<M>>,
}

struct Shared<M> {
    merchant: M,
    credentials: TokenCredentials,
    signing_key: SecretKey,
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
}

impl<M: TokenMerchant> TokenApi<M> {
    /// Serves `merchant` to whoever knows `credentials`. Tokens are signed under `signing_key`, which
    /// is the merchant's own and no key of eSewa's; `now` is the clock that they end by.
    pub fn new(
        merchant: M,
        credentials: TokenCredentials,
        signing_key: SecretKey,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Self {
        Self { shared: Arc::new(Shared { merchant, credentials, signing_key, now: Box::new(now) }) }
    }

    /// The four routes, to be nested under a base path of your own. Bodies are at most 16 KiB.
    pub fn router<S: Clone + Send + Sync + 'static>(self) -> axum::Router<S> {
        routes::router(self)
    }
}

impl<M> Clone for TokenApi<M> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<M> fmt::Debug for TokenApi<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenApi").field("credentials", &self.shared.credentials).finish_non_exhaustive()
    }
}

/// Whether what is recorded is what is told now.
fn agrees(taken: &TakenPayment, payment: &TokenPayment) -> bool {
    let same: (&RequestId, Amount) = (&taken.request_id, taken.amount);
    same == (&payment.request_id, payment.amount)
}
