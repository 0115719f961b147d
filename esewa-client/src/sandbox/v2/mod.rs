//! ePay v2 as eSewa serves it: the signed form, the redirect back, the status API.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

pub(super) mod form;
pub(super) mod redirect;
pub(super) mod status;

/// The body that eSewa sends during an outage, and for a GET of the form.
pub(super) fn outage(http_status: u16) -> Response {
    code_zero(http_status, "Service is currently unavailable. Please try again later.")
}

/// An error with the integer code 0, which stands for several things at eSewa.
pub(super) fn code_zero(http_status: u16, message: &str) -> Response {
    let status = StatusCode::from_u16(http_status).unwrap_or(StatusCode::CONFLICT);
    let message = serde_json::Value::from(message);
    json(status, format!(r#"{{"error_message":{message},"code":0}}"#))
}

/// JSON written by hand, since the order of keys and the shape of numbers are part of what is emulated.
pub(super) fn json(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
