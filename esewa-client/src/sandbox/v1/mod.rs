//! ePay v1 as eSewa served it: an unsigned form, and `transrec`.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use super::Emulator;
use super::faults::{Bend, Fault, Route, Struck, cut};
use super::fields::{Fields, is_web_address};
use super::pages::page_link;
use super::quirks::{DuplicateUuid, TransrecForm, UuidCharset};
use super::v2::code_zero;
use super::world::{Booking, NewBooking, Protocol};
use crate::amount::Amount;
use crate::status::Status;

/// `/epay/main`, by GET or POST.
pub(super) async fn submit(State(emulator): State<Emulator>, uri: Uri, body: Bytes) -> Response {
    let take = || match check(&emulator, &Fields::read(&uri, &body)).and_then(|new| book(&emulator, new)) {
        Ok(booking_id) => (StatusCode::FOUND, [(header::LOCATION, page_link(&booking_id))]).into_response(),
        Err(message) => code_zero(400, message),
    };
    match emulator.strike(Route::Form).await {
        Struck::Instead(response) => response,
        Struck::Cut => cut(take()).await,
        Struck::Bent(_) | Struck::No => take(),
    }
}

/// `/epay/transrec`, by POST or GET.
pub(super) async fn transrec(State(emulator): State<Emulator>, uri: Uri, body: Bytes) -> Response {
    let fields = Fields::read(&uri, &body);
    match emulator.strike(Route::Transrec).await {
        Struck::Instead(response) => response,
        Struck::Cut => cut(answer(&emulator, is_paid(&emulator, &fields))).await,
        Struck::Bent(Bend { fault: Fault::StalePending | Fault::WrongAmount, .. }) => {
            answer(&emulator, false)
        }
        Struck::Bent(_) | Struck::No => answer(&emulator, is_paid(&emulator, &fields)),
    }
}

/// The way back of v1, which does join with `&` where the address has a query.
pub(super) fn success_url(booking: &Booking) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("oid", &booking.uuid)
        .append_pair("amt", &booking.amount.to_double_text())
        .append_pair("refId", booking.code.as_deref().unwrap_or_default())
        .finish();
    let separator = if booking.success_url.contains('?') { '&' } else { '?' };
    format!("{}{separator}{query}", booking.success_url)
}

fn check(emulator: &Emulator, fields: &Fields) -> Result<NewBooking, &'static str> {
    let text =
        |name| fields.get(name).filter(|value| !value.is_empty()).ok_or("A required field is missing.");
    let amount = |name| Amount::from_wire(text(name)?).map_err(|_| "An amount is none.");
    let sum = ["txAmt", "psc", "pdc"].iter().try_fold(amount("amt")?, |sum, name| {
        sum.checked_add(amount(name)?).ok_or("The amounts are too large.")
    })?;
    let code = text("scd")?;
    if emulator.config().key_of(code).is_none() {
        return Err("Unable to fetch merchant key. Please try again later.");
    }
    if amount("tAmt")? != sum || sum == Amount::ZERO {
        return Err("The amounts do not add up to tAmt.");
    }
    // The guide of v1 names no charset.
    let pid = text("pid")?;
    if !UuidCharset::Lenient.allows(pid) {
        return Err("The pid has characters that are not allowed.");
    }
    let web = |name| {
        let address = text(name)?;
        if is_web_address(address) { Ok(address.to_owned()) } else { Err("su and fu are web addresses.") }
    };
    Ok(NewBooking {
        protocol: Protocol::V1,
        product_code: code.to_owned(),
        uuid: pid.to_owned(),
        amount: sum,
        amount_text: sum.to_string(),
        success_url: web("su")?,
        failure_url: web("fu")?,
        callback_url: None,
    })
}

fn book(emulator: &Emulator, new: NewBooking) -> Result<String, &'static str> {
    let now = emulator.now();
    let quirks = emulator.quirks();
    let mut world = emulator.world();
    if let Some(earlier) = world.of_merchant(&new.product_code, &new.uuid) {
        let same = earlier.amount == new.amount && earlier.is_open(now, quirks.booking_minutes);
        return match quirks.duplicate_uuid {
            DuplicateUuid::Reopen if same => Ok(earlier.id.clone()),
            _ => Err("Duplicate pid."),
        };
    }
    world.book(new, now).map(|booking| booking.id.clone()).ok_or("The emulator is full; reset it.")
}

fn is_paid(emulator: &Emulator, fields: &Fields) -> bool {
    let now = emulator.now();
    let minutes = emulator.quirks().booking_minutes;
    let text = |name| fields.get(name).unwrap_or_default();
    let amount = Amount::from_wire(text("amt")).ok();
    let mut world = emulator.world();
    world.of_merchant(text("scd"), text("pid")).is_some_and(|booking| {
        booking.protocol == Protocol::V1
            && Some(booking.amount) == amount
            && booking.code.as_deref() == fields.get("rid")
            && booking.code.is_some()
            && booking.ask(now, minutes) == Status::Complete
    })
}

/// The bytes of a real answer, which breaks lines around the word and calls itself HTML.
fn answer(emulator: &Emulator, success: bool) -> Response {
    let word = if success { "Success" } else { "failure" };
    let body = match emulator.quirks().transrec_form {
        TransrecForm::Wire => format!("<response>\n<response_code>\n{word}\n</response_code>\n</response>\n"),
        TransrecForm::XmlDeclaration => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><response_code>{word}</response_code></response>\n"
        ),
    };
    (StatusCode::OK, [(header::CONTENT_TYPE, "text/html;charset=UTF-8")], body).into_response()
}
