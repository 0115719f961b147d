//! `PATCH /api/rooms/{id}/photos/{name}/` `{private}`: the owner locks a photo, or shows it to everybody. It gets a new
//! name with that: the old one may be known, and kept in caches for ever.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::upload::PhotoBody;
use crate::auth::CurrentUser;
use crate::db::photo_leftovers;
use crate::db::rooms::{OwnRoom, photos};
use crate::db::users::User;
use crate::http::body::{JsonBody, parse_id};
use crate::http::rooms::change::own_room;
use crate::photos::{Audience, PhotoName};
use crate::problem::Problem;
use crate::state::AppState;

/// Who shall see it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PhotoAudience)]
pub struct AudienceBody {
    private: bool,
}

/// The route.
#[utoipa::path(
    patch,
    path = "/api/rooms/{id}/photos/{name}",
    operation_id = "change_photo",
    tag = "rooms",
    summary = "Lock a photo, or show it to everybody, as the owner",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The room"), ("name" = String, Path, description = "The photo's name, without `.jpg`")),
    request_body = AudienceBody,
    responses(
        (status = 200, description = "Where it is now: it has a new name", body = PhotoBody),
        (status = 403, description = "It is somebody else's room"),
    ),
)]
pub async fn change(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Path((room, name)): Path<(String, String)>,
    JsonBody(body): JsonBody<AudienceBody>,
) -> Result<Json<PhotoBody>, Problem> {
    let audience = if body.private { Audience::Unlocked } else { Audience::Everybody };
    let url = show_to(&state, &user, parse_id(&room)?, &name, audience).await?;
    Ok(Json(PhotoBody::of(url, audience)))
}

/// Shows a photo of one's own room to this audience and no other; its address. The files are there before the row
/// names them, and go after it does no more.
pub async fn show_to(
    state: &AppState,
    user: &User,
    room: Uuid,
    name: &str,
    audience: Audience,
) -> Result<String, Problem> {
    let listed = own_room(state, user, room).await?;
    let own = OwnRoom::of(&listed, user.id).ok_or_else(Problem::not_found)?;
    let old: PhotoName = name.parse().map_err(|_| Problem::not_found())?;
    let photo = photos::one(&state.db, &own, &old).await?.ok_or_else(Problem::not_found)?;
    if photo.audience() == audience {
        return Ok(photo.url);
    }
    let (new, now) = (PhotoName::draw().map_err(Problem::internal)?, state.clock.now());
    photo_leftovers::note(&state.db, &new, audience, now).await?;
    photo_leftovers::note(&state.db, &old, audience.other(), now).await?;
    let url = super::url(room, &new, audience);
    let shown = match state.photos.copy(&old, &new, audience).await {
        Ok(()) => photos::rename(&state.db, &own, &old, (&new, &url, audience)).await.map_err(Problem::from),
        Err(error) => Err(Problem::unavailable(error)),
    };
    if matches!(shown, Ok(true)) {
        super::cross_out(state, &new).await;
        super::discard(state, &old, audience.other()).await;
        return Ok(url);
    }
    super::discard(state, &new, audience).await;
    // The old one stays noted: the sweep sees whether the room still has it.
    shown?;
    Err(Problem::not_found())
}
