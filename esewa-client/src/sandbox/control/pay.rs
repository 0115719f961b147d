//! `POST /_sandbox/pay`: acts for the payer, or for eSewa's back office.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::{answer, problem, read};
use crate::amount::Amount;
use crate::sandbox::Emulator;
use crate::sandbox::faults::{Fault, Route, Struck, settles_at};
use crate::sandbox::intent;
use crate::sandbox::pages::back::way_back;
use crate::sandbox::world::{Outcome, OutcomeError, OutcomeRequest};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PayRequest {
    transaction_uuid: String,
    outcome: Outcome,
    /// How much goes back with `partial_refund`, in rupees; half of it unless told.
    #[serde(default)]
    refund_amount: Option<String>,
    /// For how many more questions the status API still says `PENDING`.
    #[serde(default)]
    pending_polls: u32,
}

#[derive(Serialize)]
struct Paid {
    redirect_url: Option<String>,
    status: String,
    ref_id: Option<String>,
    /// More than one where the redirect was told to happen twice, none where it was told to get lost.
    redirects: Vec<String>,
}

pub(in crate::sandbox) async fn pay(State(emulator): State<Emulator>, body: Bytes) -> Response {
    let request: PayRequest = match read(&body) {
        Ok(request) => request,
        Err(invalid) => return invalid.into_response(),
    };
    let refund = match request.refund_amount.as_deref().map(str::parse::<Amount>).transpose() {
        Ok(refund) => refund,
        Err(error) => return problem(StatusCode::BAD_REQUEST, "invalid_body", &error.to_string()),
    };
    let bend = match emulator.strike(Route::Redirect).await {
        Struck::Bent(bend) => Some(bend),
        Struck::Instead(response) => return response,
        Struck::Cut | Struck::No => None,
    };
    let now = emulator.now();
    let minutes = emulator.quirks().booking_minutes;
    let applied = {
        let mut world = emulator.world();
        let id = world.by_uuid(&request.transaction_uuid).map(|booking| booking.id.clone());
        let outcome = OutcomeRequest {
            outcome: request.outcome,
            refund,
            pending_polls: request.pending_polls,
            settles_at: settles_at(bend, now),
        };
        world.apply(id.as_deref().unwrap_or_default(), outcome, now)
    };
    let applied = match applied {
        Ok(applied) => applied,
        Err(error) => return refusal(error),
    };
    let back = way_back(&emulator, &applied);
    intent::announce(&emulator, &applied.booking);
    let status = emulator
        .world()
        .by_booking_id(&applied.booking.id)
        .map_or_else(|| applied.booking.status.clone(), |booking| booking.peek(now, minutes));
    let redirects = match bend.map(|bend| bend.fault) {
        Some(Fault::Lost) => Vec::new(),
        Some(Fault::Twice) => vec![back.clone(), back],
        _ => vec![back],
    };
    let redirect_url = redirects.first().cloned();
    let ref_id = applied.booking.code;
    answer(StatusCode::OK, &Paid { redirect_url, status: status.as_str().to_owned(), ref_id, redirects })
}

pub(super) fn refusal(error: OutcomeError) -> Response {
    let (status, code) = match error {
        OutcomeError::Unknown => (StatusCode::NOT_FOUND, "not_found"),
        OutcomeError::AllRefunded | OutcomeError::TooManyRefunds => (StatusCode::CONFLICT, "conflict"),
        OutcomeError::RefundAmount => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_field"),
    };
    problem(status, code, &error.to_string())
}
