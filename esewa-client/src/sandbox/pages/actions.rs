//! What the payer's clicks do.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::back::way_back;
use super::{MessagePage, html, message, page_link, page_of};
use crate::sandbox::Emulator;
use crate::sandbox::faults::{Bend, Fault, Route, Struck, settles_at};
use crate::sandbox::fields::Fields;
use crate::sandbox::intent;
use crate::sandbox::world::{Applied, Outcome, OutcomeRequest, Step};

pub(in crate::sandbox) async fn log_in(State(emulator): State<Emulator>, uri: Uri, body: Bytes) -> Response {
    let fields = Fields::read(&uri, &body);
    let id = fields.get("esewa_id").unwrap_or_default().trim();
    // On the phone people enter the MPIN where the web page wants the password.
    let knows = PAYERS.contains(&id) && fields.get("password").is_some_and(|word| PASSWORDS.contains(&word));
    if !knows {
        return page_of(&emulator, booking_id(&fields), Some("Wrong eSewa ID or password."));
    }
    step_to(&emulator, &fields, Step::LogIn, Step::Token, Some(id))
}

pub(in crate::sandbox) async fn token(State(emulator): State<Emulator>, uri: Uri, body: Bytes) -> Response {
    let fields = Fields::read(&uri, &body);
    if fields.get("token").map(str::trim) != Some(TOKEN) {
        return page_of(&emulator, booking_id(&fields), Some("Wrong verification token."));
    }
    step_to(&emulator, &fields, Step::Token, Step::Confirm, None)
}

pub(in crate::sandbox) async fn confirm(State(emulator): State<Emulator>, uri: Uri, body: Bytes) -> Response {
    let fields = Fields::read(&uri, &body);
    let outcome = match fields.get("way").unwrap_or("pay") {
        "pay" => Outcome::Complete,
        "pending" => Outcome::Pending,
        "ambiguous" => Outcome::Ambiguous,
        _ => return page_of(&emulator, booking_id(&fields), Some("Your balance is not sufficient.")),
    };
    let at_confirm = is_at(&emulator, booking_id(&fields), Step::Confirm);
    if !at_confirm {
        return page_of(&emulator, booking_id(&fields), None);
    }
    go_back(&emulator, booking_id(&fields), outcome).await
}

pub(in crate::sandbox) async fn cancel(State(emulator): State<Emulator>, uri: Uri, body: Bytes) -> Response {
    let fields = Fields::read(&uri, &body);
    let now = emulator.now();
    let quirks = emulator.quirks();
    let open = emulator
        .world()
        .by_booking_id(booking_id(&fields))
        .is_some_and(|booking| booking.is_open(now, quirks.booking_minutes));
    if !open {
        return page_of(&emulator, booking_id(&fields), None);
    }
    let outcome = if quirks.cancel_is_told { Outcome::Cancel } else { Outcome::Pending };
    go_back(&emulator, booking_id(&fields), outcome).await
}

const PAYERS: [&str; 5] = ["9806800001", "9806800002", "9806800003", "9806800004", "9806800005"];
/// The password of the web page, the MPIN of the app, and a PIN that older notes give.
const PASSWORDS: [&str; 3] = ["Nepal@123", "1122", "1234"];
const TOKEN: &str = "123456";

fn booking_id(fields: &Fields) -> &str {
    fields.get("bookingId").unwrap_or_default()
}

fn is_at(emulator: &Emulator, booking_id: &str, step: Step) -> bool {
    let now = emulator.now();
    let minutes = emulator.quirks().booking_minutes;
    let mut world = emulator.world();
    world
        .by_booking_id(booking_id)
        .is_some_and(|booking| booking.step == step && booking.is_open(now, minutes))
}

fn step_to(emulator: &Emulator, fields: &Fields, from: Step, to: Step, payer: Option<&str>) -> Response {
    let id = booking_id(fields);
    if is_at(emulator, id, from)
        && let Some(booking) = emulator.world().by_booking_id(id)
    {
        booking.step = to;
        booking.payer = payer.map(str::to_owned).or_else(|| booking.payer.take());
    }
    (StatusCode::SEE_OTHER, [(header::LOCATION, page_link(id))]).into_response()
}

/// Settles the booking and sends the browser back to the merchant, unless that is told to fail.
pub(in crate::sandbox) async fn go_back(emulator: &Emulator, booking_id: &str, outcome: Outcome) -> Response {
    let bend = match emulator.strike(Route::Redirect).await {
        Struck::Bent(bend) => Some(bend),
        Struck::Instead(response) => return response,
        Struck::Cut | Struck::No => None,
    };
    let Some(applied) = apply_if_open(emulator, booking_id, outcome, bend) else {
        return page_of(emulator, booking_id, None);
    };
    let back = way_back(emulator, &applied);
    intent::announce(emulator, &applied.booking);
    match bend.map(|bend| bend.fault) {
        Some(Fault::Lost) => {
            let text = "The way back to the merchant got lost, as if the tab had been closed.";
            message(StatusCode::OK, "Connection lost", text, None)
        }
        Some(Fault::Twice) => html(
            StatusCode::OK,
            &MessagePage {
                title: "Back to the merchant, twice",
                text: "The merchant's page is loaded once below and once more in a moment.",
                link: Some((&back, "Go on")),
                refresh: Some(&back),
            },
        ),
        _ => redirect(&back),
    }
}

/// Looks and settles under one lock: of two clicks, one that was held up must not undo the other.
fn apply_if_open(
    emulator: &Emulator,
    booking_id: &str,
    outcome: Outcome,
    bend: Option<Bend>,
) -> Option<Applied> {
    let now = emulator.now();
    let minutes = emulator.quirks().booking_minutes;
    let mut world = emulator.world();
    let open = world.by_booking_id(booking_id).is_some_and(|booking| booking.is_open(now, minutes));
    let request = OutcomeRequest { settles_at: settles_at(bend, now), ..OutcomeRequest::of(outcome) };
    open.then(|| world.apply(booking_id, request, now).ok()).flatten()
}

fn redirect(address: &str) -> Response {
    match axum::http::HeaderValue::from_str(address) {
        Ok(address) => (StatusCode::FOUND, [(header::LOCATION, address)]).into_response(),
        Err(_) => message(StatusCode::OK, "Payment done", "The way back is not an address.", None),
    }
}
