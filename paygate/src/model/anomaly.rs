//! What an operator must look at. Anomalies form a set, so that their order of arrival does not matter.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A reason for review, from the least to the most pressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Anomaly {
    /// The provider returned a part and does not say how much.
    PartialRefund,
    /// The schedule of checks ran out without an answer.
    Unanswered,
    /// The provider called it refunded, and later paid again.
    RefundWithdrawn,
    /// The provider named two references for one payment.
    ReferenceChanged,
    /// The subject already has access through another payment: this money goes back.
    PaidTwice,
    /// The reference already backs another payment.
    ReferenceTaken,
    /// The money went to somebody else.
    PayeeMismatch,
    /// Another amount or another currency was paid than the intent's.
    AmountMismatch,
    /// It is paid, and the host can't deliver what it was for any more: this money goes back.
    Undeliverable,
}

impl Anomaly {
    /// All of them, from the least to the most pressing.
    pub const ALL: [Self; 9] = [
        Self::PartialRefund,
        Self::Unanswered,
        Self::RefundWithdrawn,
        Self::ReferenceChanged,
        Self::PaidTwice,
        Self::ReferenceTaken,
        Self::PayeeMismatch,
        Self::AmountMismatch,
        Self::Undeliverable,
    ];

    /// A stable word for storage, logs and APIs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PartialRefund => "partial_refund",
            Self::Unanswered => "unanswered",
            Self::RefundWithdrawn => "refund_withdrawn",
            Self::ReferenceChanged => "reference_changed",
            Self::PaidTwice => "paid_twice",
            Self::ReferenceTaken => "reference_taken",
            Self::PayeeMismatch => "payee_mismatch",
            Self::AmountMismatch => "amount_mismatch",
            Self::Undeliverable => "undeliverable",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A set of anomalies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Anomalies(u16);

impl Anomalies {
    /// No anomaly.
    pub const NONE: Self = Self(0);

    /// The set with one more.
    #[must_use]
    pub const fn with(self, anomaly: Anomaly) -> Self {
        Self(self.0 | anomaly.bit())
    }

    /// The set with one less.
    #[must_use]
    pub const fn without(self, anomaly: Anomaly) -> Self {
        Self(self.0 & !anomaly.bit())
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it is in.
    pub const fn contains(self, anomaly: Anomaly) -> bool {
        self.0 & anomaly.bit() != 0
    }

    /// The most pressing one.
    pub fn worst(self) -> Option<Anomaly> {
        self.iter().last()
    }

    /// From the least to the most pressing.
    pub fn iter(self) -> impl Iterator<Item = Anomaly> {
        Anomaly::ALL.into_iter().filter(move |anomaly| self.contains(*anomaly))
    }

    /// The set as a number, for a store. Bits keep their meaning for ever.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The set of a stored number, or nothing if a bit has no meaning here.
    pub fn from_bits(bits: u16) -> Option<Self> {
        let known = Anomaly::ALL.into_iter().fold(0, |all, anomaly| all | anomaly.bit());
        (bits & !known == 0).then_some(Self(bits))
    }
}

impl fmt::Debug for Anomalies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Anomalies, Anomaly};

    #[test]
    fn stored_bits_keep_their_meaning() {
        for (place, anomaly) in Anomaly::ALL.into_iter().enumerate() {
            assert_eq!(Anomalies::NONE.with(anomaly).bits(), 1 << place);
        }
        assert_eq!(Anomalies::from_bits(1 << 9), None);
    }

    #[test]
    fn the_most_pressing_anomaly_is_shown() {
        let set = Anomalies::NONE.with(Anomaly::AmountMismatch).with(Anomaly::Unanswered);
        assert_eq!(set.worst(), Some(Anomaly::AmountMismatch));
        assert_eq!(set.without(Anomaly::AmountMismatch).worst(), Some(Anomaly::Unanswered));
        assert_eq!(Anomalies::NONE.worst(), None);
    }
}
