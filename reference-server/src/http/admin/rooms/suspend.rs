//! `POST /api/admin/rooms/{id}/suspend/` and `…/lift/`. A suspended room is found and paid for by nobody; its owner sees
//! that it is suspended, and may mend it or take it down. Who paid for it keeps contact and chat.

use axum::Json;
use axum::extract::State;
use uuid::Uuid;

use super::show::{FileBody, file};
use crate::auth::AdminUser;
use crate::db::rooms;
use crate::db::users::User;
use crate::http::admin::acts::{Deed, logged};
use crate::http::admin::suspension::Reason;
use crate::http::body::{JsonBody, PathId};
use crate::problem::Problem;
use crate::state::AppState;

/// The route that suspends.
#[utoipa::path(
    post,
    path = "/api/admin/rooms/{id}/suspend",
    operation_id = "admin_suspend_room",
    tag = "admin",
    summary = "Take a room off the list; who paid keeps contact and chat",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The room")),
    request_body = Reason,
    responses(
        (status = 200, description = "How it stands now", body = FileBody),
        (status = 409, description = "It is suspended already, or taken down"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn suspend(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    PathId(id): PathId,
    JsonBody(reason): JsonBody<Reason>,
) -> Result<Json<FileBody>, Problem> {
    suspend_room(&state, &admin, id, &reason).await?;
    Ok(Json(FileBody::from(file(&state, id).await?)))
}

/// The route that lifts.
#[utoipa::path(
    post,
    path = "/api/admin/rooms/{id}/lift",
    operation_id = "admin_lift_room",
    tag = "admin",
    summary = "Put a suspended room back on the list",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The room")),
    request_body = Reason,
    responses(
        (status = 200, description = "How it stands now", body = FileBody),
        (status = 409, description = "It is not suspended"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn lift(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    PathId(id): PathId,
    JsonBody(reason): JsonBody<Reason>,
) -> Result<Json<FileBody>, Problem> {
    lift_room(&state, &admin, id, &reason).await?;
    Ok(Json(FileBody::from(file(&state, id).await?)))
}

/// Suspends a room, with a reason.
pub async fn suspend_room(state: &AppState, admin: &User, id: Uuid, reason: &Reason) -> Result<(), Problem> {
    let room = rooms::lookup_ever(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    let reason = reason.checked()?;
    if room.removed {
        return Err(Problem::conflict(t!("admin-refused-room-down")));
    }
    let suspended = || Problem::conflict(t!("admin-refused-room-suspended"));
    if room.suspended_at.is_some() {
        return Err(suspended());
    }
    let shared = state.clone();
    let suspending = async move {
        let now = shared.clock.now();
        rooms::suspend(&shared.db, id, now).await?.then_some(()).ok_or_else(suspended)
    };
    let deed = Deed { act: "suspend_room", subject: id.to_string(), reason };
    logged(state, admin, deed, suspending, |()| "suspended".to_owned()).await
}

/// Lifts a room's suspension, with a reason.
pub async fn lift_room(state: &AppState, admin: &User, id: Uuid, reason: &Reason) -> Result<(), Problem> {
    let room = rooms::lookup_ever(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    let reason = reason.checked()?;
    let not_suspended = || Problem::conflict(t!("admin-refused-room-not-suspended"));
    if room.suspended_at.is_none() {
        return Err(not_suspended());
    }
    let shared = state.clone();
    let lifting = async move { rooms::lift(&shared.db, id).await?.then_some(()).ok_or_else(not_suspended) };
    let deed = Deed { act: "lift_room", subject: id.to_string(), reason };
    logged(state, admin, deed, lifting, |()| "lifted".to_owned()).await
}
