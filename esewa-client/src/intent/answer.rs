//! What eSewa answers: a booking, a state, a cancellation.

use url::Url;

use super::body::{IntentBodyError, done, open};
use super::{IntentId, IntentMerchant, IntentStatus};
use crate::ids::{ProductCode, ReferenceId};
use crate::order::Order;
use crate::status::ConfirmedPayment;

/// A booking in the merchant's records: the order, and the two ids that eSewa gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedIntent {
    /// What was booked.
    pub order: Order,
    /// eSewa's id of the booking.
    pub booking_id: IntentId,
    /// eSewa's id that the callback and the status carry.
    pub correlation_id: IntentId,
}

/// A fresh booking and the way to pay it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Booked {
    /// What to keep, before the deep link is shown.
    pub intent: BookedIntent,
    /// Opens eSewa's app on a phone; on a desktop, show it as a QR code.
    pub deeplink: Url,
}

/// What the status API said of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentReport {
    booking_id: Option<IntentId>,
    correlation_id: Option<IntentId>,
    product_code: Option<ProductCode>,
    status: IntentStatus,
    transaction_id: Option<IntentId>,
    reference: Option<ReferenceId>,
    updated_at: Option<String>,
}

impl IntentReport {
    /// The state of the payment.
    #[must_use]
    pub fn status(&self) -> &IntentStatus {
        &self.status
    }

    /// eSewa's reference, once there is one.
    #[must_use]
    pub fn reference(&self) -> Option<&ReferenceId> {
        self.reference.as_ref()
    }

    /// eSewa's id of the transaction, once there is one.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&IntentId> {
        self.transaction_id.as_ref()
    }

    /// When it changed last, in eSewa's words: the form of this text is not documented.
    #[must_use]
    pub fn updated_at(&self) -> Option<&str> {
        self.updated_at.as_deref()
    }
}

/// What asking about a booking came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum IntentConfirmation {
    /// Paid, and everything agrees with the booking.
    Paid(ConfirmedPayment),
    /// Not paid, or not yet, or no longer: see its status.
    Other(IntentReport),
    /// eSewa answered about another booking, or called it paid without a reference. Do not deliver.
    Mismatch(IntentReport),
}

/// What a cancellation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Cancellation {
    /// It can no longer be paid.
    Canceled,
    /// It was dealt with before, and may well be paid: ask for its status.
    AlreadyProcessed,
}

impl IntentMerchant {
    /// Reads the answer to [`book_body`](Self::book_body): `IP-201` with `booking_id`, `deeplink`
    /// and `correlation_id`.
    ///
    /// # Errors
    /// [`IntentBodyError`] for anything else.
    pub fn read_booking(&self, order: &Order, body: &[u8]) -> Result<Booked, IntentBodyError> {
        let data = open(body, &["IP-201", "IP-200"])?;
        let deeplink = data.text("deeplink").and_then(|text| Url::parse(text).ok());
        let deeplink = deeplink.filter(|url| matches!(url.scheme(), "http" | "https" | "esewa" | "intent"));
        Ok(Booked {
            intent: BookedIntent {
                order: order.clone(),
                booking_id: data.id("booking_id", "it has no booking id")?,
                correlation_id: data.id("correlation_id", "it has no correlation id")?,
            },
            deeplink: deeplink.ok_or(IntentBodyError::Malformed("it has no deep link"))?,
        })
    }

    /// Reads the answer to [`status_body`](Self::status_body), whatever booking it is about.
    ///
    /// # Errors
    /// [`IntentBodyError`] for a body that tells no state.
    pub fn read_status(&self, body: &[u8]) -> Result<IntentReport, IntentBodyError> {
        // A booking that was cancelled tells its state under a code of its own.
        let data = open(body, &["IP-200", "IP-201", "IP-210"])?;
        let malformed = IntentBodyError::Malformed;
        let id = |name| data.text(name).map(IntentId::new).transpose();
        Ok(IntentReport {
            booking_id: id("booking_id").map_err(|_| malformed("its booking id is none"))?,
            correlation_id: id("correlation_id").map_err(|_| malformed("its correlation id is none"))?,
            product_code: data
                .text("product_code")
                .map(ProductCode::new)
                .transpose()
                .map_err(|_| malformed("its product code is none"))?,
            status: data
                .text("status")
                .and_then(IntentStatus::from_wire)
                .ok_or(malformed("its status is no word"))?,
            transaction_id: id("transaction_id").map_err(|_| malformed("its transaction id is none"))?,
            reference: data
                .text("reference_code")
                .map(ReferenceId::new)
                .transpose()
                .map_err(|_| malformed("its reference is none"))?,
            updated_at: data.text("updated_at").map(|text| text.chars().take(64).collect()),
        })
    }

    /// Holds a report against the booking that was asked about.
    pub fn confirm(&self, booked: &BookedIntent, report: IntentReport) -> IntentConfirmation {
        let same = report.booking_id.as_ref() == Some(&booked.booking_id)
            && report.correlation_id.as_ref() == Some(&booked.correlation_id)
            && report.product_code.as_ref() == Some(self.product_code());
        match (&report.reference, same, report.status.is_paid()) {
            (_, false, _) | (None, _, true) => IntentConfirmation::Mismatch(report),
            (Some(reference), true, true) => IntentConfirmation::Paid(ConfirmedPayment {
                order: booked.order.clone(),
                reference: reference.clone(),
                product_code: self.product_code().clone(),
            }),
            (_, true, false) => IntentConfirmation::Other(report),
        }
    }

    /// Reads the answer to [`cancel_body`](Self::cancel_body).
    ///
    /// # Errors
    /// [`IntentBodyError`] for anything but done (`IP-210`) and already processed (`IP-410`).
    pub fn read_cancellation(&self, body: &[u8]) -> Result<Cancellation, IntentBodyError> {
        match done(body, &["IP-210", "IP-200"]) {
            Ok(_) => Ok(Cancellation::Canceled),
            Err(IntentBodyError::AlreadyProcessed) => Ok(Cancellation::AlreadyProcessed),
            Err(error) => Err(error),
        }
    }
}
