//! A payment as a client sees it.

use jiff::Timestamp;
use paygate::{Payment, State};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::room_of;

/// Payment, as the contract has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentBody {
    /// The payment's id, and eSewa's `transaction_uuid`.
    pub transaction_id: String,
    /// The room that it opens.
    pub room_id: Option<Uuid>,
    /// `"30.00"`.
    pub amount: String,
    /// `"NPR"`.
    pub currency: &'static str,
    /// Where it stands.
    pub status: Status,
    /// eSewa's own reference, once paid.
    pub esewa_ref_id: Option<String>,
    /// When it was found to be paid.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
    /// When it was started.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Until when it is offered.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PaymentStatus)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not known to be paid, and not known to have failed.
    Pending,
    /// Paid; of some a part went back, and the access stays.
    Success,
    /// Ended unpaid.
    Failed,
    /// Paid, and paid back: access has ended.
    Refunded,
}

impl Status {
    /// As it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Refunded => "refunded",
        }
    }
}

impl From<&Payment> for Status {
    fn from(payment: &Payment) -> Self {
        match payment.state {
            State::Lapsed(_) => Self::Failed,
            State::Paid => Self::Success,
            // What the payer has of it: nobody is told "paid back" while the room is open to him, nor while the
            // gate still says that an operator is looking.
            State::PartlyRefunded if payment.entitled => Self::Success,
            State::PartlyRefunded if payment.in_flight => Self::Pending,
            State::PartlyRefunded | State::Refunded => Self::Refunded,
            // Open, or a state of a later version: what isn't known is pending.
            _ => Self::Pending,
        }
    }
}

impl From<&Payment> for PaymentBody {
    fn from(payment: &Payment) -> Self {
        let intent = &payment.intent;
        Self {
            transaction_id: intent.id.as_str().to_owned(),
            room_id: room_of(&intent.offer.resource),
            amount: intent.offer.price.decimal_text(),
            currency: intent.offer.price.currency.code(),
            status: Status::from(payment),
            esewa_ref_id: payment.reference.as_ref().map(|reference| reference.as_str().to_owned()),
            paid_at: payment.paid_at,
            created_at: intent.created_at,
            expires_at: intent.expires_at,
        }
    }
}
