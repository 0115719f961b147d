//! What can become of a booking, and what that moves.

use jiff::Timestamp;

use super::{Booking, LedgerEntry, LedgerKind, World};
use crate::amount::Amount;
use crate::status::Status;

/// What becomes of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The payer pays.
    Complete,
    /// The payer cancels, or eSewa reverses what was paid.
    Cancel,
    /// The payment hangs: eSewa says `PENDING`.
    Pending,
    /// The payment is in a halt state: eSewa says `AMBIGUOUS`.
    Ambiguous,
    /// eSewa knows nothing of it.
    NotFound,
    /// It is paid, and the whole sum goes back.
    FullRefund,
    /// It is paid, and a part goes back.
    PartialRefund,
}

/// An outcome for a booking.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) struct OutcomeRequest {
    pub(in crate::sandbox) outcome: Outcome,
    /// How much goes back if a part does; half, unless told.
    pub(in crate::sandbox) refund: Option<Amount>,
    /// For how many more questions, and until when, the status API does not say so yet.
    pub(in crate::sandbox) pending_polls: u32,
    pub(in crate::sandbox) settles_at: Option<Timestamp>,
}

impl OutcomeRequest {
    /// An outcome that the status API tells at once.
    pub(in crate::sandbox) fn of(outcome: Outcome) -> Self {
        Self { outcome, refund: None, pending_polls: 0, settles_at: None }
    }
}

/// What an outcome led to.
#[derive(Debug)]
pub(in crate::sandbox) struct Applied {
    pub(in crate::sandbox) booking: Booking,
    /// Whether the payer's browser goes to the success address.
    pub(in crate::sandbox) success: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::sandbox) enum OutcomeError {
    #[error("there is no booking of that id")]
    Unknown,
    #[error("all of it went back already")]
    AllRefunded,
    #[error("that is more than is left of the payment, or nothing")]
    RefundAmount,
    #[error("it went back in too many parts already; the rest can go back at once")]
    TooManyRefunds,
}

impl World {
    /// Makes `request` true for the booking of that id.
    pub(in crate::sandbox) fn apply(
        &mut self,
        booking_id: &str,
        request: OutcomeRequest,
        now: Timestamp,
    ) -> Result<Applied, OutcomeError> {
        let index = self.index_of(booking_id).ok_or(OutcomeError::Unknown)?;
        let paid = self.is_paid(index);
        let gone = paid && self.left(index) == Amount::ZERO;
        if gone && request.outcome != Outcome::FullRefund {
            return Err(OutcomeError::AllRefunded);
        }
        let status = match request.outcome {
            Outcome::Complete => {
                self.pay(index, now);
                if self.bookings[index].refunded == Amount::ZERO {
                    Status::Complete
                } else {
                    Status::PartialRefund
                }
            }
            Outcome::Cancel => {
                if paid {
                    self.give_back(index, LedgerKind::Reversal, self.left(index), now);
                }
                Status::Canceled
            }
            Outcome::Pending => Status::Pending,
            Outcome::Ambiguous => {
                self.name(index);
                Status::Ambiguous
            }
            Outcome::NotFound => Status::NotFound,
            Outcome::FullRefund => {
                self.pay(index, now);
                self.give_back(index, LedgerKind::Refund, self.left(index), now);
                Status::FullRefund
            }
            Outcome::PartialRefund => self.refund_part(index, request.refund, now)?,
        };
        let booking = &mut self.bookings[index];
        booking.status = status;
        booking.touched_at = Some(now);
        // What an earlier outcome had scripted ends with it.
        booking.polls_pending = request.pending_polls;
        booking.settles_at = request.settles_at;
        let success =
            matches!(request.outcome, Outcome::Complete | Outcome::FullRefund | Outcome::PartialRefund);
        Ok(Applied { booking: booking.clone(), success })
    }

    fn is_paid(&self, index: usize) -> bool {
        self.bookings[index].paid_at.is_some()
    }

    /// What the merchant still has of a payment.
    fn left(&self, index: usize) -> Amount {
        let booking = &self.bookings[index];
        Amount::from_paisa(booking.amount.paisa().saturating_sub(booking.refunded.paisa()))
    }

    /// Gives it a code of eSewa's, once.
    fn name(&mut self, index: usize) -> String {
        if self.bookings[index].code.is_none() {
            let code = self.codes.transaction_code();
            self.by_code.insert(code.clone(), index);
            self.bookings[index].code = Some(code);
        }
        self.bookings[index].code.clone().unwrap_or_default()
    }

    fn pay(&mut self, index: usize, now: Timestamp) {
        self.name(index);
        if !self.is_paid(index) {
            self.bookings[index].paid_at = Some(now);
            self.enter(index, LedgerKind::Payment, self.bookings[index].amount, now);
        }
    }

    fn refund_part(
        &mut self,
        index: usize,
        part: Option<Amount>,
        now: Timestamp,
    ) -> Result<Status, OutcomeError> {
        let left = self.left(index);
        let part = part.unwrap_or(Amount::from_paisa(left.paisa().div_ceil(2)));
        if part == Amount::ZERO || part > left {
            return Err(OutcomeError::RefundAmount);
        }
        if self.bookings[index].movements >= MOVEMENTS_MAX && part != left {
            return Err(OutcomeError::TooManyRefunds);
        }
        self.pay(index, now);
        self.give_back(index, LedgerKind::Refund, part, now);
        Ok(if part == left { Status::FullRefund } else { Status::PartialRefund })
    }

    fn give_back(&mut self, index: usize, kind: LedgerKind, amount: Amount, now: Timestamp) {
        if amount == Amount::ZERO {
            return;
        }
        let booking = &mut self.bookings[index];
        booking.refunded = Amount::from_paisa(booking.refunded.paisa() + amount.paisa());
        self.enter(index, kind, amount, now);
    }

    fn enter(&mut self, index: usize, kind: LedgerKind, amount: Amount, at: Timestamp) {
        let booking = &mut self.bookings[index];
        booking.movements += 1;
        self.ledger.push(LedgerEntry {
            kind,
            transaction_code: booking.code.clone().unwrap_or_default(),
            transaction_uuid: booking.uuid.clone(),
            product_code: booking.product_code.clone(),
            amount,
            at,
        });
    }
}

/// More parts than this go back at once, so that no payment fills the ledger alone.
const MOVEMENTS_MAX: u32 = 100;
