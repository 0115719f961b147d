//! `GET /api/admin/rooms/{id}/`: one room, with how many paid for it and what administrators did.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::RoomBody;
use crate::auth::AdminUser;
use crate::db::admin_acts::{self, Act};
use crate::db::rooms::{self, Room};
use crate::db::unlocks;
use crate::http::admin::acts::ActBody;
use crate::http::body::PathId;
use crate::problem::Problem;
use crate::state::AppState;

/// Acts on one room that are shown, the newest ones.
const ACTS_MAX: u32 = 100;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminRoomFile)]
pub struct FileBody {
    #[serde(flatten)]
    room: RoomBody,
    /// For how many clients it is open now.
    unlocks: u64,
    acts: Vec<ActBody>,
}

/// All that an administrator may know about a room.
#[derive(Debug)]
pub struct File {
    /// The room.
    pub room: Room,
    /// For how many clients it is open.
    pub unlocks: u64,
    /// What administrators did about it, newest first.
    pub acts: Vec<Act>,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/rooms/{id}",
    operation_id = "admin_room",
    tag = "admin",
    summary = "One room, listed or not, with acts on it",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The room")),
    responses((status = 200, description = "All that is known", body = FileBody)),
)]
pub async fn show(
    State(state): State<AppState>,
    AdminUser(_): AdminUser,
    PathId(id): PathId,
) -> Result<Json<FileBody>, Problem> {
    Ok(Json(FileBody::from(file(&state, id).await?)))
}

/// Reads everything about a room.
pub async fn file(state: &AppState, id: Uuid) -> Result<File, Problem> {
    let room = rooms::lookup_ever(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    let unlocks = unlocks::count_of_room(&state.db, id, state.clock.now()).await?;
    let acts = admin_acts::list_on(&state.db, &id.to_string(), ACTS_MAX).await?;
    Ok(File { room, unlocks, acts })
}

impl From<File> for FileBody {
    fn from(file: File) -> Self {
        Self {
            room: RoomBody::from(file.room),
            unlocks: file.unlocks,
            acts: file.acts.into_iter().map(ActBody::from).collect(),
        }
    }
}
