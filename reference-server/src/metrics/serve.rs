//! `GET /metrics` on a listener of its own: not for everybody who reaches the product.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::serve::Places;
use crate::state::AppState;

const OPENMETRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// The routes of that listener; `places` are those of the product's.
pub fn routes(state: AppState, places: Places) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state((state, places))
}

async fn metrics(State((state, places)): State<(AppState, Places)>) -> Response {
    match state.metrics.text(&state, places.taken()) {
        Ok(text) => ([(header::CONTENT_TYPE, OPENMETRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
