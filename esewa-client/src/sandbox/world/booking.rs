//! One booking: what was asked for, how far its payer is, and what eSewa says of it.

use jiff::{SignedDuration, Timestamp};

use crate::amount::Amount;
use crate::status::Status;

/// What a merchant asked for.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct NewBooking {
    pub(in crate::sandbox) protocol: Protocol,
    pub(in crate::sandbox) product_code: String,
    pub(in crate::sandbox) uuid: String,
    pub(in crate::sandbox) amount: Amount,
    /// The amount in the characters in which it came.
    pub(in crate::sandbox) amount_text: String,
    pub(in crate::sandbox) success_url: String,
    pub(in crate::sandbox) failure_url: String,
    /// Where Intent posts its callback; the other protocols have none.
    pub(in crate::sandbox) callback_url: Option<String>,
}

/// The protocol that a booking came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Protocol {
    V1,
    V2,
    Intent,
}

impl Protocol {
    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            Self::V1 => "ePay v1",
            Self::V2 => "ePay v2",
            Self::Intent => "Intent",
        }
    }
}

/// How far the payer is on the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Step {
    LogIn,
    Token,
    Confirm,
}

#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Booking {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) protocol: Protocol,
    pub(in crate::sandbox) product_code: String,
    pub(in crate::sandbox) uuid: String,
    pub(in crate::sandbox) amount: Amount,
    /// The amount in the characters in which it came.
    pub(in crate::sandbox) amount_text: String,
    pub(in crate::sandbox) success_url: String,
    pub(in crate::sandbox) failure_url: String,
    pub(in crate::sandbox) callback_url: Option<String>,
    pub(in crate::sandbox) status: Status,
    pub(in crate::sandbox) code: Option<String>,
    pub(in crate::sandbox) refunded: Amount,
    pub(in crate::sandbox) step: Step,
    pub(in crate::sandbox) payer: Option<String>,
    pub(in crate::sandbox) created_at: Timestamp,
    pub(in crate::sandbox) paid_at: Option<Timestamp>,
    /// Until when, or for how many more questions, the status API still says `PENDING`.
    pub(in crate::sandbox) settles_at: Option<Timestamp>,
    pub(in crate::sandbox) polls_pending: u32,
    /// How many entries the ledger has of it.
    pub(in crate::sandbox) movements: u32,
    /// Whether anything happened to it since it was booked.
    pub(in crate::sandbox) touched_at: Option<Timestamp>,
    /// How often its callback was posted, and whether it was taken.
    pub(in crate::sandbox) callback: Callback,
}

/// How the delivery of a callback went so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub(in crate::sandbox) struct Callback {
    pub(in crate::sandbox) attempts: u32,
    pub(in crate::sandbox) delivered: bool,
}

impl Booking {
    pub(super) fn new(id: String, new: NewBooking, now: Timestamp) -> Self {
        Self {
            id,
            protocol: new.protocol,
            product_code: new.product_code,
            uuid: new.uuid,
            amount: new.amount,
            success_url: new.success_url,
            amount_text: new.amount_text,
            failure_url: new.failure_url,
            callback_url: new.callback_url,
            status: Status::Pending,
            code: None,
            refunded: Amount::ZERO,
            step: Step::LogIn,
            payer: None,
            created_at: now,
            paid_at: None,
            settles_at: None,
            polls_pending: 0,
            movements: 0,
            touched_at: None,
            callback: Callback::default(),
        }
    }

    /// What the status API says now. Asking is what scripted delays count.
    pub(in crate::sandbox) fn ask(&mut self, now: Timestamp, minutes: u32) -> Status {
        if self.polls_pending > 0 {
            self.polls_pending -= 1;
            return Status::Pending;
        }
        self.peek(now, minutes)
    }

    /// What the status API would say now.
    pub(in crate::sandbox) fn peek(&self, now: Timestamp, minutes: u32) -> Status {
        if self.polls_pending > 0 || self.settles_at.is_some_and(|at| now < at) {
            return Status::Pending;
        }
        if self.is_over(now, minutes) { Status::NotFound } else { self.status.clone() }
    }

    /// Whether it ran out before anybody paid.
    pub(in crate::sandbox) fn is_over(&self, now: Timestamp, minutes: u32) -> bool {
        let life = SignedDuration::from_mins(i64::from(minutes));
        self.status == Status::Pending
            && self.paid_at.is_none()
            && now.duration_since(self.created_at) >= life
    }

    /// Whether its payer can still pay.
    pub(in crate::sandbox) fn is_open(&self, now: Timestamp, minutes: u32) -> bool {
        self.status == Status::Pending && self.paid_at.is_none() && !self.is_over(now, minutes)
    }
}
