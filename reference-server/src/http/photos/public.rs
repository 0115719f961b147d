//! `GET /photos/{file}`: a photo for everybody. A name is never used for another picture, so it may be kept for ever.

use axum::extract::State;
use axum::response::Response;

use super::jpeg;
use crate::http::body::PathText;
use crate::photos::{Audience, PhotoFile};
use crate::problem::Problem;
use crate::state::AppState;

/// The route.
#[utoipa::path(
    get,
    path = "/photos/{file}",
    operation_id = "photo",
    tag = "rooms",
    summary = "A photo that everybody may see",
    params(("file" = String, Path, description = "As the room names it")),
    responses((status = 200, description = "The photo", body = Vec<u8>, content_type = "image/jpeg")),
)]
pub async fn public(State(state): State<AppState>, PathText(file): PathText) -> Result<Response, Problem> {
    let file: PhotoFile = file.parse().map_err(|_| Problem::not_found())?;
    let bytes = state.photos.read(&file, Audience::Everybody).await.map_err(Problem::unavailable)?;
    Ok(jpeg(bytes.ok_or_else(Problem::not_found)?, "public, max-age=31536000, immutable"))
}
