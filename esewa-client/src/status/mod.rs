//! What eSewa says of a payment: the words of ePay v2, and the report that carries one.

use std::fmt;

use crate::amount::Amount;
use crate::ids::{ProductCode, ReferenceId, TransactionUuid};

mod body;
mod confirm;

pub use self::body::StatusBodyError;
#[cfg(any(feature = "client", feature = "legacy", feature = "intent", feature = "mobile"))]
pub(crate) use self::body::is_html;
pub(crate) use self::body::query_url as status_url;
#[cfg(any(feature = "intent", feature = "mobile", feature = "sandbox", feature = "token"))]
pub(crate) use self::body::{Field, object_fields};
pub(crate) use self::confirm::confirm;
pub use self::confirm::{Confirmation, ConfirmedPayment, Mismatch, MismatchedField};

/// The state of an ePay v2 payment.
///
/// Only [`Complete`](Self::Complete) is paid. Whatever is not [final](Self::is_final) may still be
/// paid later, so it is neither failed nor a reason to let the payer pay again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// Started, not finished.
    Pending,
    /// Paid. It can still move on to a refund.
    Complete,
    /// The whole sum went back.
    FullRefund,
    /// A part of the sum went back; eSewa does not tell which.
    PartialRefund,
    /// Halted somewhere in eSewa. Ask again slowly, then ask a person; never treat it as failed.
    Ambiguous,
    /// The session ended at eSewa, or it never saw the id. Not final while the payer may still be
    /// at the payment page.
    NotFound,
    /// Cancelled or reversed by eSewa.
    Canceled,
    /// A word that this crate does not know; not paid and not final.
    Other(String),
}

impl Status {
    /// Reads eSewa's word, or `None` where it is not even a word.
    #[must_use]
    pub fn from_wire(word: &str) -> Option<Self> {
        Some(match word {
            "PENDING" => Self::Pending,
            "COMPLETE" => Self::Complete,
            "FULL_REFUND" => Self::FullRefund,
            "PARTIAL_REFUND" => Self::PartialRefund,
            "AMBIGUOUS" => Self::Ambiguous,
            "NOT_FOUND" => Self::NotFound,
            "CANCELED" => Self::Canceled,
            other if is_word(other) => Self::Other(other.to_owned()),
            _ => return None,
        })
    }

    /// eSewa's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "PENDING",
            Self::Complete => "COMPLETE",
            Self::FullRefund => "FULL_REFUND",
            Self::PartialRefund => "PARTIAL_REFUND",
            Self::Ambiguous => "AMBIGUOUS",
            Self::NotFound => "NOT_FOUND",
            Self::Canceled => "CANCELED",
            Self::Other(word) => word,
        }
    }

    /// Whether the money is with the merchant.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Complete)
    }

    /// Whether polling may stop: paid, all returned, or cancelled. A paid one can still be refunded.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Complete | Self::FullRefund | Self::Canceled)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the status API answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReport {
    pub(crate) status: Status,
    pub(crate) ref_id: Option<ReferenceId>,
    pub(crate) total_amount: Option<Amount>,
    pub(crate) transaction_uuid: Option<TransactionUuid>,
    pub(crate) product_code: Option<ProductCode>,
}

impl StatusReport {
    /// Reads the body of a status answer.
    ///
    /// ```
    /// use esewa_client::{Status, StatusBodyError, StatusReport};
    ///
    /// let body = br#"{"product_code":"EPAYTEST","transaction_uuid":"123","total_amount":100.0,
    ///                 "status":"COMPLETE","ref_id":"00066XV"}"#;
    /// assert_eq!(StatusReport::parse(body)?.status(), &Status::Complete);
    ///
    /// // The body decides, whatever the HTTP status was.
    /// let outage = br#"{"code":0,"error_message":"Service is currently unavailable"}"#;
    /// assert_eq!(StatusReport::parse(outage), Err(StatusBodyError::Outage));
    /// # Ok::<(), StatusBodyError>(())
    /// ```
    ///
    /// # Errors
    /// [`StatusBodyError`] for a body that tells no status.
    pub fn parse(body: &[u8]) -> Result<Self, StatusBodyError> {
        body::parse(body)
    }

    /// The state of the payment.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// eSewa's reference, where the payment has one.
    #[must_use]
    pub fn ref_id(&self) -> Option<&ReferenceId> {
        self.ref_id.as_ref()
    }

    /// The whole sum, where it was told.
    #[must_use]
    pub fn total_amount(&self) -> Option<Amount> {
        self.total_amount
    }

    /// The merchant's id of the payment, where it was told.
    #[must_use]
    pub fn transaction_uuid(&self) -> Option<&TransactionUuid> {
        self.transaction_uuid.as_ref()
    }

    /// The merchant's code, where it was told.
    #[must_use]
    pub fn product_code(&self) -> Option<&ProductCode> {
        self.product_code.as_ref()
    }
}

const WORD_BYTES_MAX: usize = 64;

pub(crate) fn is_word(text: &str) -> bool {
    (1..=WORD_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

#[cfg(test)]
mod tests;
