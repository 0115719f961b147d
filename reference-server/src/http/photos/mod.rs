//! Photos of rooms: upload and removal by the owner, public ones for everybody, private ones behind the payment gate.

pub mod audience;
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
use uuid::Uuid;

use crate::db::photo_leftovers;
use crate::http::gate;
use crate::photos::{Audience, PhotoName, Size};
use crate::state::AppState;

/// The routes.
pub fn routes(state: &AppState) -> Result<OpenApiRouter<AppState>, ConfigError> {
    Ok(OpenApiRouter::default()
        .routes(routes!(public::public))
        .routes(routes!(private::private).layer(gate(state)?))
        // The route reads in pieces and counts for itself.
        .routes(routes!(upload::upload).layer(DefaultBodyLimit::disable()))
        .routes(routes!(remove::remove, audience::change)))
}

/// The address of the small file of a photo; that of one that came with the program serves every size.
pub fn small(url: &str) -> String {
    match url.strip_suffix(".jpg") {
        Some(stem) => format!("{stem}-small.jpg"),
        None => url.to_owned(),
    }
}

/// The address of a photo of a room.
fn url(room: Uuid, name: &PhotoName, audience: Audience) -> String {
    let file = name.file(Size::Large);
    match audience {
        Audience::Everybody => format!("/photos/{file}"),
        Audience::Unlocked => format!("/rooms/{room}/photos/{file}"),
    }
}

/// A photo's files and its row agree. Where this can't be written now, the sweep finds out the same later.
async fn cross_out(state: &AppState, name: &PhotoName) {
    if let Err(error) = photo_leftovers::cross_out(&state.db, name).await {
        tracing::warn!(%error, "a photo stays noted for the sweep");
    }
}

/// Removes the files of a photo that no room has any more; what can't be removed now is left to the sweep.
pub async fn discard(state: &AppState, name: &PhotoName, audience: Audience) {
    match state.photos.remove(name, audience).await {
        Ok(()) => cross_out(state, name).await,
        Err(error) => tracing::warn!(%error, "a photo of no room is left to the sweep"),
    }
}

/// A picture as an answer.
pub fn jpeg(bytes: Bytes, cache: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    (headers, bytes).into_response()
}
