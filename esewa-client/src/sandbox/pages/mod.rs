//! The payment page that a person clicks through: log in, token, confirm.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use url::form_urlencoded;

use super::Emulator;
use super::fields::Fields;
use super::world::{Booking, Step};

mod actions;
pub(super) mod back;
pub(super) mod qr;

pub(super) use self::actions::{cancel, confirm, go_back, log_in, token};

#[derive(Template)]
#[template(path = "payment.html")]
struct PaymentPage<'b> {
    booking_id: &'b str,
    merchant: &'b str,
    uuid: &'b str,
    amount: String,
    payer: &'b str,
    step: &'static str,
    error: Option<&'static str>,
    qr: String,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'m> {
    title: &'m str,
    text: &'m str,
    link: Option<(&'m str, &'m str)>,
    refresh: Option<&'m str>,
}

pub(super) async fn show(State(emulator): State<Emulator>, uri: Uri) -> Response {
    let fields = Fields::read(&uri, &Bytes::new());
    page_of(&emulator, fields.get("bookingId").unwrap_or_default(), None)
}

pub(super) async fn not_found() -> Response {
    let text = "The emulator has no such page. All payments are at /_sandbox/.";
    message(StatusCode::NOT_FOUND, "Not found", text, None)
}

/// The page of a booking at the step where its payer is, or why there is none.
fn page_of(emulator: &Emulator, booking_id: &str, error: Option<&'static str>) -> Response {
    let now = emulator.now();
    let minutes = emulator.quirks().booking_minutes;
    let booking = emulator.world().by_booking_id(booking_id).cloned();
    match booking {
        None => message(StatusCode::NOT_FOUND, "No such booking", "This booking does not exist.", None),
        Some(booking) if booking.is_over(now, minutes) => {
            message(StatusCode::GONE, "Session expired", "This booking has run out.", None)
        }
        Some(booking) if !booking.is_open(now, minutes) => {
            message(StatusCode::OK, "Nothing to pay", "This payment has been dealt with already.", None)
        }
        Some(booking) => payment_page(&booking, error),
    }
}

fn payment_page(booking: &Booking, error: Option<&'static str>) -> Response {
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html(
        status,
        &PaymentPage {
            booking_id: &booking.id,
            merchant: &booking.product_code,
            uuid: &booking.uuid,
            amount: booking.amount.to_decimal_text(),
            payer: booking.payer.as_deref().unwrap_or_default(),
            step: match booking.step {
                Step::LogIn => "login",
                Step::Token => "token",
                Step::Confirm => "confirm",
            },
            error,
            qr: format!("/epay/qr?{}", booking_query(&booking.id)),
        },
    )
}

/// Where the page of a booking is, from the root.
pub(super) fn page_link(booking_id: &str) -> String {
    format!("/epay?{}", booking_query(booking_id))
}

fn booking_query(booking_id: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(booking_id.as_bytes()).collect();
    format!("bookingId={encoded}")
}

pub(super) fn message(status: StatusCode, title: &str, text: &str, link: Option<(&str, &str)>) -> Response {
    html(status, &MessagePage { title, text, link, refresh: None })
}

/// Renders a page. It holds ids of payments, so nothing may keep it.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Response {
    let Ok(text) = page.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-src *",
        ),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, Html(text)).into_response()
}
