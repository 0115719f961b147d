//! A client's payments, and the receipt of each.

use askama::Template;

use super::{Here, Layout};

/// `GET /my/payments/`
#[derive(Debug, Template)]
#[template(path = "pages/my_payments.html")]
pub struct MyPaymentsPage {
    pub layout: Layout,
    /// Newest first.
    pub payments: Vec<PaymentEntry>,
    /// Where the list goes on.
    pub next_url: Option<String>,
}

/// One payment in a list.
#[derive(Clone, Debug)]
pub struct PaymentEntry {
    pub id: String,
    pub room_title: String,
    /// Price as text.
    pub amount: String,
    pub standing: Standing,
    /// RFC 3339, for machines.
    pub datetime: String,
    /// For people.
    pub when: String,
}

/// `GET /payments/{transaction_id}/receipt/`
#[derive(Debug, Template)]
#[template(path = "pages/receipt.html")]
pub struct ReceiptPage {
    pub layout: Layout,
    pub id: String,
    pub room_id: String,
    pub room_title: String,
    /// Price as text.
    pub amount: String,
    pub standing: Standing,
    /// Whether this money goes back, though eSewa doesn't show it yet.
    pub goes_back: bool,
    /// When it was started, and if so paid and given back: in both calendars.
    pub started: Moment,
    pub paid: Option<Moment>,
    pub refunded: Option<Moment>,
    /// eSewa's own name for it.
    pub reference: Option<String>,
    /// The merchant that it went to.
    pub payee: String,
    /// Who paid.
    pub payer: String,
}

/// An instant for machines and for people.
#[derive(Clone, Debug)]
pub struct Moment {
    /// RFC 3339.
    pub datetime: String,
    pub words: String,
}

/// Where a payment stands, as its payer should know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can still be taken to eSewa.
    Open,
    /// It may be paid; eSewa is asked.
    Checking,
    /// It can't be taken to eSewa any more; nothing is known to be paid.
    Expired,
    NotPaid,
    Paid,
    PartlyRefunded,
    Refunded,
}

impl Standing {
    /// In a word or two.
    pub fn words(self) -> String {
        match self {
            Self::Open => t!("payment-open"),
            Self::Checking => t!("payment-checking"),
            Self::Expired => t!("payment-expired"),
            Self::NotPaid => t!("payment-not-paid"),
            Self::Paid => t!("payment-paid"),
            Self::PartlyRefunded => t!("payment-part-back"),
            Self::Refunded => t!("payment-back"),
        }
    }

    /// In a sentence, on the receipt.
    pub fn sentence(self) -> String {
        match self {
            Self::Open => t!("receipt-open"),
            Self::Checking => t!("receipt-checking"),
            Self::Expired => t!("receipt-expired"),
            Self::NotPaid => t!("receipt-not-paid"),
            Self::Paid => t!("receipt-paid"),
            Self::PartlyRefunded => t!("receipt-part-back"),
            Self::Refunded => t!("receipt-back"),
        }
    }

    /// A class of the style sheet.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Open | Self::Checking => "mark-gold",
            Self::Expired | Self::NotPaid => "mark-plain",
            Self::Paid => "mark-leaf",
            Self::PartlyRefunded | Self::Refunded => "mark-dusk",
        }
    }

    /// Whether money was taken, so that there is something to certify.
    pub fn is_receipt(self) -> bool {
        matches!(self, Self::Paid | Self::PartlyRefunded | Self::Refunded)
    }

    /// Whether its page can go on with it.
    pub fn goes_on(self) -> bool {
        matches!(self, Self::Open | Self::Checking)
    }
}

#[cfg(test)]
const ALL: [Standing; 7] = [
    Standing::Open,
    Standing::Checking,
    Standing::Expired,
    Standing::NotPaid,
    Standing::Paid,
    Standing::PartlyRefunded,
    Standing::Refunded,
];

#[cfg(test)]
impl PaymentEntry {
    pub(super) fn samples() -> Vec<Self> {
        let entry = |standing| Self {
            id: "7f3c".into(),
            room_title: "Sunny room <script>alert(1)</script>".into(),
            amount: "Rs. 30.00".into(),
            standing,
            datetime: "2026-11-22T09:20:00Z".into(),
            when: "Today, 3:05 pm".into(),
        };
        ALL.map(entry).into()
    }
}

#[cfg(test)]
impl MyPaymentsPage {
    pub(super) fn sample() -> Self {
        Self {
            layout: Layout::sample("Payments", Here::My),
            payments: PaymentEntry::samples(),
            next_url: Some("/my/payments/?cursor=1_a".into()),
        }
    }

    pub(super) fn sample_empty() -> Self {
        Self { payments: Vec::new(), next_url: None, ..Self::sample() }
    }
}

#[cfg(test)]
impl ReceiptPage {
    pub(super) fn sample(standing: Standing, goes_back: bool) -> Self {
        let moment = || Moment {
            datetime: "2026-11-22T09:20:09Z".into(),
            words: "22 November 2026 (6 Mangsir 2083 BS), 3:05 pm".into(),
        };
        Self {
            layout: Layout::sample("Receipt", Here::My),
            id: "7f3c".into(),
            room_id: "r1".into(),
            room_title: "Sunny room <near> the ring road".into(),
            amount: "Rs. 30.00".into(),
            standing,
            goes_back,
            started: moment(),
            paid: standing.is_receipt().then(moment),
            refunded: matches!(standing, Standing::PartlyRefunded | Standing::Refunded).then(moment),
            reference: standing.is_receipt().then(|| "0007G36".to_owned()),
            payee: "EPAYTEST".into(),
            payer: "Sita <i>Sharma</i>".into(),
        }
    }
}
