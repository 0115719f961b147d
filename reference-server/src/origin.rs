//! Which pages may make a browser act here: it sends our cookie whatever page asks.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
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

/// Refuses an upgrade without an `Origin` that is allowed. Unlike for other requests, a client that is no browser must say
/// it too: an upgrade is a `GET`, and whatever forwards one without its `Origin` would open the socket to every page.
///
/// # Errors
///
/// 403 `cross_origin`.
pub fn check(state: &AppState, headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get(header::ORIGIN) {
        Some(origin) if is_trusted(state, origin) => Ok(()),
        Some(_) | None => Err(Problem::cross_origin()),
    }
}

/// A client that is no browser sends neither header.
fn is_ours(state: &AppState, headers: &HeaderMap) -> bool {
    if let Some(origin) = headers.get(header::ORIGIN) {
        return is_trusted(state, origin);
    }
    match headers.get("sec-fetch-site") {
        Some(site) => matches!(site.as_bytes(), b"same-origin" | b"none"),
        None => true,
    }
}

fn is_trusted(state: &AppState, origin: &HeaderValue) -> bool {
    state.trusted_origins.iter().any(|trusted| trusted.as_bytes() == origin.as_bytes())
}
