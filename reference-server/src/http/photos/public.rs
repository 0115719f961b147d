//! `GET /photos/{file}`: a photo for everybody, as long as its room is listed. A name is never used for another picture,
//! so that whoever keeps it need not fetch it again, but asks from time to time whether it is still shown.

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::jpeg;
use crate::auth::{Role, viewer_of};
use crate::db::rooms::photos;
use crate::http::body::PathText;
use crate::payments::room_for;
use crate::photos::{Audience, PhotoFile};
use crate::problem::Problem;
use crate::state::AppState;

/// So long a photo may be seen after its room is suspended or taken down.
const LISTED: &str = "public, max-age=600";
const UNLISTED: &str = "private, no-store";

/// The route.
#[utoipa::path(
    get,
    path = "/photos/{file}",
    operation_id = "photo",
    tag = "rooms",
    summary = "A photo that everybody may see",
    params(("file" = String, Path, description = "As the room names it")),
    responses(
        (status = 200, description = "The photo", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 304, description = "The caller has it, by its `ETag`"),
    ),
)]
pub async fn public(
    State(state): State<AppState>,
    PathText(file): PathText,
    request: Request,
) -> Result<Response, Problem> {
    let file: PhotoFile = file.parse().map_err(|_| Problem::not_found())?;
    let parts = request.into_parts().0;
    let cache = audience(&state, &file, &parts).await?;
    let etag = HeaderValue::from_str(&format!("\"{file}\"")).map_err(Problem::internal)?;
    let kept = parts.headers.get_all(header::IF_NONE_MATCH).iter().any(|known| *known == etag);
    let mut answer = if kept {
        let cache = HeaderValue::from_static(cache);
        (StatusCode::NOT_MODIFIED, [(header::CACHE_CONTROL, cache)]).into_response()
    } else {
        let bytes = state.photos.read(&file, Audience::Everybody).await.map_err(Problem::unavailable)?;
        jpeg(bytes.ok_or_else(Problem::not_found)?, cache)
    };
    answer.headers_mut().insert(header::ETAG, etag);
    Ok(answer)
}

/// How long the viewer may keep it. Of a room that isn't listed, its photos are for who still sees the room.
async fn audience(state: &AppState, file: &PhotoFile, parts: &Parts) -> Result<&'static str, Problem> {
    let (room, listed) = photos::room_of(&state.db, &file.name).await?.ok_or_else(Problem::not_found)?;
    if listed {
        return Ok(LISTED);
    }
    let viewer = viewer_of(state, parts).await?;
    if viewer.as_ref().is_none_or(|viewer| viewer.role != Role::Admin) {
        room_for(state, room, viewer.as_ref()).await?;
    }
    Ok(UNLISTED)
}
