//! One payment with everything that was ever seen and done about it.

use askama::Template;

use super::{ActLine, Mark};
use crate::ui::{Field, FieldErrors, Here, Layout};

/// `GET /admin/payments/{transaction_id}/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/payment.html")]
pub struct AdminPaymentPage {
    pub layout: Layout,
    pub transaction_id: String,
    /// Price as text.
    pub amount: String,
    pub mark: Mark,
    /// Why somebody must look at it, in words.
    pub review: Option<&'static str>,
    /// What came of the act that led here.
    pub done: Option<Done>,
    pub facts: Vec<Fact>,
    /// Oldest first.
    pub trail: Vec<SeenLine>,
    /// Newest first.
    pub acts: Vec<ActLine>,
    /// There while it is in review.
    pub resolve: Option<ResolvePart>,
    /// There once it was paid, until all of it went back.
    pub refund: Option<RefundPart>,
}

/// What came of an act, by our record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Rechecked,
    Resolved,
    /// eSewa itself says that the money went back.
    Refunded,
    /// eSewa says that a part of it went back.
    PartlyRefunded,
    /// Written down; eSewa doesn't show it yet.
    RefundOrdered,
}

/// A name and its value.
#[derive(Clone, Debug)]
pub struct Fact {
    pub name: &'static str,
    pub value: String,
    /// Where the value leads.
    pub url: Option<String>,
}

/// One entry of the audit trail.
#[derive(Clone, Debug)]
pub struct SeenLine {
    /// Who looked, in words.
    pub who: String,
    pub seen: String,
    /// How the payment stood afterwards.
    pub state: String,
    /// RFC 3339, for machines.
    pub datetime: String,
    /// For people, to the second.
    pub when: String,
    /// When it was last seen so, if it was seen more than once in a row.
    pub again: Option<String>,
}

/// The form for a verdict.
#[derive(Clone, Debug)]
pub struct ResolvePart {
    pub verdict: String,
    pub verdict_error: Option<String>,
    pub reference: Field,
    pub reason: Field,
}

/// The form for a refund.
#[derive(Clone, Debug)]
pub struct RefundPart {
    pub amount: Field,
    pub reason: Field,
}

impl ResolvePart {
    /// Whether this verdict was chosen.
    pub fn is_chosen(&self, verdict: &str) -> bool {
        self.verdict == verdict
    }

    /// What can be decided: value, words, and what it means.
    pub fn verdicts(&self) -> [(&'static str, &'static str, &'static str); 4] {
        [
            ("noted", "Noted", "It is good as it stands."),
            ("not_paid", "Not paid", "No money came. What eSewa proved to be paid stays paid."),
            ("refunded", "Refunded", "All of it went back outside of what eSewa tells; access ends."),
            (
                "paid",
                "Paid",
                "You saw the whole amount in eSewa’s portal, under the reference below; access opens.",
            ),
        ]
    }

    /// The form, filled with what was typed.
    pub fn new(verdict: &str, reference: &str, reason: &str, errors: &FieldErrors) -> Self {
        Self {
            verdict: verdict.to_owned(),
            verdict_error: errors.of("verdict").map(str::to_owned),
            reference: Field::text("reference", "eSewa’s reference, with “Paid”", 64)
                .optional()
                .filled(reference, errors),
            reason: Field::lines("reason", "Why", 500).with_id("resolve-reason").filled(reason, errors),
        }
    }
}

impl RefundPart {
    /// The form, filled with what was typed.
    pub fn new(amount: &str, reason: &str, errors: &FieldErrors) -> Self {
        Self {
            amount: Field::rupees("amount", "Goes back in total").filled(amount, errors),
            reason: Field::lines("reason", "Why", 500).with_id("refund-reason").filled(reason, errors),
        }
    }
}

#[cfg(test)]
impl AdminPaymentPage {
    pub(in crate::ui) fn sample() -> Self {
        let fact = |name, value: &str, url: Option<&str>| Fact {
            name,
            value: value.into(),
            url: url.map(Into::into),
        };
        let seen = |who: &str, seen: &str, again: Option<&str>| SeenLine {
            who: who.into(),
            seen: seen.into(),
            state: "open".into(),
            datetime: "2026-11-22T09:20:09Z".into(),
            when: "22 November 2026, 3:05:09 pm".into(),
            again: again.map(Into::into),
        };
        Self {
            layout: Layout::sample_admin("Payment", crate::ui::AdminTab::Payments),
            transaction_id: "7f3c".into(),
            amount: "Rs. 30.00".into(),
            mark: Mark::of_status("pending"),
            review: Some(super::review_words("amount_mismatch")),
            done: Some(Done::Rechecked),
            facts: vec![
                fact("Payer", "Sita <i>Sharma</i>", None),
                fact("Room", "Sunny room <near> the ring road", Some("/rooms/r1/")),
            ],
            trail: vec![
                seen("The payer came back", "paid", None),
                seen(
                    "Kotha Admin <i>Sharma</i>",
                    "verdict: noted",
                    Some("9 times, last 22 November 2026, 3:15:00 pm"),
                ),
            ],
            acts: vec![ActLine::sample()],
            resolve: Some(ResolvePart::new(
                "paid",
                "<script>alert(1)</script>",
                "</textarea><script>alert(1)</script>",
                &FieldErrors::new([("reference".into(), "is required.".into())]),
            )),
            refund: None,
        }
    }

    pub(in crate::ui) fn sample_paid() -> Self {
        Self {
            mark: Mark::of_status("success"),
            review: None,
            done: Some(Done::RefundOrdered),
            resolve: None,
            refund: Some(RefundPart::new("30.00", "", &FieldErrors::default())),
            ..Self::sample()
        }
    }
}
