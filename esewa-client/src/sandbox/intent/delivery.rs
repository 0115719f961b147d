//! Posting the signed callback until the merchant takes it, or the attempts run out.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::{correlation_id, word};
use crate::amount::Amount;
use crate::sandbox::Emulator;
use crate::sandbox::faults::{Fault, settles_at};
use crate::sandbox::quirks::{IntentCallbackMethod, IntentCallbacks, PAUSES_MAX};
use crate::sandbox::world::Booking;
use crate::signature::Signature;

/// Begins to call the merchant back about what became of an Intent payment.
///
/// The task ends by itself: its attempts, their time and the number of tasks are bounded.
pub(in crate::sandbox) fn announce(emulator: &Emulator, booking: &Booking) {
    let Some(callback_url) = booking.callback_url.clone() else { return };
    let called = match emulator.quirks().intent_callbacks {
        IntentCallbacks::PaidOnly => matches!(word(booking), "SUCCESS"),
        IntentCallbacks::EveryEnd => !matches!(word(booking), "BOOKED" | "PENDING"),
    };
    if !called {
        return;
    }
    let bend = emulator.strike_delivery();
    let fault = bend.map(|bend| bend.fault);
    if fault == Some(Fault::Lost) {
        return;
    }
    let settles_at = settles_at(bend, emulator.now());
    if let Some(booking) = emulator.world().by_booking_id(&booking.id).filter(|_| settles_at.is_some()) {
        booking.settles_at = settles_at;
    }
    {
        let mut world = emulator.world();
        if world.deliveries >= DELIVERIES_MAX {
            tracing::warn!("eSewa emulator: too many callbacks are on their way; one is not sent");
            return;
        }
        world.deliveries += 1;
    }
    let times = if fault == Some(Fault::Twice) { 2 } else { 1 };
    let wrong_paisa = if fault == Some(Fault::WrongAmount) { 100 } else { 0 };
    let body = payload(emulator, booking, wrong_paisa);
    let (emulator, booking_id) = (emulator.clone(), booking.id.clone());
    tokio::spawn(async move {
        for _ in 0..times {
            deliver(&emulator, &booking_id, &callback_url, &body).await;
        }
        let mut world = emulator.world();
        world.deliveries = world.deliveries.saturating_sub(1);
    });
}

async fn deliver(emulator: &Emulator, booking_id: &str, callback_url: &str, body: &Value) {
    let quirks = emulator.quirks();
    let timeout = Duration::from_millis(quirks.intent_callback_timeout_ms);
    // An answer from elsewhere is not the merchant's.
    let http =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(timeout).build();
    let Ok(http) = http else { return };
    for pause_ms in quirks.intent_callback_pauses_ms.iter().take(PAUSES_MAX) {
        tokio::time::sleep(Duration::from_millis(*pause_ms)).await;
        let request = match quirks.intent_callback_method {
            IntentCallbackMethod::Post => {
                http.post(callback_url).header(CONTENT_TYPE, "application/json").body(body.to_string())
            }
            IntentCallbackMethod::Get => http.get(callback_url).query(body),
        };
        let delivered = request.send().await.is_ok_and(|response| response.status().is_success());
        let mut world = emulator.world();
        // After a reset nobody waits for it any more.
        let Some(booking) = world.by_booking_id(booking_id) else { return };
        booking.callback.attempts += 1;
        booking.callback.delivered |= delivered;
        if delivered {
            return;
        }
    }
}

/// The documented fields, signed in the order in which they are documented.
fn payload(emulator: &Emulator, booking: &Booking, wrong_paisa: u64) -> Value {
    let amount = Amount::from_paisa(booking.amount.paisa().wrapping_add(wrong_paisa)).to_double_text();
    let correlation_id = correlation_id(booking);
    let fields = [
        ("product_code", booking.product_code.as_str()),
        ("amount", &amount),
        ("reference_code", booking.code.as_deref().unwrap_or_default()),
        ("correlation_id", &correlation_id),
        ("status", word(booking)),
    ];
    let key = emulator.config().key_of(&booking.product_code);
    let signature = key.map(|key| Signature::sign(key, fields).to_base64());
    let [code, amount, reference, correlation, status] = fields.map(|(_, value)| value);
    json!({
        "product_code": code, "amount": amount, "reference_code": reference,
        "correlation_id": correlation, "status": status,
        "signature": signature, "signed_field_names": fields.map(|(name, _)| name).join(","),
    })
}

const DELIVERIES_MAX: u32 = 64;
