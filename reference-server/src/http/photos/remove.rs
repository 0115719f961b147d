//! `DELETE /api/rooms/{id}/photos/{name}/`: the owner takes a photo out of a room.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use uuid::Uuid;

use crate::auth::CurrentUser;
use crate::db::photo_leftovers;
use crate::db::rooms::{OwnRoom, photos};
use crate::db::users::User;
use crate::http::body::parse_id;
use crate::http::rooms::change::own_room;
use crate::photos::PhotoName;
use crate::problem::Problem;
use crate::state::AppState;

/// The route.
#[utoipa::path(
    delete,
    path = "/api/rooms/{id}/photos/{name}",
    operation_id = "remove_photo",
    tag = "rooms",
    summary = "Take a photo out, as the owner",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The room"), ("name" = String, Path, description = "The photo's name, without `.jpg`")),
    responses(
        (status = 204, description = "Gone"),
        (status = 403, description = "It is somebody else's room"),
    ),
)]
pub async fn remove(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Path((room, name)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    take_out(&state, &user, parse_id(&room)?, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a photo out of one's own room. The row goes first: a file without a row is seen by nobody, and swept up should
/// this be cut off in between.
pub async fn take_out(state: &AppState, user: &User, room: Uuid, name: &str) -> Result<(), Problem> {
    let room = own_room(state, user, room).await?;
    let own = OwnRoom::of(&room, user.id).ok_or_else(Problem::not_found)?;
    let name: PhotoName = name.parse().map_err(|_| Problem::not_found())?;
    let photo = photos::one(&state.db, &own, &name).await?.ok_or_else(Problem::not_found)?;
    photo_leftovers::note(&state.db, &name, photo.audience(), state.clock.now()).await?;
    if !photos::remove(&state.db, &own, &name).await? {
        // Somebody else was faster, and removes the files.
        return Err(Problem::not_found());
    }
    super::discard(state, &name, photo.audience()).await;
    Ok(())
}
