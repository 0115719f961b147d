//! The callback that eSewa posts: decoded, then proven, then still only a hint.
//!
//! As in ePay v2 the payload says itself what is signed, and the same key signs the merchant's own
//! bookings. So the fields that must be signed are fixed here; otherwise the signature of a booking
//! would pass for that of a payment.

use std::fmt;

use super::{BookedIntent, IntentId, IntentStatus};
use crate::amount::Amount;
use crate::callback::{CALLBACK_BYTES_MAX, CallbackError, Payload, verify_signature};
use crate::ids::{ProductCode, ReferenceId};
use crate::secret::SecretKey;

/// A callback as it came in; nothing of it is believed, and none of it can be read.
#[derive(Clone)]
pub struct RawIntentCallback(Payload);

impl RawIntentCallback {
    /// Reads the body of the POST, at most 8 KiB.
    ///
    /// # Errors
    /// [`CallbackError`] where it is too long or no JSON object with unique keys.
    pub fn from_json(body: &[u8]) -> Result<Self, CallbackError> {
        match body.len() {
            0 => Err(CallbackError::Missing),
            length if length > CALLBACK_BYTES_MAX => Err(CallbackError::TooLarge),
            _ => Payload::parse(body).map(Self),
        }
    }
}

impl fmt::Debug for RawIntentCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawIntentCallback([unverified])")
    }
}

/// A callback that eSewa signed, whole, for this merchant. Find the booking by its correlation id,
/// hold it [against it](Self::matches), then ask for the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedIntentCallback {
    product_code: ProductCode,
    amount: Amount,
    reference: Option<ReferenceId>,
    correlation_id: IntentId,
    status: IntentStatus,
}

impl VerifiedIntentCallback {
    /// The merchant's own code.
    #[must_use]
    pub fn product_code(&self) -> &ProductCode {
        &self.product_code
    }

    /// The sum.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.amount
    }

    /// eSewa's reference of the payment; one that came to nothing may have none.
    #[must_use]
    pub fn reference(&self) -> Option<&ReferenceId> {
        self.reference.as_ref()
    }

    /// The id that the booking was given, to find it by.
    #[must_use]
    pub fn correlation_id(&self) -> &IntentId {
        &self.correlation_id
    }

    /// What eSewa said of the payment when it posted this.
    #[must_use]
    pub fn status(&self) -> &IntentStatus {
        &self.status
    }

    /// Whether it is of that booking: the same correlation and the same sum.
    #[must_use]
    pub fn matches(&self, booked: &BookedIntent) -> bool {
        self.correlation_id == booked.correlation_id && self.amount == booked.order.total_amount
    }
}

pub(super) fn verify<'k>(
    RawIntentCallback(payload): RawIntentCallback,
    keys: impl Iterator<Item = &'k SecretKey>,
    own: &ProductCode,
) -> Result<VerifiedIntentCallback, CallbackError> {
    verify_signature(&payload, &REQUIRED, keys)?;
    // All of these are in the required set, so they are there.
    let text = |name| payload.text(name).unwrap_or_default();
    let malformed = CallbackError::Malformed;
    let verified = VerifiedIntentCallback {
        product_code: ProductCode::new(text("product_code"))
            .map_err(|_| malformed("its product code is none"))?,
        amount: Amount::from_wire(text("amount")).map_err(|_| malformed("its amount is none"))?,
        reference: Some(text("reference_code"))
            .filter(|text| !text.is_empty())
            .map(ReferenceId::new)
            .transpose()
            .map_err(|_| malformed("its reference code is none"))?,
        correlation_id: IntentId::new(text("correlation_id"))
            .map_err(|_| malformed("its correlation id is none"))?,
        status: IntentStatus::from_wire(text("status")).ok_or(malformed("its status is no word"))?,
    };
    if verified.product_code == *own { Ok(verified) } else { Err(CallbackError::ForeignProduct) }
}

/// What a callback of Intent must sign, whatever it says itself.
const REQUIRED: [&str; 5] = ["product_code", "amount", "reference_code", "correlation_id", "status"];
