//! `POST /api/epay/main/v2/form`: takes a signed form and sends the payer on to the payment page.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use super::{code_zero, json, outage};
use crate::amount::Amount;
use crate::diagnose::diagnose;
use crate::sandbox::Emulator;
use crate::sandbox::faults::{Route, Struck, cut};
use crate::sandbox::fields::{Fields, is_web_address};
use crate::sandbox::quirks::{DuplicateUuid, RefusalForm};
use crate::sandbox::world::{NewBooking, Protocol};
use crate::secret::SecretKey;
use crate::signature::Signature;

pub(in crate::sandbox) async fn submit(
    State(emulator): State<Emulator>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    if method != Method::POST {
        return outage(emulator.quirks().outage_http_status);
    }
    match emulator.strike(Route::Form).await {
        Struck::Instead(response) => response,
        Struck::Cut => cut(take(&emulator, &Fields::read(&uri, &body))).await,
        Struck::Bent(_) | Struck::No => take(&emulator, &Fields::read(&uri, &body)),
    }
}

fn take(emulator: &Emulator, fields: &Fields) -> Response {
    match check(emulator, fields).and_then(|new| book(emulator, new)) {
        Ok(booking_id) => to_payment_page(emulator, &booking_id),
        Err(Refusal::Signature) => es104(emulator, fields),
        Err(Refusal::Merchant) => {
            code_zero(ASSUMED_HTTP_STATUS, "Unable to fetch merchant key. Please try again later.")
        }
        Err(Refusal::Told(message)) => refusal(emulator, &message),
    }
}

/// Everything that eSewa documents about the form, the signature over the strings as received.
fn check(emulator: &Emulator, fields: &Fields) -> Result<NewBooking, Refusal> {
    let product_code = require(fields, "product_code")?;
    let key = emulator.config().key_of(product_code).ok_or(Refusal::Merchant)?;
    for name in REQUIRED {
        require(fields, name)?;
    }
    if !is_signed(fields, key) {
        return Err(Refusal::Signature);
    }
    let total = add_up(fields).ok_or_else(|| refuse("The amounts do not add up to total_amount."))?;
    let uuid = require(fields, "transaction_uuid")?;
    if !emulator.quirks().uuid_charset.allows(uuid) {
        return Err(refuse("The transaction_uuid has characters that are not allowed."));
    }
    let url = |name| {
        let text = require(fields, name)?;
        if is_web_address(text) {
            Ok(text.to_owned())
        } else {
            Err(refuse(&format!("{name} is not a web address.")))
        }
    };
    Ok(NewBooking {
        protocol: Protocol::V2,
        product_code: product_code.to_owned(),
        uuid: uuid.to_owned(),
        amount: total,
        amount_text: require(fields, "total_amount")?.to_owned(),
        success_url: url("success_url")?,
        failure_url: url("failure_url")?,
        callback_url: None,
    })
}

fn book(emulator: &Emulator, new: NewBooking) -> Result<String, Refusal> {
    let now = emulator.now();
    let quirks = emulator.quirks();
    let mut world = emulator.world();
    if let Some(earlier) = world.of_merchant(&new.product_code, &new.uuid) {
        let same = earlier.amount == new.amount && earlier.is_open(now, quirks.booking_minutes);
        return match quirks.duplicate_uuid {
            DuplicateUuid::Reopen if same => Ok(earlier.id.clone()),
            _ => Err(refuse("Duplicate transaction_uuid.")),
        };
    }
    let booked = world.book(new, now).map(|booking| booking.id.clone());
    booked.ok_or_else(|| refuse("The emulator is full; reset it."))
}

fn to_payment_page(emulator: &Emulator, booking_id: &str) -> Response {
    let encoded: String = form_urlencoded::byte_serialize(booking_id.as_bytes()).collect();
    let mut location = format!("/epay?bookingId={encoded}");
    if emulator.quirks().absolute_location {
        let base = emulator.config().base_url.as_str().trim_end_matches('/');
        location = format!("{base}{location}");
    }
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

const REQUIRED: [&str; 11] = [
    "amount",
    "tax_amount",
    "product_service_charge",
    "product_delivery_charge",
    "total_amount",
    "transaction_uuid",
    "product_code",
    "success_url",
    "failure_url",
    "signed_field_names",
    "signature",
];

/// Why a form is not taken.
enum Refusal {
    /// ES104.
    Signature,
    /// No merchant of that code; the words were observed.
    Merchant,
    /// Any other reason, in words.
    Told(String),
}

/// The real statuses of these answers were never recorded.
const ASSUMED_HTTP_STATUS: u16 = 400;

fn require<'f>(fields: &'f Fields, name: &str) -> Result<&'f str, Refusal> {
    match fields.get(name) {
        Some(value) if !value.is_empty() => Ok(value),
        _ => Err(refuse(&format!("{name} is required."))),
    }
}

/// An answer whose real words are not known; its shape is that of eSewa's other errors.
fn refuse(message: &str) -> Refusal {
    Refusal::Told(message.to_owned())
}

fn refusal(emulator: &Emulator, message: &str) -> Response {
    let quirks = emulator.quirks();
    let mut response = match quirks.refusal_form {
        RefusalForm::CodeZero => code_zero(ASSUMED_HTTP_STATUS, message),
        RefusalForm::EsCode => {
            let message = serde_json::Value::from(message);
            json(StatusCode::BAD_REQUEST, format!(r#"{{"code":"ES000","message":{message}}}"#))
        }
    };
    if !quirks.strict_parity {
        let ours = HeaderValue::from_static("status and words are the emulator's own");
        response.headers_mut().insert("x-esewa-assumed", ours);
    }
    response
}

fn is_signed(fields: &Fields, key: &SecretKey) -> bool {
    let names: Vec<&str> = fields.get("signed_field_names").unwrap_or_default().split(',').collect();
    let covered =
        ["total_amount", "transaction_uuid", "product_code"].iter().all(|name| names.contains(name));
    let values: Option<Vec<_>> = names.iter().map(|name| Some((*name, fields.get(name)?))).collect();
    let signature = Signature::from_base64(fields.get("signature").unwrap_or_default());
    match (covered, values, signature) {
        (true, Some(values), Ok(signature)) => signature.verifies(key, values),
        _ => false,
    }
}

fn es104(emulator: &Emulator, fields: &Fields) -> Response {
    let quirks = emulator.quirks();
    let status = StatusCode::from_u16(quirks.es104_http_status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = json(status, r#"{"code":"ES104","message":"Invalid payload signature."}"#.to_owned());
    let key = emulator.config().key_of(fields.get("product_code").unwrap_or_default());
    let causes = key.map(|key| diagnose(key, &fields.pairs())).unwrap_or_default();
    let causes: Vec<String> = causes.iter().map(ToString::to_string).collect();
    if !quirks.strict_parity
        && let Ok(diagnosis) = HeaderValue::from_str(&causes.join("; "))
    {
        response.headers_mut().insert("x-esewa-diagnosis", diagnosis);
    }
    response
}

fn add_up(fields: &Fields) -> Option<Amount> {
    let amount = |name| Amount::from_wire(fields.get(name)?).ok();
    let parts = ["tax_amount", "product_service_charge", "product_delivery_charge"];
    let sum = parts.iter().try_fold(amount("amount")?, |sum, name| sum.checked_add(amount(name)?))?;
    amount("total_amount").filter(|total| *total == sum && *total != Amount::ZERO)
}
