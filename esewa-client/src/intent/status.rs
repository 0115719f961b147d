//! The words of Intent, which are not those of ePay v2.

use std::fmt;

/// The state of an Intent payment.
///
/// Kept apart from [`Status`](crate::Status): `FAILED` and `REVERTED` do not exist in ePay v2, and
/// `SUCCESS` there is `COMPLETE`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IntentStatus {
    /// Booked; the payer has not begun. Only such a booking can be cancelled.
    Booked,
    /// Begun, not finished.
    Pending,
    /// Paid.
    Success,
    /// The payment failed.
    Failed,
    /// Cancelled before it was paid.
    Canceled,
    /// Paid, and given back.
    Reverted,
    /// A word that this crate does not know; not paid and not final.
    Other(String),
}

impl IntentStatus {
    /// Reads eSewa's word, or `None` where it is not even a word.
    #[must_use]
    pub fn from_wire(word: &str) -> Option<Self> {
        Some(match word {
            "BOOKED" => Self::Booked,
            "PENDING" => Self::Pending,
            "SUCCESS" => Self::Success,
            "FAILED" => Self::Failed,
            "CANCELED" => Self::Canceled,
            "REVERTED" => Self::Reverted,
            other if crate::status::is_word(other) => Self::Other(other.to_owned()),
            _ => return None,
        })
    }

    /// eSewa's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Booked => "BOOKED",
            Self::Pending => "PENDING",
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
            Self::Reverted => "REVERTED",
            Self::Other(word) => word,
        }
    }

    /// Whether the money is with the merchant.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Success)
    }

    /// Whether polling may stop. A paid one can still be reverted.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Success | Self::Failed | Self::Canceled | Self::Reverted)
    }
}

impl fmt::Display for IntentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
