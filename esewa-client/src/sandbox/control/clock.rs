//! `/_sandbox/clock`: moves the emulator's time, so that nobody waits five minutes for a test.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::Deserialize;

use super::{answer, problem, read};
use crate::sandbox::Emulator;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdvanceRequest {
    advance_s: i64,
}

pub(in crate::sandbox) async fn show(State(emulator): State<Emulator>) -> Response {
    answer(StatusCode::OK, &serde_json::json!({ "now": emulator.now() }))
}

pub(in crate::sandbox) async fn advance(State(emulator): State<Emulator>, body: Bytes) -> Response {
    let request: AdvanceRequest = match read(&body) {
        Ok(request) => request,
        Err(invalid) => return invalid.into_response(),
    };
    if !(0..=ADVANCE_S_MAX).contains(&request.advance_s) {
        let detail = "advance_s is 0 to 31536000: time does not run backwards";
        return problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", detail);
    }
    emulator.world().advance(SignedDuration::from_secs(request.advance_s));
    show(State(emulator)).await
}

/// A year.
const ADVANCE_S_MAX: i64 = 31_536_000;
