//! What a test or a person can do to the emulator, under `/_sandbox/`.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(super) mod clock;
pub(super) mod dashboard;
pub(super) mod faults;
pub(super) mod pay;
pub(super) mod payments;
pub(super) mod quirks;
pub(super) mod requests;
pub(super) mod reset;

/// Reads a JSON body; an empty one counts as an empty object.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, InvalidBody> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(InvalidBody)
}

/// A body that is not what the route takes.
struct InvalidBody(serde_json::Error);

impl IntoResponse for InvalidBody {
    fn into_response(self) -> Response {
        problem(StatusCode::BAD_REQUEST, "invalid_body", &self.0.to_string())
    }
}

fn answer(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let body = serde_json::json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "code": code,
        "detail": detail,
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
