//! Around every answer: the mark of the emulator, and a line in the request log.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;

use super::Emulator;
use super::redact;

/// A request that came in, without keys, signatures, passwords and tokens.
#[derive(Debug, Clone, Serialize)]
pub(super) struct LoggedRequest {
    pub(super) number: u64,
    pub(super) at: Timestamp,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) fields: Vec<(String, String)>,
    pub(super) http_status: u16,
}

/// Says on every answer that this is not eSewa.
pub(super) async fn mark(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(EMULATOR_HEADER, HeaderValue::from_static(EMULATOR_MARK));
    response
}

/// Notes what was asked, in order. The emulator's own routes are not noted.
pub(super) async fn record(State(emulator): State<Emulator>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/_sandbox") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES_MAX).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "the body is too long for the emulator\n").into_response();
    };
    let (method, path) = (parts.method.to_string(), parts.uri.path().to_owned());
    let fields = redact::noted(&parts.uri, &body);
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let at = emulator.now();
    let http_status = response.status().as_u16();
    tracing::debug!(http.method = method, http.path = path, http.status = http_status, "eSewa emulator");
    emulator.world().log(LoggedRequest { number: 0, at, method, path, fields, http_status });
    response
}

/// The longest body that any route takes.
pub(super) const BODY_BYTES_MAX: usize = 64 * 1024;

const EMULATOR_HEADER: &str = "x-esewa-emulator";
const EMULATOR_MARK: &str = concat!("esewa-client/", env!("CARGO_PKG_VERSION"), "; no real money");
