//! `book`: takes a signed JSON body and answers with the deep link.

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use super::{amount_of, correlation_id, envelope, refuse, signed_fields};
use crate::sandbox::Emulator;
use crate::sandbox::fields::{Fields, is_web_address};
use crate::sandbox::world::{NewBooking, Protocol};

pub(super) fn take(emulator: &Emulator, headers: &HeaderMap, body: &Bytes) -> Response {
    let fields = signed_fields(emulator, body, &["product_code", "amount", "transaction_uuid"]);
    match fields.and_then(|fields| check(emulator, &fields)).and_then(|new| book(emulator, headers, new)) {
        Ok(data) => envelope("IP-201", "Payment booked.", &data),
        Err(message) => refuse(emulator, message),
    }
}

fn check(emulator: &Emulator, fields: &Fields) -> Result<NewBooking, &'static str> {
    let web = |name| {
        let text = fields.get(name).unwrap_or_default();
        if is_web_address(text) {
            Ok(text.to_owned())
        } else {
            Err("callback_url and redirect_url are web addresses.")
        }
    };
    let redirect_url = web("redirect_url")?;
    let uuid = fields.get("transaction_uuid").filter(|uuid| !uuid.is_empty());
    let uuid = uuid.ok_or("transaction_uuid is required.")?;
    if !emulator.quirks().uuid_charset.allows(uuid) {
        return Err("The transaction_uuid has characters that are not allowed.");
    }
    Ok(NewBooking {
        protocol: Protocol::Intent,
        product_code: fields.get("product_code").unwrap_or_default().to_owned(),
        uuid: uuid.to_owned(),
        amount: amount_of(fields).ok_or("The amount is none.")?,
        amount_text: fields.get("amount").unwrap_or_default().to_owned(),
        // The app comes back to one address, however it ended.
        success_url: redirect_url.clone(),
        failure_url: redirect_url,
        callback_url: Some(web("callback_url")?),
    })
}

fn book(
    emulator: &Emulator,
    headers: &HeaderMap,
    new: NewBooking,
) -> Result<serde_json::Value, &'static str> {
    let now = emulator.now();
    let mut world = emulator.world();
    if world.of_merchant(&new.product_code, &new.uuid).is_some() {
        return Err("Duplicate transaction_uuid.");
    }
    let booking = world.book(new, now).ok_or("The emulator is full; reset it.")?;
    Ok(json!({
        "booking_id": booking.id,
        "deeplink": format!("{}/pay/{}", emulator.origin(headers), booking.id),
        "correlation_id": correlation_id(booking),
    }))
}
