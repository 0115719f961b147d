//! `/_sandbox/quirks`: what is assumed about eSewa, and other assumptions from now on.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::{answer, problem, read};
use crate::sandbox::Emulator;

pub(in crate::sandbox) async fn show(State(emulator): State<Emulator>) -> Response {
    answer(StatusCode::OK, &*emulator.quirks())
}

/// Sets those that are named, and shows all. What was booked before stays as it is.
pub(in crate::sandbox) async fn set(State(emulator): State<Emulator>, body: Bytes) -> Response {
    let changes = match read(&body) {
        Ok(changes) => changes,
        Err(invalid) => return invalid.into_response(),
    };
    match emulator.quirks().changed(changes) {
        Ok(quirks) => emulator.set_quirks(quirks),
        Err(error) => return problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", &error.to_string()),
    }
    show(State(emulator)).await
}
