//! The pages of administrators.

mod acts;
mod payment;
mod payments;

pub use self::acts::{ActLine, ActsPage};
pub use self::payment::{AdminPaymentPage, Done, Fact, RefundPart, ResolvePart, SeenLine};
pub use self::payments::{Filter, PaymentLine, PaymentsPage};

/// A short word on a color, for where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub word: &'static str,
    /// A class of the style sheet.
    pub class: &'static str,
}

impl Mark {
    /// The mark of a status of the contract.
    pub fn of_status(status: &str) -> Self {
        match status {
            "success" => Self { word: "Paid", class: "mark-leaf" },
            "failed" => Self { word: "Not paid", class: "mark-plain" },
            "refunded" => Self { word: "Refunded", class: "mark-dusk" },
            _ => Self { word: "Pending", class: "mark-gold" },
        }
    }
}

/// What an anomaly's code means to a person.
pub fn review_words(code: &str) -> &'static str {
    match code {
        "partial_refund" => "A part was paid back, and eSewa does not say how much",
        "unanswered" => "eSewa never gave an answer",
        "refund_withdrawn" => "eSewa said refunded, and later paid again",
        "reference_changed" => "eSewa named two references for it",
        "paid_twice" => "The payer had access already: this money goes back",
        "reference_taken" => "Its reference already backs another payment",
        "payee_mismatch" => "The money went to somebody else",
        "amount_mismatch" => "Another amount was paid than asked for",
        _ => "Somebody has to look at it",
    }
}
