//! The success redirect of v1: three unsigned values.

use url::form_urlencoded;

use crate::amount::Amount;
use crate::ids::{ReferenceId, TransactionUuid};
use crate::order::Order;

/// What the browser brought back. Nothing of it is proven; use it to find the order and to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyRedirect {
    transaction_uuid: TransactionUuid,
    amount: Amount,
    reference: ReferenceId,
}

impl LegacyRedirect {
    /// Reads the query of the success address (`oid`, `amt`, `refId`; others are left alone).
    ///
    /// # Errors
    /// [`RedirectError`] where one of them is missing, there twice, or not what it should be.
    pub fn from_query(query: &str) -> Result<Self, RedirectError> {
        if query.len() > QUERY_BYTES_MAX {
            return Err(RedirectError::TooLarge);
        }
        let find = |wanted: &'static str| {
            let pairs = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
            let mut values = pairs.filter(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
            let value = values.next().ok_or(RedirectError::Missing(wanted))?;
            if values.next().is_some() { Err(RedirectError::Duplicate(wanted)) } else { Ok(value) }
        };
        Ok(Self {
            transaction_uuid: TransactionUuid::lenient(find("oid")?)
                .map_err(|_| RedirectError::Malformed("oid"))?,
            amount: Amount::from_wire(&find("amt")?).map_err(|_| RedirectError::Malformed("amt"))?,
            reference: ReferenceId::new(find("refId")?).map_err(|_| RedirectError::Malformed("refId"))?,
        })
    }

    /// The merchant's id of the payment, to find the order by.
    #[must_use]
    pub fn transaction_uuid(&self) -> &TransactionUuid {
        &self.transaction_uuid
    }

    /// eSewa's reference, which `transrec` wants to know.
    #[must_use]
    pub fn reference(&self) -> &ReferenceId {
        &self.reference
    }

    /// Whether it speaks of that order. Where it does not, somebody changed it on the way.
    #[must_use]
    pub fn matches(&self, order: &Order) -> bool {
        self.transaction_uuid == order.transaction_uuid && self.amount == order.total_amount
    }
}

/// Why a redirect of v1 cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// Longer than a redirect can be.
    #[error("the query is longer than {QUERY_BYTES_MAX} bytes")]
    TooLarge,
    /// A parameter is not there.
    #[error("the redirect has no `{0}`")]
    Missing(&'static str),
    /// A parameter is there twice.
    #[error("the redirect has `{0}` twice")]
    Duplicate(&'static str),
    /// A parameter is not what it should be.
    #[error("the redirect's `{0}` cannot be read")]
    Malformed(&'static str),
}

const QUERY_BYTES_MAX: usize = 8 * 1024;
