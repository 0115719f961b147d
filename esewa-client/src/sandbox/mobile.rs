//! `GET /mobile/transaction`: what a merchant's server asks after eSewa's mobile SDK has paid.
//!
//! There is no phone here. Any payment that the emulator knows can be asked for, by its code or by
//! its id and sum, as if the SDK had made it.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use jiff::tz::{Offset, TimeZone};
use serde_json::json;

use super::Emulator;
use super::faults::{Fault, Route, Struck, cut};
use super::fields::Fields;
use super::v2::json as answer;
use super::world::Booking;
use crate::amount::Amount;
use crate::status::Status;

pub(super) async fn ask(State(emulator): State<Emulator>, uri: Uri, headers: HeaderMap) -> Response {
    let fields = Fields::read(&uri, &Bytes::new());
    let tell = |fault| match has_credentials(&headers) {
        true => told(look_up(&emulator, &fields).as_ref(), fault),
        false => nothing(StatusCode::UNAUTHORIZED, "Invalid merchant credentials."),
    };
    match emulator.strike(Route::Mobile).await {
        Struck::Instead(response) => response,
        Struck::Cut => cut(tell(None)).await,
        Struck::Bent(bend) => tell(Some(bend.fault)),
        Struck::No => tell(None),
    }
}

/// Any two credentials will do: which ones belong together is nothing that can be emulated.
fn has_credentials(headers: &HeaderMap) -> bool {
    ["merchantId", "merchantSecret"]
        .iter()
        .all(|name| headers.get(*name).is_some_and(|value| !value.is_empty()))
}

fn look_up(emulator: &Emulator, fields: &Fields) -> Option<Booking> {
    let (now, minutes) = (emulator.now(), emulator.quirks().booking_minutes);
    let mut world = emulator.world();
    let booking = match fields.get("txnRefId") {
        Some(reference) => world.by_code(reference)?,
        None => {
            let amount = Amount::from_wire(fields.get("amount")?).ok()?;
            world.by_uuid(fields.get("productId")?).filter(|booking| booking.amount == amount)?
        }
    };
    let status = booking.ask(now, minutes);
    // A payment that never came to be has no reference, and so is none here.
    (booking.code.is_some() && status != Status::NotFound).then(|| Booking { status, ..booking.clone() })
}

fn told(booking: Option<&Booking>, fault: Option<Fault>) -> Response {
    let Some(booking) = booking else { return nothing(StatusCode::OK, "No transaction was found.") };
    let stale = fault == Some(Fault::StalePending);
    let wrong = if fault == Some(Fault::WrongAmount) { 100 } else { 0 };
    let amount = Amount::from_paisa(booking.amount.paisa().wrapping_add(wrong));
    let words = "Your transaction has been completed.";
    let body = json!([{
        "productId": booking.uuid,
        "productName": booking.product_code,
        "totalAmount": amount.to_double_text(),
        "code": "00",
        "message": { "technicalSuccessMessage": words, "successMessage": words },
        "transactionDetails": {
            "date": date(booking),
            "referenceId": booking.code,
            "status": if stale { Status::Pending.as_str() } else { booking.status.as_str() },
        },
        "merchantName": booking.product_code,
    }]);
    answer(StatusCode::OK, body.to_string())
}

/// Under HTTP 200 for an unknown reference, as was observed.
fn nothing(status: StatusCode, message: &str) -> Response {
    answer(status, json!({ "code": "01", "errorMessage": message }).to_string())
}

/// `Mon Dec 26 12:58:14 NPT 2022`, as a Java server in Nepal prints it.
fn date(booking: &Booking) -> String {
    let nepal = Offset::from_seconds(NEPAL_SECONDS).map_or(TimeZone::UTC, TimeZone::fixed);
    let at = booking.paid_at.unwrap_or(booking.created_at).to_zoned(nepal);
    at.strftime("%a %b %d %H:%M:%S NPT %Y").to_string()
}

/// Five hours and three quarters.
const NEPAL_SECONDS: i32 = 20_700;
