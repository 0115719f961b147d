//! `GET /api/rooms/{id}/`: one room. Who owns or unlocked it sees it also when it is not listed any more, as on its page.

use axum::Json;
use axum::extract::State;

use super::body::RoomBody;
use crate::auth::MaybeUser;
use crate::http::body::PathId;
use crate::payments::{RoomAccess, room_for};
use crate::problem::Problem;
use crate::state::AppState;

/// The route.
#[utoipa::path(
    get,
    path = "/api/rooms/{id}",
    operation_id = "room",
    tag = "rooms",
    summary = "One room",
    params(("id" = Uuid, Path, description = "The room")),
    responses((status = 200, description = "The room", body = RoomBody)),
)]
pub async fn show(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    PathId(id): PathId,
) -> Result<Json<RoomBody>, Problem> {
    let (room, access) = room_for(&state, id, viewer.as_ref()).await?;
    // To its owner it is gone, as for a change.
    if room.removed && viewer.is_some_and(|viewer| viewer.id == room.owner_id) {
        return Err(Problem::not_found());
    }
    Ok(Json(RoomBody::new(&state, room, matches!(access, RoomAccess::Open(_)))))
}
