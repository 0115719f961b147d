//! Photos of rooms: upload and removal by the owner, public ones for everybody, private ones behind the payment gate.

pub mod private;
pub mod public;
pub mod remove;
pub mod upload;

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use paygate::ConfigError;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::http::gate;
use crate::state::AppState;

/// The routes.
pub fn routes(state: &AppState) -> Result<OpenApiRouter<AppState>, ConfigError> {
    Ok(OpenApiRouter::default()
        .routes(routes!(public::public))
        .routes(routes!(private::private).layer(gate(state)?))
        // The route reads in pieces and counts for itself.
        .routes(routes!(upload::upload).layer(DefaultBodyLimit::disable()))
        .routes(routes!(remove::remove)))
}

/// The address of the small file of a photo; that of one that came with the program serves every size.
pub fn small(url: &str) -> String {
    match url.strip_suffix(".jpg") {
        Some(stem) => format!("{stem}-small.jpg"),
        None => url.to_owned(),
    }
}

fn jpeg(bytes: Bytes, cache: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    (headers, bytes).into_response()
}
