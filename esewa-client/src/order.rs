//! What the merchant's own records say about a payment.

use crate::amount::Amount;
use crate::ids::TransactionUuid;

/// The merchant's own record of what was to be paid.
///
/// Everything that eSewa or the payer's browser says is held against this, and never the other way
/// round: load it from your database, do not fill it from a callback.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    /// The id that the checkout was made under.
    pub transaction_uuid: TransactionUuid,
    /// The whole sum, taxes and charges included.
    pub total_amount: Amount,
}
