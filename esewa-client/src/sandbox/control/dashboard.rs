//! `/_sandbox/`: all payments on one page, where a person can set the outcome of each.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::pay::refusal;
use crate::sandbox::Emulator;
use crate::sandbox::fields::Fields;
use crate::sandbox::intent;
use crate::sandbox::pages::{html, page_link};
use crate::sandbox::world::{Booking, Outcome, OutcomeRequest, Protocol};

#[derive(Template)]
#[template(path = "dashboard.html")]
struct Dashboard {
    now: String,
    rows: Vec<Row>,
    /// The page of newer ones, and of older ones, where there are any.
    newer: Option<usize>,
    older: Option<usize>,
    outcomes: [(&'static str, &'static str); 7],
}

struct Row {
    booking_id: String,
    uuid: String,
    product_code: String,
    protocol: &'static str,
    amount: String,
    refunded: Option<String>,
    status: String,
    code: String,
    link: String,
    open: bool,
}

pub(in crate::sandbox) async fn front() -> Response {
    (StatusCode::FOUND, [(header::LOCATION, "/_sandbox/")]).into_response()
}

/// `?page=`, counted from 1: the latest come first.
pub(in crate::sandbox) async fn show(State(emulator): State<Emulator>, uri: Uri) -> Response {
    let fields = Fields::read(&uri, &Bytes::new());
    let page = fields.get("page").and_then(|page| page.parse().ok()).unwrap_or(1_usize).clamp(1, PAGES_MAX);
    let now = emulator.now();
    let minutes = emulator.quirks().booking_minutes;
    let world = emulator.world();
    let rows: Vec<Row> = world
        .bookings()
        .iter()
        .rev()
        .skip((page - 1) * ROWS_MAX)
        .take(ROWS_MAX)
        .map(|booking| Row {
            booking_id: booking.id.clone(),
            uuid: booking.uuid.clone(),
            product_code: booking.product_code.clone(),
            protocol: booking.protocol.name(),
            amount: booking.amount.to_decimal_text(),
            refunded: Some(booking.refunded)
                .filter(|refunded| refunded.paisa() > 0)
                .map(crate::Amount::to_decimal_text),
            status: booking.peek(now, minutes).as_str().to_owned(),
            code: booking.code.clone().unwrap_or_default(),
            link: link(booking),
            open: booking.is_open(now, minutes),
        })
        .collect();
    let newer = Some(page - 1).filter(|page| *page > 0);
    let older = Some(page + 1).filter(|_| page * ROWS_MAX < world.bookings().len());
    html(StatusCode::OK, &Dashboard { now: now.to_string(), rows, newer, older, outcomes: OUTCOMES })
}

pub(in crate::sandbox) async fn set_outcome(
    State(emulator): State<Emulator>,
    uri: Uri,
    body: Bytes,
) -> Response {
    let fields = Fields::read(&uri, &body);
    let word = serde_json::Value::from(fields.get("outcome").unwrap_or_default());
    let Ok(outcome) = serde_json::from_value::<Outcome>(word) else {
        return (StatusCode::UNPROCESSABLE_ENTITY, "there is no such outcome\n").into_response();
    };
    let now = emulator.now();
    let id = fields.get("booking_id").unwrap_or_default();
    let applied = emulator.world().apply(id, OutcomeRequest::of(outcome), now);
    match applied {
        Ok(applied) => {
            intent::announce(&emulator, &applied.booking);
            (StatusCode::SEE_OTHER, [(header::LOCATION, "/_sandbox/")]).into_response()
        }
        Err(error) => refusal(error),
    }
}

/// Where a person can act for the payer.
fn link(booking: &Booking) -> String {
    match booking.protocol {
        Protocol::Intent => format!("/pay/{}/page", booking.id),
        Protocol::V1 | Protocol::V2 => page_link(&booking.id),
    }
}

const ROWS_MAX: usize = 200;
/// More than the emulator's bookings fill.
const PAGES_MAX: usize = 10_000;

const OUTCOMES: [(&str, &str); 7] = [
    ("complete", "Pay"),
    ("cancel", "Cancel / reverse"),
    ("pending", "Pending"),
    ("ambiguous", "Ambiguous"),
    ("not_found", "Not found"),
    ("partial_refund", "Refund half"),
    ("full_refund", "Refund all"),
];
