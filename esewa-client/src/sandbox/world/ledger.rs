//! What moved, in the order it moved.

use jiff::Timestamp;

use crate::amount::Amount;

/// One movement of money between a payer and a merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// A payment, or money going back.
    pub kind: LedgerKind,
    /// eSewa's code of the payment.
    pub transaction_code: String,
    /// The merchant's id of the payment.
    pub transaction_uuid: String,
    /// The merchant's code.
    pub product_code: String,
    /// How much moved.
    pub amount: Amount,
    /// When it moved, on the emulator's clock.
    pub at: Timestamp,
}

/// The direction of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LedgerKind {
    /// From the payer to the merchant.
    Payment,
    /// Back to the payer at the merchant's wish.
    Refund,
    /// Back to the payer because eSewa reversed the payment.
    Reversal,
}

impl LedgerKind {
    /// The word for it in the emulator's JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Reversal => "reversal",
        }
    }
}
