//! The success redirect: decoded, then proven, then still only a hint.
//!
//! eSewa sends the payer's browser to `success_url?data=<base64>`. The payload says itself which of
//! its fields are signed, and the payer holds another signature under the same key: that of the form.
//! So the set of fields that must be signed is fixed here, and not taken from the payload.

use std::fmt;

use crate::amount::Amount;
use crate::ids::{ProductCode, ReferenceId, TransactionUuid};
use crate::order::Order;
use crate::status::Status;

mod decode;
mod error;
mod payload;
mod query;
mod verify;

pub(crate) use self::decode::decode;
#[cfg(feature = "intent")]
pub(crate) use self::error::CALLBACK_BYTES_MAX;
pub use self::error::CallbackError;
pub(crate) use self::payload::Payload;
pub(crate) use self::verify::verify;
#[cfg(feature = "intent")]
pub(crate) use self::verify::verify_signature;

/// A callback as it came in: decoded, and nothing of it believed.
///
/// There is no way to read its fields; [`Merchant::verify_callback`] makes a [`VerifiedCallback`].
///
/// [`Merchant::verify_callback`]: crate::Merchant::verify_callback
#[derive(Clone)]
pub struct RawCallback(Payload);

impl RawCallback {
    /// Reads the query string of the request to the success address (with or without its `?`).
    ///
    /// Where the address had a query of its own, eSewa glued `?data=` onto its last value; that is
    /// found as well. A query with two payloads is refused.
    ///
    /// # Errors
    /// [`CallbackError`] where there is no payload, or more than one, or none that can be read.
    pub fn from_query(query: &str) -> Result<Self, CallbackError> {
        Self::from_data(query::find_data(query)?)
    }

    /// Reads the value of the `data` parameter, however a framework left it: percent-encoded or not,
    /// with or without its padding, with blanks where `+` was.
    ///
    /// # Errors
    /// [`CallbackError`] where it cannot be read.
    pub fn from_data(data: &str) -> Result<Self, CallbackError> {
        Payload::parse(&decode(data)?).map(Self)
    }
}

impl fmt::Debug for RawCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawCallback([unverified])")
    }
}

/// A callback that eSewa signed, whole, for this merchant.
///
/// It is no proof that *your order* is paid: a payer can show the genuine callback of one order at
/// the address of another. [`matches`](Self::matches) finds that; only the status API makes a
/// [`ConfirmedPayment`](crate::ConfirmedPayment).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCallback {
    transaction_code: ReferenceId,
    status: Status,
    total_amount: Amount,
    transaction_uuid: TransactionUuid,
    product_code: ProductCode,
}

impl VerifiedCallback {
    /// eSewa's reference of the payment.
    #[must_use]
    pub fn transaction_code(&self) -> &ReferenceId {
        &self.transaction_code
    }

    /// What eSewa said of the payment when it sent the payer back.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The sum that was paid.
    #[must_use]
    pub fn total_amount(&self) -> Amount {
        self.total_amount
    }

    /// The merchant's id of the payment.
    #[must_use]
    pub fn transaction_uuid(&self) -> &TransactionUuid {
        &self.transaction_uuid
    }

    /// The merchant's own code.
    #[must_use]
    pub fn product_code(&self) -> &ProductCode {
        &self.product_code
    }

    /// Whether this callback is of that order: the same id and the same sum.
    #[must_use]
    pub fn matches(&self, order: &Order) -> bool {
        self.transaction_uuid == order.transaction_uuid && self.total_amount == order.total_amount
    }
}
