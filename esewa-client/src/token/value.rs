//! What goes between the routes and the merchant's records.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::amount::Amount;
use crate::ids::{IdError, ReferenceId};

/// What the payer typed: the number of a bill, an invoice, a customer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestId(String);

impl RequestId {
    /// Takes printable text of at most 100 bytes: people type it, so nothing more is known of it.
    ///
    /// # Errors
    /// [`IdError`] for anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
        let text = text.into();
        match text.len() {
            0 => Err(IdError::Empty),
            length if length > TEXT_BYTES_MAX => Err(IdError::TooLong),
            _ if text.chars().any(char::is_control) => Err(IdError::Character),
            _ => Ok(Self(text)),
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is due. `Debug` hides the texts that are shown to the payer, such as a customer's name.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inquiry {
    /// The sum.
    pub amount: Amount,
    /// Names and texts that eSewa's app shows the payer, such as `customer_name`.
    pub properties: BTreeMap<String, String>,
    /// What the payer can choose from, where there is a choice.
    pub packages: Vec<Package>,
}

impl Inquiry {
    /// A sum, with nothing to show and nothing to choose.
    #[must_use]
    pub fn new(amount: Amount) -> Self {
        Self { amount, properties: BTreeMap::new(), packages: Vec::new() }
    }

    /// Shows the payer one more text.
    #[must_use]
    pub fn with_property(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.properties.insert(name.into(), text.into());
        self
    }
}

impl fmt::Debug for Inquiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.properties.keys().collect();
        f.debug_struct("Inquiry")
            .field("amount", &self.amount)
            .field("properties", &names)
            .field("packages", &self.packages)
            .finish()
    }
}

/// One thing to choose. Its fields beside the id are not documented beyond a name and a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// What comes back as `package_id` with the payment.
    pub id: String,
    /// What the payer reads.
    pub display: String,
    /// What it costs.
    pub amount: Amount,
}

/// A payment as eSewa tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenPayment {
    /// What was paid for.
    pub request_id: RequestId,
    /// The sum. Hold it against what is due.
    pub amount: Amount,
    /// eSewa's code, unique for each payment.
    pub transaction_code: ReferenceId,
    /// What was chosen, where there was a choice.
    pub package_id: Option<String>,
}

/// A payment in the merchant's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenPayment {
    /// What it was recorded for.
    pub request_id: RequestId,
    /// The sum that was recorded.
    pub amount: Amount,
    /// The merchant's own reference, which eSewa keeps.
    pub reference_code: String,
}

/// Why a merchant refuses. The words go to eSewa, and from there perhaps to the payer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenRefusal {
    /// There is no such request. eSewa's own sample calls the request id a token.
    #[error("Invalid token")]
    Unknown,
    /// The sum is not what is due.
    #[error("Invalid amount")]
    WrongAmount,
    /// Anything else, in words for the payer.
    #[error("{0}")]
    Other(String),
    /// The records cannot be reached now. eSewa may ask again.
    #[error("Service is currently unavailable")]
    Unavailable,
}

pub(super) const TEXT_BYTES_MAX: usize = 100;

/// The two words of `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum TakenStatus {
    Success,
    Failed,
}
