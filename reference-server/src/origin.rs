//! Which pages may make a browser act here: it sends our cookie whatever page asks.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::problem::Problem;
use crate::state::AppState;

/// Refuses unsafe methods that a page of another site asked for.
///
/// Not by comparing `Origin` with `Host`, as libraries do: a name of somebody else's that leads to our address would
/// pass. What counts is the public URL, and the origins that the configuration trusts.
pub async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    match safe || is_ours(&state, request.headers()) {
        true => next.run(request).await,
        false => Problem::cross_origin().into_response(),
    }
}

/// Refuses an upgrade that a page of another site asked for.
///
/// # Errors
///
/// 403 `cross_origin`.
pub fn check(state: &AppState, headers: &HeaderMap) -> Result<(), Problem> {
    if is_ours(state, headers) { Ok(()) } else { Err(Problem::cross_origin()) }
}

/// A client that is no browser sends neither header.
fn is_ours(state: &AppState, headers: &HeaderMap) -> bool {
    if let Some(origin) = headers.get(header::ORIGIN) {
        return state.trusted_origins.iter().any(|trusted| trusted.as_bytes() == origin.as_bytes());
    }
    match headers.get("sec-fetch-site") {
        Some(site) => matches!(site.as_bytes(), b"same-origin" | b"none"),
        None => true,
    }
}
