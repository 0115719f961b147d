//! `DELETE /api/rooms/{id}/`: its owner takes a room down.

use axum::extract::State;
use axum::http::StatusCode;

use super::change::own_room;
use crate::auth::CurrentUser;
use crate::db::rooms;
use crate::http::body::PathId;
use crate::problem::Problem;
use crate::state::AppState;

/// The route. Who paid keeps the contact details and the chat.
#[utoipa::path(
    delete,
    path = "/api/rooms/{id}",
    operation_id = "take_room_down",
    tag = "rooms",
    summary = "Take a room down, as its owner",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The room")),
    responses(
        (status = 204, description = "Taken down; who paid keeps contact and chat"),
        (status = 403, description = "It is somebody else's"),
    ),
)]
pub async fn remove(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathId(id): PathId,
) -> Result<StatusCode, Problem> {
    own_room(&state, &user, id).await?;
    rooms::remove(&state.db, id, state.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
