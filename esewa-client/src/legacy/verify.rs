//! Asking `transrec` over HTTP.

use super::{LegacyMerchant, Transrec, TransrecError};
use crate::client::{Answer, Client, RequestError};
use crate::ids::ReferenceId;
use crate::order::Order;
use crate::status::{ConfirmedPayment, StatusBodyError, StatusReport};

impl Client {
    /// Asks `transrec` about an order of ePay v1, with the reference from the redirect.
    ///
    /// `None` says that eSewa knows no such complete payment *now*. Though it is a POST, it changes
    /// nothing at eSewa, so it is repeated like any other read.
    ///
    /// # Errors
    /// [`RequestError`] when no attempt brought an answer within the timeout.
    pub async fn confirm_legacy(
        &self,
        merchant: &LegacyMerchant,
        order: &Order,
        reference: &ReferenceId,
    ) -> Result<Option<ConfirmedPayment>, RequestError> {
        let fields = merchant.verify_fields(order, reference);
        let answer = self
            .read(vec![merchant.verify_url().clone()], |url| {
                let request = self.http().post(url).form(&fields);
                async move {
                    let answer = self.fetch(request).await?;
                    Transrec::parse(&answer.body).map_err(|error| told(error, &answer))
                }
            })
            .await?;
        Ok((answer == Transrec::Success).then(|| ConfirmedPayment {
            order: order.clone(),
            reference: reference.clone(),
            product_code: merchant.product_code().clone(),
        }))
    }
}

/// What an answer says that is none of `transrec`: an outage and a refusal come as JSON here too.
fn told(error: TransrecError, answer: &Answer) -> RequestError {
    match (error, StatusReport::parse(&answer.body)) {
        (TransrecError::UnexpectedHtml, _) => {
            RequestError::UnexpectedHtml { http_status: answer.http_status }
        }
        (TransrecError::Malformed, Ok(_) | Err(StatusBodyError::Malformed(_))) => {
            RequestError::Malformed("it is no answer of transrec")
        }
        (TransrecError::Malformed, Err(told)) => {
            RequestError::from(told).with_http_status(answer.http_status)
        }
    }
}
