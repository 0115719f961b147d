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
    pub review: Option<String>,
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
    pub name: String,
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
    pub fn verdicts(&self) -> [(&'static str, String, String); 4] {
        [
            ("noted", t!("admin-verdict-noted"), t!("admin-verdict-noted-means")),
            ("not_paid", t!("payment-not-paid"), t!("admin-verdict-not-paid-means")),
            ("refunded", t!("admin-refunded"), t!("admin-verdict-refunded-means")),
            ("paid", t!("payment-paid"), t!("admin-verdict-paid-means")),
        ]
    }

    /// The form, filled with what was typed.
    pub fn new(verdict: &str, reference: &str, reason: &str, errors: &FieldErrors) -> Self {
        Self {
            verdict: verdict.to_owned(),
            verdict_error: errors.of("verdict").map(str::to_owned),
            reference: Field::text("reference", t!("admin-reference"), 64)
                .optional()
                .filled(reference, errors),
            reason: Field::lines("reason", t!("admin-why"), 500)
                .with_id("resolve-reason")
                .filled(reason, errors),
        }
    }
}

impl RefundPart {
    /// The form, filled with what was typed.
    pub fn new(amount: &str, reason: &str, errors: &FieldErrors) -> Self {
        Self {
            amount: Field::rupees("amount", t!("admin-refund-total")).filled(amount, errors),
            reason: Field::lines("reason", t!("admin-why"), 500)
                .with_id("refund-reason")
                .filled(reason, errors),
        }
    }
}

#[cfg(test)]
impl AdminPaymentPage {
    pub(in crate::ui) fn sample() -> Self {
        use crate::ui::{Lang, money};
        let fact = |name, value: &str, url: Option<&str>| Fact {
            name,
            value: value.into(),
            url: url.map(Into::into),
        };
        let seen = |who: &str, seen: &str, again: Option<String>| SeenLine {
            who: who.into(),
            seen: super::seen_words(seen),
            state: super::state_words("open"),
            datetime: "2026-11-22T09:20:09Z".into(),
            when: super::sample_time(),
            again,
        };
        Self {
            layout: Layout::sample_admin(&t!("payment-title"), crate::ui::AdminTab::Payments),
            transaction_id: "7f3c".into(),
            amount: money::rupees(3_000),
            mark: Mark::of_status("pending"),
            review: Some(super::review_words("amount_mismatch")),
            done: Some(Done::Rechecked),
            facts: vec![
                fact(t!("admin-payer"), "Sita <i>Sharma</i>", None),
                fact(t!("admin-room"), "Sunny room <near> the ring road", Some("/rooms/r1/")),
            ],
            trail: vec![
                seen(&t!("admin-who-callback"), "paid", None),
                seen(
                    "Kotha Admin <i>Sharma</i>",
                    "verdict: noted",
                    Some(t!("admin-again", times = Lang::current().digits(9), when = super::sample_time())),
                ),
            ],
            acts: vec![ActLine::sample()],
            resolve: Some(ResolvePart::new(
                "paid",
                "<script>alert(1)</script>",
                "</textarea><script>alert(1)</script>",
                &FieldErrors::new([("reference".into(), t!("wrong-required"))]),
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
