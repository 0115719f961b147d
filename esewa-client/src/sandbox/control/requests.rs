//! `GET /_sandbox/requests`: what was asked, in order, without keys and signatures.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::answer;
use crate::sandbox::Emulator;

pub(in crate::sandbox) async fn list(State(emulator): State<Emulator>) -> Response {
    let world = emulator.world();
    answer(StatusCode::OK, &serde_json::json!({ "requests": &world.requests }))
}
