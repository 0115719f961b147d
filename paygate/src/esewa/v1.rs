//! eSewa ePay v1: an unsigned form, an unsigned way back, and `transrec`, which answers yes or no.
//!
//! | `transrec` says | here |
//! |---|---|
//! | success, asked with the intent's amount and our merchant code | `Paid` |
//! | failure: no such complete payment *now* | `NotPaid(Unseen)`: ignored until expiry and grace |
//! | nothing, because no reference came back to ask with | `NotPaid(Unseen)` |
//! | an answer that is none | `Unknown` |
//! | an outage, a 5xx, no answer in time | an error, which says nothing about the payment |
//!
//! `transrec` wants eSewa's reference, which only the payer's browser brings. It is kept with the payment as its
//! handle, with up to three others, since anybody who knows the payment's id can bring one, and `transrec` is asked with
//! each. A payer who closes the tab before that has paid, and nobody can find out by a program: he opens the
//! address again, or an operator looks into eSewa's portal and [resolves](crate::Payments::resolve) the payment.
//! Neither refunds nor cancellations show. All of that is what v2 is for.

use async_trait::async_trait;
use esewa_client::legacy::{LegacyMerchant, LegacyRedirect};
use esewa_client::{Client, ReferenceId};

use super::{ReturnUrls, misconfigured, order_of, reference, unanswered};
use crate::model::{Intent, NotPaid, Outcome, Why};
use crate::provider::{
    Begun, Callback, CallbackRefused, Capabilities, NextStep, PaymentProvider, ProviderError, RawCallback,
    Trust,
};
use crate::{
    Currency, IdError, IdempotencyKey, Money, PayeeId, PaymentId, ProviderHandle, ProviderId, ProviderRef,
};

/// eSewa ePay v1. Its id is `esewa-v1`, so that a host can follow payments of both versions while it moves from
/// one to the other; the payment's id is eSewa's `pid`, the payee is the merchant's code.
#[derive(Debug)]
pub struct EsewaV1 {
    client: Client,
    merchant: LegacyMerchant,
    urls: ReturnUrls,
    id: ProviderId,
    payee: PayeeId,
}

impl EsewaV1 {
    /// A provider for a merchant of v1. The client carries the questions, within its bounds.
    pub fn new(client: Client, merchant: LegacyMerchant, urls: ReturnUrls) -> Self {
        let payee = PayeeId::visible(merchant.product_code().as_str());
        Self { client, merchant, urls, id: ProviderId::visible("esewa-v1"), payee }
    }
}

#[async_trait]
impl PaymentProvider for EsewaV1 {
    fn id(&self) -> ProviderId {
        self.id.clone()
    }

    fn payee(&self) -> PayeeId {
        self.payee.clone()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::charging(vec![Currency::Npr])
    }

    /// Fills in the form. The payer can change every field of it; a payment of another amount is one that
    /// `transrec`, asked with ours, does not find.
    async fn begin(&self, intent: &Intent) -> Result<Begun, ProviderError> {
        let request = self.urls.checkout(intent)?;
        let action = self.merchant.form_url().as_str().parse().map_err(misconfigured)?;
        let fields = self.merchant.form_fields(&request).map(|(name, value)| (name.to_owned(), value)).into();
        Ok(Begun { handle: intent.handle.clone(), next: NextStep::PostForm { action, fields } })
    }

    fn read_callback(&self, raw: RawCallback<'_>) -> Result<Callback, CallbackRefused> {
        let malformed = |_| CallbackRefused::Malformed;
        let redirect = LegacyRedirect::from_query(raw.query).map_err(|_| CallbackRefused::Malformed)?;
        let payment = PaymentId::new(redirect.transaction_uuid().as_str()).map_err(malformed)?;
        let handle = ProviderHandle::new(redirect.reference().as_str()).map_err(malformed)?;
        // It says that the payer paid, as anybody could.
        let claims = Outcome::Unknown(Why::Ambiguous);
        Ok(Callback { payment, trust: Trust::Hint, claims, handle: Some(handle) })
    }

    fn reference(&self, typed: &str) -> Result<ProviderRef, IdError> {
        reference(typed)
    }

    async fn query(&self, intent: &Intent) -> Result<Outcome, ProviderError> {
        let Some(handle) = &intent.handle else { return Ok(Outcome::NotPaid(NotPaid::Unseen)) };
        let order = order_of(intent).map_err(misconfigured)?;
        let mut failure = None;
        for named in handle.as_str().split(',') {
            let reference = ReferenceId::new(named).map_err(misconfigured)?;
            match self.client.confirm_legacy(&self.merchant, &order, &reference).await {
                Ok(Some(paid)) => {
                    return Ok(Outcome::Paid {
                        reference: ProviderRef::new(paid.reference().as_str()).map_err(misconfigured)?,
                        amount: Money::npr_paisa(paid.total_amount().paisa()),
                        payee: PayeeId::new(paid.product_code().as_str()).map_err(misconfigured)?,
                    });
                }
                Ok(None) => {}
                // It may be the payer's own: what the others are not says nothing then.
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(Outcome::NotPaid(NotPaid::Unseen)), unanswered)
    }

    /// eSewa has no call for it, and `transrec` does not show refunds either: an operator records them.
    async fn refund(&self, _: &Intent, _: Money, _: &IdempotencyKey) -> Result<Outcome, ProviderError> {
        Err(ProviderError::Unsupported)
    }
}
