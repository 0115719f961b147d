//! eSewa, Nepal's wallet, as a [`PaymentProvider`](crate::PaymentProvider): ePay v2, and v1 for merchants that
//! still have it.

mod v1;
mod v2;

use esewa_client::{Amount, CheckoutRequest, Order, ReferenceId, RequestError, TransactionUuid};
use url::Url;

pub use v1::EsewaV1;
pub use v2::EsewaV2;

use crate::model::{Intent, Outcome, Why};
use crate::provider::{Cause, ProviderError};
use crate::{IdError, ProviderRef};

/// Where eSewa sends the payer's browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrls {
    /// After a payment. ePay v2 appends `?data=`, so it must not have a query; v1 appends
    /// `?oid=&amt=&refId=`.
    pub success: Url,
    /// After a failure. eSewa appends nothing, so the payment is named here: `?transaction_id=<id>` is
    /// appended.
    pub failure: Url,
}

impl ReturnUrls {
    fn checkout(&self, intent: &Intent) -> Result<CheckoutRequest, ProviderError> {
        let order = order_of(intent).map_err(misconfigured)?;
        let mut failure = self.failure.clone();
        failure.query_pairs_mut().append_pair("transaction_id", intent.id.as_str());
        CheckoutRequest::new(order.transaction_uuid, order.total_amount, self.success.clone(), failure)
            .map_err(misconfigured)
    }
}

/// Our record as eSewa names it. The sum is always ours, never a callback's.
fn order_of(intent: &Intent) -> Result<Order, esewa_client::IdError> {
    Ok(Order {
        transaction_uuid: TransactionUuid::new(intent.id.as_str())?,
        total_amount: Amount::from_paisa(intent.offer.price.minor),
    })
}

/// A reference in eSewa's one spelling, which is the client's: upper case.
fn reference(typed: &str) -> Result<ProviderRef, IdError> {
    ReferenceId::new(typed).map_err(|_| IdError::BadCharacter).and_then(|id| ProviderRef::new(id.as_str()))
}

fn unanswered(error: RequestError) -> Result<Outcome, ProviderError> {
    match error {
        // The answer came and is none: that is no reason to believe that nothing was paid.
        RequestError::Malformed(_) | RequestError::TooLarge { .. } => Ok(Outcome::Unknown(Why::Malformed)),
        // Ours to mend, and no word about the payment either.
        RequestError::UnknownMerchant | RequestError::InvalidSignature => Err(misconfigured(error)),
        error if error.is_retryable() => Err(ProviderError::Transient(Box::new(error))),
        error => Err(ProviderError::Rejected(Box::new(error))),
    }
}

fn misconfigured(error: impl Into<Cause>) -> ProviderError {
    ProviderError::Misconfigured(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_of_esewas_says_that_nothing_was_paid() {
        let refused = |http_status| RequestError::Refused { http_status, code: None };
        for error in [RequestError::UnknownMerchant, RequestError::InvalidSignature] {
            assert!(matches!(unanswered(error), Err(ProviderError::Misconfigured(_))));
        }
        for error in [RequestError::Outage, RequestError::Timeout, refused(503)] {
            assert!(matches!(unanswered(error), Err(ProviderError::Transient(_))));
        }
        assert!(matches!(unanswered(refused(403)), Err(ProviderError::Rejected(_))));
        for error in [RequestError::Malformed("cut"), RequestError::TooLarge { body_bytes_max: 1 }] {
            assert!(matches!(unanswered(error), Ok(Outcome::Unknown(Why::Malformed))));
        }
    }
}
