//! Intent: a payment in eSewa's app, booked server to server.
//!
//! Three JSON calls (`book`, `status`, `cancel`) on one host, a deep link that opens the app, and a
//! signed callback that eSewa posts to the merchant. Documented on eSewa's developer pages *Intent*,
//! *Intent-Initialize-Payment* and *Intent-Status-Check*; the access key signs as the text that it
//! is and is never decoded, which a published signature proves.
//!
//! Its status answer carries neither the merchant's id nor the sum. What ties it to an order is the
//! booking, so keep a [`BookedIntent`] in your records before you show the deep link to anybody.

use std::fmt;

use url::Url;

use crate::callback::CallbackError;
use crate::environment::{ShownUrl, fixed_url, is_open_to_all};
use crate::ids::{ProductCode, TEST_INTENT_PRODUCT_CODE};
use crate::merchant::{ConfigError, FORMER_KEYS_MAX};
use crate::secret::SecretKey;
use crate::signature::Signature;

mod answer;
mod body;
mod callback;
#[cfg(feature = "client")]
mod calls;
mod id;
mod request;
mod status;

pub use self::answer::{Booked, BookedIntent, Cancellation, IntentConfirmation, IntentReport};
pub use self::body::IntentBodyError;
pub use self::callback::{RawIntentCallback, VerifiedIntentCallback};
#[cfg(feature = "client")]
pub use self::calls::IntentSettlement;
pub use self::id::IntentId;
pub use self::request::{IntentRequest, IntentRequestError};
pub use self::status::IntentStatus;

/// A merchant of Intent: its host, its product code and its access key.
///
/// ```
/// use esewa_client::intent::{IntentMerchant, IntentRequest};
/// use esewa_client::{Order, TransactionUuid};
///
/// let merchant = IntentMerchant::test();
/// let order = Order { transaction_uuid: TransactionUuid::new("order-1-a")?, total_amount: "1000".parse()? };
/// let request = IntentRequest::new(
///     order,
///     "https://shop.example/esewa/intent".parse()?,
///     "https://shop.example/orders/1".parse()?,
/// )?;
/// let body = merchant.book_body(&request); // POST it to merchant.book_url()
/// assert!(body.contains(r#""signed_field_names":"product_code,amount,transaction_uuid""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct IntentMerchant {
    origin: Url,
    product_code: ProductCode,
    key: SecretKey,
    former_keys: Vec<SecretKey>,
}

impl IntentMerchant {
    /// The published test merchant on eSewa's test host.
    #[must_use]
    pub fn test() -> Self {
        Self::published(fixed_url("https://rc-checkout.esewa.com.np/"))
    }

    /// The published test merchant on an emulator that answers at `origin`.
    #[must_use]
    pub fn sandbox(origin: &Url) -> Self {
        Self::published(origin.clone())
    }

    /// A merchant where real money moves. eSewa gives out production access on approval only.
    ///
    /// # Errors
    /// [`ConfigError`] for the published code or key, which anybody could sign with.
    pub fn production(product_code: ProductCode, key: SecretKey) -> Result<Self, ConfigError> {
        Self::at(fixed_url("https://checkout.esewa.com.np/"), product_code, key)
    }

    /// A merchant at any other origin, such as a host that eSewa announced later.
    ///
    /// # Errors
    /// [`ConfigError`] for the published code or key, or plain http, at the production host.
    pub fn at(origin: Url, product_code: ProductCode, key: SecretKey) -> Result<Self, ConfigError> {
        let merchant = Self { origin, product_code, key, former_keys: Vec::new() };
        merchant.refuse_published(&merchant.key)?;
        if merchant.is_production() && merchant.product_code.as_str() == TEST_INTENT_PRODUCT_CODE {
            return Err(ConfigError::TestProductCodeInProduction);
        }
        if merchant.is_production() && is_open_to_all(&merchant.origin) {
            return Err(ConfigError::NotHttps);
        }
        Ok(merchant)
    }

    /// Still takes callbacks signed under `key`, while eSewa moves to a new one.
    ///
    /// # Errors
    /// [`ConfigError`] for the published key in production, or for more than four former keys.
    pub fn with_former_key(mut self, key: SecretKey) -> Result<Self, ConfigError> {
        self.refuse_published(&key)?;
        if self.former_keys.len() == FORMER_KEYS_MAX {
            return Err(ConfigError::TooManyFormerKeys);
        }
        self.former_keys.push(key);
        Ok(self)
    }

    /// The merchant's code.
    #[must_use]
    pub fn product_code(&self) -> &ProductCode {
        &self.product_code
    }

    /// Where a payment is booked, by POST of [`book_body`](Self::book_body).
    #[must_use]
    pub fn book_url(&self) -> Url {
        self.url(BOOK_PATH)
    }

    /// Where a booking's state is asked, by POST of [`status_body`](Self::status_body).
    #[must_use]
    pub fn status_url(&self) -> Url {
        self.url(STATUS_PATH)
    }

    /// Where a booking is cancelled, by POST of [`cancel_body`](Self::cancel_body).
    #[must_use]
    pub fn cancel_url(&self) -> Url {
        self.url(CANCEL_PATH)
    }

    /// Proves that eSewa wrote this callback, for this merchant. It is a hint and no payment: ask
    /// for the status of the booking that it [matches](VerifiedIntentCallback::matches).
    ///
    /// # Errors
    /// [`CallbackError`] for anything that is not a whole callback of ours, rightly signed.
    pub fn verify_callback(
        &self,
        callback: RawIntentCallback,
    ) -> Result<VerifiedIntentCallback, CallbackError> {
        callback::verify(callback, std::iter::once(&self.key).chain(&self.former_keys), &self.product_code)
    }

    pub(crate) fn sign(&self, fields: &[(&str, &str)]) -> String {
        Signature::sign(&self.key, fields.iter().copied()).to_base64()
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.origin.clone();
        url.set_path(path);
        url
    }

    fn is_production(&self) -> bool {
        self.origin.host_str() == Some("checkout.esewa.com.np")
    }

    fn refuse_published(&self, key: &SecretKey) -> Result<(), ConfigError> {
        match self.is_production() && key.is_published() {
            true => Err(ConfigError::TestKeyInProduction),
            false => Ok(()),
        }
    }

    fn published(origin: Url) -> Self {
        let (product_code, key) = (ProductCode::test_intent(), SecretKey::test_access_key());
        Self { origin, product_code, key, former_keys: Vec::new() }
    }
}

impl fmt::Debug for IntentMerchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntentMerchant")
            .field("origin", &ShownUrl(&self.origin))
            .field("product_code", &self.product_code)
            .field("key", &self.key)
            .field("former_keys", &self.former_keys)
            .finish()
    }
}

const BOOK_PATH: &str = "/api/client/intent/payment/book";
const STATUS_PATH: &str = "/api/client/intent/payment/status";
const CANCEL_PATH: &str = "/api/client/intent/payment/cancel";

#[cfg(test)]
mod tests;
