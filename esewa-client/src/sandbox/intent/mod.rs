//! Intent as eSewa serves it: book, status and cancel as JSON, the deep link, the signed callback.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::Emulator;
use super::faults::{Fault, Route, Struck, cut};
use super::fields::Fields;
use super::world::{Booking, Outcome, OutcomeRequest, Protocol};
use crate::amount::Amount;
use crate::signature::Signature;
use crate::status::Status;

mod booking;
mod delivery;
mod link;

use self::booking::take;
pub(super) use self::delivery::announce;
pub(super) use self::link::{act, open, show};

pub(super) async fn book(State(emulator): State<Emulator>, headers: HeaderMap, body: Bytes) -> Response {
    strike(&emulator, |_| take(&emulator, &headers, &body)).await
}

pub(super) async fn status(State(emulator): State<Emulator>, body: Bytes) -> Response {
    strike(&emulator, |fault| {
        let asked = found(&emulator, &body, &["booking_id", "product_code", "correlation_id"]);
        let (now, minutes) = (emulator.now(), emulator.quirks().booking_minutes);
        let mut booking = match asked {
            Ok(booking) => booking,
            Err(message) => return refuse(&emulator, message),
        };
        if let Some(known) = emulator.world().by_booking_id(&booking.id) {
            booking.status = known.ask(now, minutes);
        }
        let stale = fault == Some(Fault::StalePending);
        let word = if stale { "PENDING" } else { word(&booking) };
        let told = matches!(word, "SUCCESS" | "REVERTED");
        envelope(
            "IP-200",
            "Success",
            &json!({
                "booking_id": booking.id,
                "product_code": booking.product_code,
                "status": word,
                "correlation_id": correlation_id(&booking),
                "transaction_id": booking.code.as_ref().filter(|_| told).map(|code| format!("T-{code}")),
                "reference_code": booking.code.as_ref().filter(|_| told),
                "updated_at": booking.touched_at.unwrap_or(booking.created_at).to_string(),
            }),
        )
    })
    .await
}

pub(super) async fn cancel(State(emulator): State<Emulator>, body: Bytes) -> Response {
    strike(&emulator, |_| {
        let booking = match found(&emulator, &body, &["booking_id", "product_code"]) {
            Ok(booking) => booking,
            Err(message) => return refuse(&emulator, message),
        };
        if word(&booking) != "BOOKED" {
            return already_processed();
        }
        let now = emulator.now();
        match emulator.world().apply(&booking.id, OutcomeRequest::of(Outcome::Cancel), now) {
            Ok(_) => {
                let data = json!({ "booking_id": booking.id, "product_code": booking.product_code });
                envelope("IP-210", "Payment cancelled.", &data)
            }
            Err(_) => already_processed(),
        }
    })
    .await
}

async fn strike(emulator: &Emulator, answer: impl FnOnce(Option<Fault>) -> Response) -> Response {
    match emulator.strike(Route::Intent).await {
        Struck::Instead(response) => response,
        Struck::Cut => cut(answer(None)).await,
        Struck::Bent(bend) => answer(Some(bend.fault)),
        Struck::No => answer(None),
    }
}

/// The booking that a rightly signed body names, as the status API would show it.
fn found(emulator: &Emulator, body: &Bytes, signed: &[&str]) -> Result<Booking, &'static str> {
    let fields = signed_fields(emulator, body, signed)?;
    let text = |name| fields.get(name).unwrap_or_default();
    let (now, minutes) = (emulator.now(), emulator.quirks().booking_minutes);
    let mut world = emulator.world();
    let ours = world.by_booking_id(text("booking_id")).filter(|booking| {
        booking.protocol == Protocol::Intent
            && booking.product_code == text("product_code")
            && fields.get("correlation_id").is_none_or(|id| id == correlation_id(booking))
    });
    let mut booking = ours.map(|booking| booking.clone()).ok_or("There is no such booking.")?;
    booking.status = booking.peek(now, minutes);
    Ok(booking)
}

/// The fields of a JSON body whose signature covers `signed` and is right.
fn signed_fields(emulator: &Emulator, body: &Bytes, signed: &[&str]) -> Result<Fields, &'static str> {
    let fields = Fields::of_json(body).ok_or("The body is not a JSON object with unique keys.")?;
    let key = emulator
        .config()
        .key_of(fields.get("product_code").unwrap_or_default())
        .ok_or("There is no such merchant.")?;
    let names: Vec<&str> = fields.get("signed_field_names").unwrap_or_default().split(',').collect();
    let covered = signed.iter().all(|name| names.contains(name));
    let values: Option<Vec<_>> = names.iter().map(|name| Some((*name, fields.get(name)?))).collect();
    let signature = Signature::from_base64(fields.get("signature").unwrap_or_default());
    match (covered, values, signature) {
        (true, Some(values), Ok(signature)) if signature.verifies(key, values.iter().copied()) => Ok(fields),
        _ => Err("Invalid payload signature."),
    }
}

/// The state of a booking in the words of Intent.
fn word(booking: &Booking) -> &'static str {
    match &booking.status {
        Status::Complete | Status::PartialRefund => "SUCCESS",
        Status::FullRefund => "REVERTED",
        Status::Canceled if booking.paid_at.is_some() => "REVERTED",
        Status::Canceled => "CANCELED",
        Status::NotFound => "FAILED",
        Status::Pending if booking.touched_at.is_none() => "BOOKED",
        Status::Pending | Status::Ambiguous | Status::Other(_) => "PENDING",
    }
}

/// Tied to the booking, so that it needs no place of its own.
fn correlation_id(booking: &Booking) -> String {
    format!("corr-{}", booking.id.chars().rev().collect::<String>())
}

fn amount_of(fields: &Fields) -> Option<Amount> {
    Amount::from_wire(fields.get("amount")?).ok().filter(|amount| *amount != Amount::ZERO)
}

/// The HTTP statuses of all these answers were never published.
fn envelope(code: &str, message: &str, data: &Value) -> Response {
    let body = json!({ "code": code, "message": message, "data": data });
    super::v2::json(StatusCode::OK, body.to_string())
}

fn already_processed() -> Response {
    let body = json!({ "code": "IP-410", "error_message": "The booking has been processed already." });
    super::v2::json(StatusCode::OK, body.to_string())
}

fn refuse(emulator: &Emulator, message: &str) -> Response {
    let body = json!({ "code": "IP-400", "error_message": message });
    let status = StatusCode::from_u16(emulator.quirks().intent_refusal_http_status);
    super::v2::json(status.unwrap_or(StatusCode::BAD_REQUEST), body.to_string())
}
