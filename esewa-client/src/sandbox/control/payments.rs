//! `GET /_sandbox/payments`: every booking with its state and what it moved.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;

use super::answer;
use crate::sandbox::Emulator;
use crate::sandbox::world::{Booking, Callback, LedgerEntry};

pub(in crate::sandbox) async fn list(State(emulator): State<Emulator>) -> Response {
    let now = emulator.now();
    let minutes = emulator.quirks().booking_minutes;
    let world = emulator.world();
    let ledger: Vec<Movement<'_>> = world.ledger().iter().map(Movement::of).collect();
    let mut moved: HashMap<&str, Vec<Movement<'_>>> = HashMap::new();
    for entry in world.ledger() {
        moved.entry(&entry.transaction_code).or_default().push(Movement::of(entry));
    }
    let payments: Vec<Payment<'_>> = world
        .bookings()
        .iter()
        .map(|booking| {
            let own = booking.code.as_deref().and_then(|code| moved.remove(code)).unwrap_or_default();
            Payment::of(booking, own, booking.peek(now, minutes).as_str().to_owned())
        })
        .collect();
    answer(StatusCode::OK, &Payments { payments, ledger })
}

#[derive(Serialize)]
struct Payments<'w> {
    payments: Vec<Payment<'w>>,
    ledger: Vec<Movement<'w>>,
}

#[derive(Serialize)]
struct Payment<'w> {
    booking_id: &'w str,
    protocol: &'w str,
    product_code: &'w str,
    transaction_uuid: &'w str,
    total_amount: String,
    status: String,
    ref_id: Option<&'w str>,
    refunded_amount: String,
    payer: Option<&'w str>,
    created_at: Timestamp,
    paid_at: Option<Timestamp>,
    /// How the callback of an Intent payment fares.
    #[serde(skip_serializing_if = "Option::is_none")]
    callback: Option<Callback>,
    ledger: Vec<Movement<'w>>,
}

impl<'w> Payment<'w> {
    fn of(booking: &'w Booking, ledger: Vec<Movement<'w>>, status: String) -> Self {
        Self {
            booking_id: &booking.id,
            protocol: booking.protocol.name(),
            product_code: &booking.product_code,
            transaction_uuid: &booking.uuid,
            total_amount: booking.amount.to_decimal_text(),
            status,
            ref_id: booking.code.as_deref(),
            refunded_amount: booking.refunded.to_decimal_text(),
            payer: booking.payer.as_deref(),
            created_at: booking.created_at,
            paid_at: booking.paid_at,
            callback: booking.callback_url.as_ref().map(|_| booking.callback),
            ledger,
        }
    }
}

#[derive(Serialize)]
struct Movement<'w> {
    kind: &'static str,
    transaction_code: &'w str,
    transaction_uuid: &'w str,
    product_code: &'w str,
    amount: String,
    at: Timestamp,
}

impl<'w> Movement<'w> {
    fn of(entry: &'w LedgerEntry) -> Self {
        Self {
            kind: entry.kind.as_str(),
            transaction_code: &entry.transaction_code,
            transaction_uuid: &entry.transaction_uuid,
            product_code: &entry.product_code,
            amount: entry.amount.to_decimal_text(),
            at: entry.at,
        }
    }
}
