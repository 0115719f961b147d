//! The list of payments with its filter.

use askama::Template;

use super::Mark;
use crate::ui::{Field, FieldErrors, Here, Layout};

/// `GET /admin/payments/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/payments.html")]
pub struct PaymentsPage {
    pub layout: Layout,
    pub status: String,
    pub status_error: Option<String>,
    pub in_review: bool,
    pub q: Field,
    pub from: Field,
    pub to: Field,
    pub payments: Vec<PaymentLine>,
    /// Whether anything was asked for.
    pub is_filtered: bool,
    /// Where the list goes on, with the filter kept.
    pub next_url: Option<String>,
    /// The same filter as a file.
    pub export_url: String,
}

/// The filter, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub status: String,
    pub in_review: bool,
    pub q: String,
    pub from: String,
    pub to: String,
}

/// One payment in the list.
#[derive(Clone, Debug)]
pub struct PaymentLine {
    pub url: String,
    pub payer: String,
    pub room_title: String,
    /// Price as text.
    pub amount: String,
    pub mark: Mark,
    /// Why somebody must look at it, in words.
    pub review: Option<String>,
    /// RFC 3339, for machines.
    pub datetime: String,
    /// For people.
    pub when: String,
}

impl PaymentsPage {
    /// Whether the list is of this status.
    pub fn is_chosen(&self, status: &str) -> bool {
        self.status == status
    }

    /// What the list of statuses offers: value and words.
    pub fn statuses(&self) -> [(&'static str, String); 5] {
        [
            ("", t!("admin-any")),
            ("pending", t!("admin-pending")),
            ("success", t!("payment-paid")),
            ("failed", t!("payment-not-paid")),
            ("refunded", t!("admin-refunded")),
        ]
    }

    /// The list under a filter, which may have errors.
    pub fn new(layout: Layout, filter: &Filter, errors: &FieldErrors) -> Self {
        let is_filtered = filter.in_review
            || [&filter.status, &filter.q, &filter.from, &filter.to].iter().any(|text| !text.is_empty());
        Self {
            layout,
            status: filter.status.clone(),
            status_error: errors.of("status").or(errors.of("review")).map(str::to_owned),
            in_review: filter.in_review,
            q: Field::text("q", t!("admin-payments-named"), 64).optional().filled(&filter.q, errors),
            from: Field::day("from", t!("admin-from-day")).optional().filled(&filter.from, errors),
            to: Field::day("to", t!("admin-to-day")).optional().filled(&filter.to, errors),
            payments: Vec::new(),
            is_filtered,
            next_url: None,
            export_url: "/admin/payments/export/".to_owned(),
        }
    }
}

#[cfg(test)]
impl PaymentsPage {
    pub(in crate::ui) fn sample() -> Self {
        let line = |payer: &str, status: &str, review| PaymentLine {
            url: "/admin/payments/7f3c/".into(),
            payer: payer.into(),
            room_title: "Sunny room <script>alert(1)</script>".into(),
            amount: crate::ui::money::rupees(3_000),
            mark: Mark::of_status(status),
            review,
            datetime: "2026-11-22T09:20:00Z".into(),
            when: super::sample_moment(),
        };
        let filter =
            Filter { in_review: true, q: "\"><script>alert(1)</script>".into(), ..Filter::default() };
        Self {
            payments: vec![
                line("Sita <i>Sharma</i>", "pending", Some(super::review_words("amount_mismatch"))),
                line("Ram Thapa", "success", None),
                line("Gita Rai", "refunded", None),
            ],
            next_url: Some("/admin/payments/?review=1&cursor=1_a".into()),
            ..Self::new(
                Layout::sample_admin(&t!("my-payments"), crate::ui::AdminTab::Payments),
                &filter,
                &FieldErrors::default(),
            )
        }
    }

    pub(in crate::ui) fn sample_refused() -> Self {
        let filter = Filter { from: "yesterday".into(), ..Filter::default() };
        let errors = FieldErrors::new([("from".into(), t!("wrong-day"))]);
        Self::new(Layout::sample_admin(&t!("my-payments"), crate::ui::AdminTab::Payments), &filter, &errors)
    }
}
