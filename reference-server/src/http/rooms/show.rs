//! `GET /api/rooms/{id}/`: one room.

use axum::Json;
use axum::extract::State;

use super::body::RoomBody;
use crate::auth::MaybeUser;
use crate::db::rooms;
use crate::http::body::PathId;
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
    let room = rooms::lookup(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(RoomBody::of(&state, room, viewer.as_ref()).await?))
}
