//! The status API: neither key nor signature, so it tells nothing that the asker does not half know.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;

use super::{code_zero, json};
use crate::amount::Amount;
use crate::sandbox::Emulator;
use crate::sandbox::faults::{Fault, Route, Struck, cut};
use crate::sandbox::fields::Fields;
use crate::sandbox::quirks::WrongAmount;
use crate::sandbox::world::Protocol;
use crate::status::Status;

pub(in crate::sandbox) async fn ask(
    State(emulator): State<Emulator>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    if method != Method::GET {
        return code_zero(405, "The status is asked for with GET.");
    }
    let fields = Fields::read(&uri, &body);
    match emulator.strike(Route::Status).await {
        Struck::Instead(response) => response,
        Struck::Cut => cut(answer(&emulator, &fields, None)).await,
        Struck::Bent(bend) => answer(&emulator, &fields, Some(bend.fault)),
        Struck::No => answer(&emulator, &fields, None),
    }
}

fn answer(emulator: &Emulator, fields: &Fields, fault: Option<Fault>) -> Response {
    let text = |name| fields.get(name).filter(|value| !value.is_empty());
    let (Some(code), Some(amount), Some(uuid)) =
        (text("product_code"), text("total_amount"), text("transaction_uuid"))
    else {
        return code_zero(400, "product_code, total_amount and transaction_uuid are required.");
    };
    let mut found = match Amount::from_wire(amount) {
        Ok(value) => look_up(emulator, code, uuid, value, amount),
        Err(_) => return code_zero(400, "total_amount is not an amount."),
    };
    match fault {
        Some(Fault::StalePending) => (found.status, found.reference) = (Status::Pending, None),
        Some(Fault::WrongAmount) => found.amount = Amount::from_paisa(found.amount.paisa().wrapping_add(100)),
        _ => {}
    }
    let quoted = |value: &str| serde_json::Value::from(value).to_string();
    let reference = found.reference.as_deref().map_or_else(|| "null".to_owned(), quoted);
    let body = format!(
        r#"{{"product_code":{},"transaction_uuid":{},"total_amount":{},"status":"{}","ref_id":{reference}}}"#,
        quoted(code),
        quoted(uuid),
        found.amount.to_double_text(),
        found.status,
    );
    json(StatusCode::OK, body)
}

struct Found {
    status: Status,
    amount: Amount,
    reference: Option<String>,
}

fn look_up(emulator: &Emulator, code: &str, uuid: &str, amount: Amount, text: &str) -> Found {
    let now = emulator.now();
    let quirks = emulator.quirks();
    let mut world = emulator.world();
    let booking = world.of_merchant(code, uuid).filter(|booking| booking.protocol == Protocol::V2);
    let Some(booking) = booking else { return fixture(code, uuid, amount) };
    let agrees = match quirks.wrong_amount {
        WrongAmount::NotFound => booking.amount == amount,
        WrongAmount::NotFoundByText => booking.amount_text == text,
        WrongAmount::Ignore => true,
    };
    if !agrees {
        return Found { status: Status::NotFound, amount, reference: None };
    }
    let status = booking.ask(now, quirks.booking_minutes);
    let told = !matches!(status, Status::Pending | Status::NotFound);
    Found { status, amount: booking.amount, reference: booking.code.clone().filter(|_| told) }
}

/// The sandbox has one payment that is always there: id `123` over 100 rupees.
fn fixture(code: &str, uuid: &str, amount: Amount) -> Found {
    if code == "EPAYTEST" && uuid == "123" && amount == Amount::from_paisa(10_000) {
        return Found { status: Status::Complete, amount, reference: Some("00066XV".to_owned()) };
    }
    Found { status: Status::NotFound, amount, reference: None }
}
