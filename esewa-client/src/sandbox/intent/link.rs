//! The deep link: a phone is sent to the app, a desktop to a page where a person can act for it.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use crate::sandbox::Emulator;
use crate::sandbox::fields::Fields;
use crate::sandbox::pages::{go_back, html, message};
use crate::sandbox::world::{Booking, Outcome, Protocol};

#[derive(Template)]
#[template(path = "intent.html")]
struct IntentPage<'b> {
    booking_id: &'b str,
    merchant: &'b str,
    uuid: &'b str,
    amount: String,
}

/// `/pay/{booking_id}`, as eSewa's link host answers it. Where the real one sends a desktop to the
/// marketing site, the emulator's page stands in for the app.
pub(in crate::sandbox) async fn open(
    State(emulator): State<Emulator>,
    Path(booking_id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if open_booking(&emulator, &booking_id).is_none() {
        return nothing_to_pay();
    }
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let page = format!("/pay/{booking_id}/page");
    if !["Android", "iPhone", "iPad", "Mobile"].iter().any(|word| agent.contains(word)) {
        return (StatusCode::FOUND, [(header::LOCATION, page)]).into_response();
    }
    let base = emulator.origin(&headers);
    // A phone without eSewa's app goes on to the page, as the intent scheme foresees.
    let fallback: String = form_urlencoded::byte_serialize(format!("{base}{page}").as_bytes()).collect();
    let location = format!(
        "intent://pay/{booking_id}#Intent;scheme=esewa;package=com.f1soft.esewa;S.browser_fallback_url={fallback};end"
    );
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

pub(in crate::sandbox) async fn show(
    State(emulator): State<Emulator>,
    Path(booking_id): Path<String>,
) -> Response {
    let Some(booking) = open_booking(&emulator, &booking_id) else { return nothing_to_pay() };
    html(
        StatusCode::OK,
        &IntentPage {
            booking_id: &booking.id,
            merchant: &booking.product_code,
            uuid: &booking.uuid,
            amount: booking.amount.to_decimal_text(),
        },
    )
}

/// A click on the page.
pub(in crate::sandbox) async fn act(
    State(emulator): State<Emulator>,
    Path(booking_id): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Response {
    let fields = Fields::read(&uri, &body);
    let outcome = match fields.get("way") {
        Some("pay") => Outcome::Complete,
        Some("cancel") => Outcome::Cancel,
        Some("fail") => Outcome::NotFound,
        Some("pending") => Outcome::Pending,
        _ => return message(StatusCode::UNPROCESSABLE_ENTITY, "No such way", "Go back and choose.", None),
    };
    match open_booking(&emulator, &booking_id) {
        Some(booking) => go_back(&emulator, &booking.id, outcome).await,
        None => nothing_to_pay(),
    }
}

fn open_booking(emulator: &Emulator, booking_id: &str) -> Option<Booking> {
    let (now, minutes) = (emulator.now(), emulator.quirks().booking_minutes);
    let mut world = emulator.world();
    let booking = world.by_booking_id(booking_id)?;
    (booking.protocol == Protocol::Intent && booking.is_open(now, minutes)).then(|| booking.clone())
}

fn nothing_to_pay() -> Response {
    message(StatusCode::NOT_FOUND, "Nothing to pay", "This booking does not exist, or is dealt with.", None)
}
