//! Sending the payer back: `data` to the success address, nothing at all to the failure address.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::diagnose::group_thousands;
use crate::sandbox::Emulator;
use crate::sandbox::quirks::{AmountForm, SuccessUrlQuery};
use crate::sandbox::world::Booking;
use crate::signature::Signature;
use crate::status::Status;

/// The address to come back to after paying, with the signed payload of this booking.
pub(in crate::sandbox) fn success_url(emulator: &Emulator, booking: &Booking) -> String {
    let data = STANDARD.encode(payload(emulator, booking));
    let query = booking.success_url.contains('?');
    let separator = match emulator.quirks().success_url_query {
        SuccessUrlQuery::Join if query => '&',
        _ => '?',
    };
    format!("{}{separator}data={data}", booking.success_url)
}

/// The compact JSON in the order of keys that every real callback has.
fn payload(emulator: &Emulator, booking: &Booking) -> String {
    let form = emulator.quirks().amount_form;
    let signed_amount = booking.amount.to_double_text();
    let shown_amount = match form {
        AmountForm::Plain => format!("\"{signed_amount}\""),
        AmountForm::LegacyComma => format!("\"{}\"", group_thousands(&signed_amount)),
        AmountForm::JsonNumber => signed_amount.clone(),
    };
    let code = booking.code.as_deref().unwrap_or_default();
    let fields = [
        ("transaction_code", code),
        ("status", Status::Complete.as_str()),
        ("total_amount", &signed_amount),
        ("transaction_uuid", &booking.uuid),
        ("product_code", &booking.product_code),
        ("signed_field_names", SIGNED_FIELDS),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let key = emulator.config().key_of(&booking.product_code);
    let pairs = fields.iter().map(|(name, value)| (*name, value.as_str()));
    let signature = key.map(|key| Signature::sign(key, pairs).to_base64()).unwrap_or_default();
    let text = |value: &str| serde_json::Value::from(value).to_string();
    let mut json = String::from("{");
    for (name, value) in &fields {
        let value = if *name == "total_amount" { shown_amount.clone() } else { text(value) };
        json += &format!("\"{name}\":{value},");
    }
    json + &format!("\"signature\":{}}}", text(&signature))
}

const SIGNED_FIELDS: &str =
    "transaction_code,status,total_amount,transaction_uuid,product_code,signed_field_names";
