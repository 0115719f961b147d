//! The three calls over HTTP. Only the question is repeated: a second booking would be a second
//! payment, and a cancellation that got lost is found by asking.

use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use url::Url;

use super::{
    Booked, BookedIntent, Cancellation, IntentBodyError, IntentConfirmation, IntentMerchant, IntentReport,
    IntentRequest,
};
use crate::client::{Asked, Client, PollClock, RequestError, Settlement};
use crate::poll::PollSchedule;

/// What asking about a booking to the end came to.
pub type IntentSettlement = Settlement<IntentReport, IntentReport>;

impl Client {
    /// Books a payment with eSewa's app. Asked once: after an error, whether it was booked is
    /// unknown, and another attempt needs a fresh transaction id.
    ///
    /// # Errors
    /// [`RequestError`] when no booking came back.
    pub async fn book_intent(
        &self,
        merchant: &IntentMerchant,
        request: &IntentRequest,
    ) -> Result<Booked, RequestError> {
        let body = merchant.book_body(request);
        let read = |answer: &[u8]| merchant.read_booking(request.order(), answer);
        self.once(self.post_json(merchant.book_url(), &body, read)).await
    }

    /// Asks for the state of a booking, and reports what eSewa said, whatever it is about.
    ///
    /// Though it is a POST, it changes nothing at eSewa, so it is repeated like any other read.
    ///
    /// # Errors
    /// [`RequestError`] when no attempt brought a state within the timeout.
    pub async fn intent_status(
        &self,
        merchant: &IntentMerchant,
        booked: &BookedIntent,
    ) -> Result<IntentReport, RequestError> {
        let body = merchant.status_body(booked);
        let read = |answer: &[u8]| merchant.read_status(answer);
        self.read(vec![merchant.status_url()], |url| self.post_json(url, &body, read)).await
    }

    /// Asks for the state of a booking and holds it against the booking.
    ///
    /// # Errors
    /// [`RequestError`] when no attempt brought a state within the timeout. The payment's state is
    /// then unknown, which is not the same as unpaid.
    pub async fn confirm_intent(
        &self,
        merchant: &IntentMerchant,
        booked: &BookedIntent,
    ) -> Result<IntentConfirmation, RequestError> {
        let report = self.intent_status(merchant, booked).await?;
        Ok(merchant.confirm(booked, report))
    }

    /// Cancels a booking that nobody has begun to pay. Asked once; after an error, ask for the
    /// status.
    ///
    /// # Errors
    /// [`RequestError`] when eSewa's answer is neither done nor already processed.
    pub async fn cancel_intent(
        &self,
        merchant: &IntentMerchant,
        booked: &BookedIntent,
    ) -> Result<Cancellation, RequestError> {
        let body = merchant.cancel_body(booked);
        let read = |answer: &[u8]| merchant.read_cancellation(answer);
        self.once(self.post_json(merchant.cancel_url(), &body, read)).await
    }

    /// Asks about `booked`, which was booked at `started`, when `schedule` says so, until there is nothing more to
    /// ask; as [`settle`](Self::settle) does for ePay v2. A callback usually comes first: eSewa wants to be
    /// asked where none came within five minutes.
    #[expect(clippy::too_many_arguments, reason = "those of `settle`, and Intent's own merchant")]
    pub async fn settle_intent(
        &self,
        merchant: &IntentMerchant,
        booked: &BookedIntent,
        started: Timestamp,
        schedule: &PollSchedule,
        clock: &impl PollClock,
    ) -> IntentSettlement {
        let ask = || async move {
            Ok(match self.confirm_intent(merchant, booked).await? {
                IntentConfirmation::Paid(payment) => Asked::Paid(payment),
                IntentConfirmation::Mismatch(report) => Asked::Mismatch(report),
                IntentConfirmation::Other(report) => Asked::Other(report.status().into(), report),
            })
        };
        self.ask_until_settled(started, schedule, clock, ask).await
    }

    async fn post_json<T>(
        &self,
        url: Url,
        body: &str,
        read: impl Fn(&[u8]) -> Result<T, IntentBodyError>,
    ) -> Result<T, RequestError> {
        let request = self.http().post(url).header(CONTENT_TYPE, "application/json");
        let answer = self.fetch(request.body(body.to_owned())).await?;
        read(&answer.body).map_err(|error| told(error, answer.http_status))
    }
}

fn told(error: IntentBodyError, http_status: u16) -> RequestError {
    match error {
        IntentBodyError::Outage => RequestError::Outage,
        IntentBodyError::Refused { code } if code == "ES104" => RequestError::InvalidSignature,
        IntentBodyError::Refused { code } => RequestError::Refused { http_status, code: Some(code) },
        IntentBodyError::AlreadyProcessed => {
            RequestError::Refused { http_status, code: Some("IP-410".to_owned()) }
        }
        IntentBodyError::UnexpectedHtml => RequestError::UnexpectedHtml { http_status },
        IntentBodyError::Malformed(why) => RequestError::Malformed(why),
    }
}
