//! eSewa ePay v2: a signed form that the payer's browser posts, a signed callback, and a status API.
//!
//! | eSewa says | here |
//! |---|---|
//! | `COMPLETE`, with the intent's amount and our product code | `Paid` |
//! | `PENDING` | `Pending` |
//! | `CANCELED` | `NotPaid(Canceled)` |
//! | `NOT_FOUND` | `NotPaid(Unseen)`: ignored until expiry and grace, as a payer may be on the way |
//! | `FULL_REFUND`, `PARTIAL_REFUND` | `Refunded`; the returned part is not told |
//! | `AMBIGUOUS`, a word that nobody knows, an answer that is none | `Unknown` |
//! | an outage, a 5xx, no answer in time | an error, which says nothing about the payment |

use async_trait::async_trait;
use esewa_client::{
    CallbackError, Client, Confirmation, Merchant, Mismatch, MismatchedField, Status, StatusReport,
};

use super::{ReturnUrls, misconfigured, order_of, reference, unanswered};
use crate::model::{Intent, NotPaid, Outcome, RefundSize, Why};
use crate::provider::{
    Begun, Callback, CallbackRefused, Capabilities, NextStep, PaymentProvider, ProviderError, RawCallback,
    Trust,
};
use crate::{Currency, IdError, IdempotencyKey, Money, PayeeId, PaymentId, ProviderId, ProviderRef};

/// eSewa ePay v2. Its id is `esewa`; the payment's id is eSewa's `transaction_uuid`, the payee is the
/// merchant's product code.
#[derive(Debug)]
pub struct EsewaV2 {
    client: Client,
    urls: ReturnUrls,
    id: ProviderId,
    payee: PayeeId,
}

impl EsewaV2 {
    /// A provider over a client of eSewa.
    pub fn new(client: Client, urls: ReturnUrls) -> Self {
        let payee = PayeeId::visible(client.merchant().product_code().as_str());
        Self { client, urls, id: ProviderId::visible("esewa"), payee }
    }

    fn merchant(&self) -> &Merchant {
        self.client.merchant()
    }
}

#[async_trait]
impl PaymentProvider for EsewaV2 {
    fn id(&self) -> ProviderId {
        self.id.clone()
    }

    fn payee(&self) -> PayeeId {
        self.payee.clone()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::charging(vec![Currency::Npr]).with_signed_callback()
    }

    /// Signs the form. Nobody is asked, so an intent can be begun as often as the payer loses the page.
    async fn begin(&self, intent: &Intent) -> Result<Begun, ProviderError> {
        let request = self.urls.checkout(intent)?;
        let form = self.merchant().checkout(&request);
        let action = form.action().as_str().parse().map_err(misconfigured)?;
        let fields = form.fields().iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Ok(Begun { handle: None, next: NextStep::PostForm { action, fields } })
    }

    fn read_callback(&self, raw: RawCallback<'_>) -> Result<Callback, CallbackRefused> {
        let raw = esewa_client::RawCallback::from_query(raw.query).map_err(refused)?;
        let verified = self.merchant().verify_callback(raw).map_err(refused)?;
        let payment =
            PaymentId::new(verified.transaction_uuid().as_str()).map_err(|_| CallbackRefused::Malformed)?;
        let claims = match verified.status() {
            Status::Complete => Outcome::Paid {
                reference: ProviderRef::new(verified.transaction_code().as_str())
                    .map_err(|_| CallbackRefused::Malformed)?,
                amount: Money::npr_paisa(verified.total_amount().paisa()),
                payee: PayeeId::new(verified.product_code().as_str())
                    .map_err(|_| CallbackRefused::Malformed)?,
            },
            Status::Pending => Outcome::Pending,
            Status::Canceled => Outcome::NotPaid(NotPaid::Canceled),
            Status::NotFound => Outcome::NotPaid(NotPaid::Unseen),
            _ => Outcome::Unknown(Why::Ambiguous),
        };
        Ok(Callback { payment, trust: Trust::Signed, claims, handle: None })
    }

    fn reference(&self, typed: &str) -> Result<ProviderRef, IdError> {
        reference(typed)
    }

    async fn query(&self, intent: &Intent) -> Result<Outcome, ProviderError> {
        let order = order_of(intent).map_err(misconfigured)?;
        let answer = self.client.confirm(&order).await;
        Ok(match answer {
            Ok(Confirmation::Paid(paid)) => Outcome::Paid {
                reference: ProviderRef::new(paid.reference().as_str()).map_err(misconfigured)?,
                amount: Money::npr_paisa(paid.total_amount().paisa()),
                payee: PayeeId::new(paid.product_code().as_str()).map_err(misconfigured)?,
            },
            Ok(Confirmation::Other(report)) => outcome_of(&report),
            Ok(Confirmation::Mismatch(mismatch)) => outcome_of_mismatch(&mismatch),
            Err(error) => return unanswered(error),
        })
    }

    /// eSewa has no call for it: refunds are made in the merchant's portal and show in the status.
    async fn refund(&self, _: &Intent, _: Money, _: &IdempotencyKey) -> Result<Outcome, ProviderError> {
        Err(ProviderError::Unsupported)
    }
}

fn outcome_of(report: &StatusReport) -> Outcome {
    let reference = report.ref_id().and_then(|reference| ProviderRef::new(reference.as_str()).ok());
    match report.status() {
        Status::Pending => Outcome::Pending,
        Status::Canceled => Outcome::NotPaid(NotPaid::Canceled),
        Status::NotFound => Outcome::NotPaid(NotPaid::Unseen),
        Status::FullRefund => Outcome::Refunded { reference, size: RefundSize::Full },
        Status::PartialRefund => Outcome::Refunded { reference, size: RefundSize::Part(None) },
        Status::Ambiguous => Outcome::Unknown(Why::Ambiguous),
        // `COMPLETE` never comes this way: confirmed or a mismatch it is dealt with before.
        _ => Outcome::Unknown(Why::UnknownWord),
    }
}

/// eSewa called another sum or another merchant's payment complete. The state machine compares what was
/// paid with the intent, so it is handed over as it is: such a payment goes to review.
fn outcome_of_mismatch(mismatch: &Mismatch) -> Outcome {
    let report = mismatch.report();
    let paid = || {
        Some(Outcome::Paid {
            reference: ProviderRef::new(report.ref_id()?.as_str()).ok()?,
            amount: Money::npr_paisa(report.total_amount()?.paisa()),
            payee: PayeeId::new(report.product_code()?.as_str()).ok()?,
        })
    };
    match mismatch.field() {
        MismatchedField::TotalAmount | MismatchedField::ProductCode if report.status().is_paid() => {
            paid().unwrap_or(Outcome::Unknown(Why::Malformed))
        }
        // An answer about something else says nothing about this payment.
        _ => Outcome::Unknown(Why::Malformed),
    }
}

fn refused(error: CallbackError) -> CallbackRefused {
    match error {
        CallbackError::Unsigned(_) | CallbackError::InvalidSignature => CallbackRefused::InvalidSignature,
        CallbackError::ForeignProduct => CallbackRefused::ForeignPayee,
        _ => CallbackRefused::Malformed,
    }
}
