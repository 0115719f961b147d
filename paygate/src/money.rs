//! Money as a whole number of the currency's smallest unit. No float comes near it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in the smallest unit of its currency: 3000 paisa are 30 rupees.
///
/// ```
/// use paygate::Money;
/// let price = Money::npr_paisa(3000);
/// assert_eq!(price.decimal_text(), "30.00");
/// assert_eq!(price.to_string(), "NPR 30.00");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// How many of the smallest unit.
    pub minor: u64,
    /// Of which currency.
    pub currency: Currency,
}

impl Money {
    /// Nepalese rupees, given in paisa.
    pub const fn npr_paisa(minor: u64) -> Self {
        Self { minor, currency: Currency::Npr }
    }

    /// The amount with the currency's full number of decimals: `30.00`.
    pub fn decimal_text(self) -> String {
        let scale = 10_u64.pow(self.currency.decimals());
        let width = self.currency.decimals() as usize;
        format!("{}.{:0width$}", self.minor / scale, self.minor % scale)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency.code(), self.decimal_text())
    }
}

/// The currencies that can be charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Currency {
    /// The Nepalese rupee of 100 paisa.
    #[serde(rename = "NPR")]
    Npr,
}

impl Currency {
    /// The code of ISO 4217.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Npr => "NPR",
        }
    }

    /// How many decimals the smallest unit stands for.
    pub const fn decimals(self) -> u32 {
        match self {
            Self::Npr => 2,
        }
    }

    /// The currency of an ISO 4217 code, if it can be charged.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "NPR" => Some(Self::Npr),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn money_is_written_with_both_decimals() {
        for (paisa, text) in [(0, "0.00"), (5, "0.05"), (3000, "30.00"), (100_001, "1000.01")] {
            assert_eq!(Money::npr_paisa(paisa).decimal_text(), text);
        }
        assert_eq!(Money::npr_paisa(u64::MAX).decimal_text(), "184467440737095516.15");
    }
}
