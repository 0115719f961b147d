//! What a provider can know about a payment.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Money, PayeeId, ProviderRef};

/// One observation of a payment at its provider.
///
/// `Paid` names amount and payee because nothing may be granted without comparing them, and
/// `Unknown` is a word of its own because it must never be taken for "not paid".
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The money has moved.
    Paid {
        /// The provider's name for the payment, in its one canonical spelling.
        reference: ProviderRef,
        /// How much was paid.
        amount: Money,
        /// Who received it.
        payee: PayeeId,
    },
    /// The payment happened and money went back.
    Refunded {
        /// The provider's name for the payment, if this answer carries it.
        reference: Option<ProviderRef>,
        /// How much went back in total, never a difference.
        size: RefundSize,
    },
    /// The provider knows the payment and is not done with it.
    Pending,
    /// The provider is sure that nothing was paid.
    NotPaid(NotPaid),
    /// Nobody can say. The payment may have happened.
    Unknown(Why),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paid { .. } => f.write_str("paid"),
            Self::Refunded { size: RefundSize::Full, .. } => f.write_str("refunded"),
            Self::Refunded { size: RefundSize::Part(_), .. } => f.write_str("partly refunded"),
            Self::Pending => f.write_str("pending"),
            Self::NotPaid(reason) => write!(f, "not paid: {reason}"),
            Self::Unknown(why) => write!(f, "unknown: {why}"),
        }
    }
}

/// How much went back to the payer, in total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefundSize {
    /// All of it.
    Full,
    /// A part, if the provider says how much. eSewa does not.
    Part(Option<Money>),
}

/// Why nothing was paid. Ordered by how sure the provider is: observations join to the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum NotPaid {
    /// The provider has never seen it. Ignored until the intent has expired and a grace has passed,
    /// because a payer may still be on the way there.
    Unseen,
    /// The provider's own time for the checkout is over.
    Expired,
    /// The payer, the provider or an operator called it off.
    Canceled,
}

impl fmt::Display for NotPaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unseen => "unseen",
            Self::Expired => "expired",
            Self::Canceled => "canceled",
        })
    }
}

/// Why nobody can say whether a payment happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Why {
    /// The provider itself does not know yet, and says so.
    Ambiguous,
    /// The provider could not be reached or did not answer in time.
    Unreachable,
    /// The answer was no answer: wrong form, or a field that proves the payment is missing.
    Malformed,
    /// A status word that this version does not know.
    UnknownWord,
    /// The provider contradicts itself.
    Contradiction,
    /// The provider signed that money moved or may move, and has not been asked yet.
    Signed,
    /// Somebody said that the payer came back, and the provider has not been asked yet.
    Hinted,
    /// The provider refuses to be asked: a wrong key or merchant. An operator must look.
    Refused,
}

impl Why {
    /// Whether nobody has asked the provider yet. Then a later answer "never seen" ends the doubt; what the
    /// provider itself left open stays so until it says something final.
    pub const fn is_unasked(self) -> bool {
        matches!(self, Self::Unreachable | Self::Refused | Self::Hinted)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ambiguous => "the provider does not know yet",
            Self::Unreachable => "the provider could not be asked",
            Self::Malformed => "the answer could not be read",
            Self::UnknownWord => "the status word is not known",
            Self::Contradiction => "the provider contradicts itself",
            Self::Signed => "the provider signed that it may be paid",
            Self::Hinted => "the payer is said to have come back",
            Self::Refused => "the provider refuses the question",
        })
    }
}
