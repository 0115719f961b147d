//! Asking over HTTP.

use super::{MobileAnswer, MobileBodyError, MobileConfirmation, MobileMerchant, MobileQuery};
use crate::client::{Client, RequestError};
use crate::order::Order;

impl Client {
    /// Asks for a payment of the mobile SDK, and reports what eSewa said, whatever it is about.
    ///
    /// # Errors
    /// [`RequestError`] when no attempt brought an answer within the timeout.
    pub async fn mobile_transaction(
        &self,
        merchant: &MobileMerchant,
        query: MobileQuery<'_>,
    ) -> Result<MobileAnswer, RequestError> {
        self.read(vec![merchant.url(query)], |url| {
            let mut request = self.http().get(url);
            for (name, value) in merchant.headers() {
                request = request.header(name, value);
            }
            async move {
                let answer = self.fetch(request).await?;
                match MobileAnswer::parse(&answer.body) {
                    // What is unknown is told under 200; under an error's status the words are about the request,
                    // such as wrong credentials, and not about the payment.
                    Ok(MobileAnswer::NotFound) if !(200..300).contains(&answer.http_status) => {
                        Err(RequestError::Refused { http_status: answer.http_status, code: None })
                    }
                    parsed => parsed.map_err(|error| told(error, answer.http_status)),
                }
            }
        })
        .await
    }

    /// Asks for a payment of the mobile SDK and holds it against `order`. Give the reference that
    /// the app handed on as the query; it proves nothing, but finds the payment.
    ///
    /// # Errors
    /// [`RequestError`] when no attempt brought an answer within the timeout. The payment's state is
    /// then unknown, which is not the same as unpaid.
    pub async fn confirm_mobile(
        &self,
        merchant: &MobileMerchant,
        order: &Order,
        query: MobileQuery<'_>,
    ) -> Result<MobileConfirmation, RequestError> {
        Ok(self.mobile_transaction(merchant, query).await?.confirm(order))
    }
}

fn told(error: MobileBodyError, http_status: u16) -> RequestError {
    match error {
        MobileBodyError::Outage => RequestError::Outage,
        MobileBodyError::UnexpectedHtml => RequestError::UnexpectedHtml { http_status },
        MobileBodyError::Malformed(why) => RequestError::Malformed(why),
    }
}
