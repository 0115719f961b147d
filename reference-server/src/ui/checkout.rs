//! The way to eSewa: on the client's own device, and on a phone that scanned the code.

use askama::Template;

use super::{Here, Layout};

/// `GET /payments/{transaction_id}/`, for the client that started it.
#[derive(Debug, Template)]
#[template(path = "pages/payment.html")]
pub struct PaymentPage {
    pub layout: Layout,
    pub transaction_id: String,
    pub room_id: String,
    pub room_title: String,
    /// Price as text.
    pub amount: String,
    pub state: PaymentState,
}

/// What can be done about a payment on its own device.
#[derive(Debug)]
pub enum PaymentState {
    /// May be paid now.
    Open(Checkout),
    /// eSewa has not said yet; no way to pay a second time.
    Checking,
    /// Paid; the room is open.
    Paid,
    /// Too late to be paid. Nobody has said that it was not: it may have been, and the word got lost.
    Expired,
    /// Over without being paid; the room's page offers a new one.
    Closed,
    /// Paid once, and given back.
    Refunded,
}

/// The signed form, and the same way for a phone.
#[derive(Clone, Debug)]
pub struct Checkout {
    pub form: EsewaForm,
    /// Opens the checkout on another device.
    pub checkout_url: String,
    /// The SVG of that address, from [`qr::svg`](super::qr::svg) and nowhere else: it is not escaped.
    pub qr_svg: Option<String>,
    /// Time of day until which the form can be used.
    pub expires: String,
}

/// What a browser posts to eSewa.
#[derive(Clone, Debug)]
pub struct EsewaForm {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

/// `GET /pay/{transaction_id}/`, for anybody who holds the link.
#[derive(Debug, Template)]
#[template(path = "pages/pay.html")]
pub struct PayPage {
    pub layout: Layout,
    pub room_title: String,
    /// Price as text.
    pub amount: String,
    pub state: PayState,
}

/// What the holder of the link can do.
#[derive(Debug)]
pub enum PayState {
    /// May be paid now.
    Open(EsewaForm),
    /// eSewa has not said yet.
    Checking,
    /// Paid already, or just now on this phone.
    Paid,
    /// Too late or cancelled.
    Closed,
    /// Paid once, and given back.
    Refunded,
}

/// Where the phone ends after paying: what is open is open on the device that started it.
#[derive(Debug, Template)]
#[template(path = "pages/paid_elsewhere.html")]
pub struct PaidElsewherePage {
    pub layout: Layout,
    pub outcome: PaidElsewhere,
}

/// What became of a payment that came back on a device without the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaidElsewhere {
    Received,
    Checking,
    NotPaid,
    Refunded,
}

impl PaidElsewherePage {
    /// The page for `outcome`.
    pub fn new(outcome: PaidElsewhere) -> Self {
        let title = match outcome {
            PaidElsewhere::Received => t!("pay-received"),
            PaidElsewhere::Checking => t!("elsewhere-checking"),
            PaidElsewhere::NotPaid => t!("elsewhere-failed"),
            PaidElsewhere::Refunded => t!("pay-refunded"),
        };
        Self { layout: Layout::new(title, None, Here::Bare), outcome }
    }
}

#[cfg(test)]
impl EsewaForm {
    fn sample() -> Self {
        Self {
            action: "https://esewa.example/api/epay/main/v2/form".into(),
            fields: vec![
                ("total_amount".into(), "30".into()),
                ("signature".into(), "a+b/\"><script>alert(1)</script>".into()),
            ],
        }
    }
}

#[cfg(test)]
impl PaymentPage {
    pub(super) fn sample(state: PaymentState) -> Self {
        Self {
            layout: Layout::sample("Payment", Here::Elsewhere),
            transaction_id: "7f3c".into(),
            room_id: "r1".into(),
            room_title: "Sunny room <script>alert(1)</script>".into(),
            amount: "Rs. 30.00".into(),
            state,
        }
    }
}

#[cfg(test)]
impl PaymentState {
    pub(super) fn sample_open() -> Self {
        Self::Open(Checkout {
            form: EsewaForm::sample(),
            checkout_url: "https://kotha.example/pay/7f3c/".into(),
            qr_svg: super::qr::svg("https://kotha.example/pay/7f3c/"),
            expires: "3:05 pm".into(),
        })
    }
}

#[cfg(test)]
impl PayState {
    pub(super) fn sample_open() -> Self {
        Self::Open(EsewaForm::sample())
    }
}

#[cfg(test)]
impl PayPage {
    pub(super) fn sample(state: PayState) -> Self {
        Self {
            layout: Layout::sample_visitor("Pay", Here::Bare),
            room_title: "Sunny room <script>alert(1)</script>".into(),
            amount: "Rs. 30.00".into(),
            state,
        }
    }
}
