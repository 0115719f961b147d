//! `POST /api/admin/users/{id}/suspend/` and `…/lift/`. Whoever is suspended is signed out everywhere and can't sign in;
//! none of their rooms is listed, and nothing new can be paid to or by them. Who paid for one of their rooms keeps contact
//! and chat, and what was paid before and is on its way still counts.

use axum::Json;
use axum::extract::State;
use uuid::Uuid;

use super::show::{FileBody, file};
use crate::auth::{AdminUser, Role, sessions_ended};
use crate::db::users::User;
use crate::db::{people, sessions};
use crate::http::admin::acts::{Deed, logged};
use crate::http::admin::suspension::Reason;
use crate::http::body::{JsonBody, PathId};
use crate::problem::Problem;
use crate::state::AppState;

/// The route that suspends.
#[utoipa::path(
    post,
    path = "/api/admin/users/{id}/suspend",
    operation_id = "admin_suspend_user",
    tag = "admin",
    summary = "Sign a person out everywhere, and keep them and their rooms out",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The account")),
    request_body = Reason,
    responses(
        (status = 200, description = "How it stands now", body = FileBody),
        (status = 409, description = "It is suspended already, deleted, or an administrator's"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn suspend(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    PathId(id): PathId,
    JsonBody(reason): JsonBody<Reason>,
) -> Result<Json<FileBody>, Problem> {
    suspend_person(&state, &admin, id, &reason).await?;
    Ok(Json(FileBody::from(file(&state, id).await?)))
}

/// The route that lifts.
#[utoipa::path(
    post,
    path = "/api/admin/users/{id}/lift",
    operation_id = "admin_lift_user",
    tag = "admin",
    summary = "Let a suspended person in again",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The account")),
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
    lift_person(&state, &admin, id, &reason).await?;
    Ok(Json(FileBody::from(file(&state, id).await?)))
}

/// Suspends a person, with a reason.
pub async fn suspend_person(
    state: &AppState,
    admin: &User,
    id: Uuid,
    reason: &Reason,
) -> Result<(), Problem> {
    let person = people::lookup(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    let reason = reason.checked()?;
    if person.user.role == Role::Admin {
        return Err(Problem::conflict(t!("admin-refused-admin")));
    }
    if person.erased_at.is_some() {
        return Err(Problem::conflict(t!("admin-refused-deleted")));
    }
    if person.suspended_at.is_some() {
        return Err(Problem::conflict(t!("admin-refused-person-suspended")));
    }
    let shared = state.clone();
    let suspending = async move {
        let now = shared.clock.now();
        // From here on no session of theirs counts; that they end is for the sockets, and for when this is lifted.
        if !people::suspend(&shared.db, id, now).await? {
            return Err(Problem::conflict(t!("admin-refused-person-suspended")));
        }
        sessions::end_all(&shared.db, id, now).await?;
        sessions_ended(&shared, id);
        Ok(())
    };
    let deed = Deed { act: "suspend_user", subject: id.to_string(), reason };
    logged(state, admin, deed, suspending, |()| "suspended".to_owned()).await
}

/// Lifts a person's suspension, with a reason.
pub async fn lift_person(state: &AppState, admin: &User, id: Uuid, reason: &Reason) -> Result<(), Problem> {
    let person = people::lookup(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    let reason = reason.checked()?;
    let not_suspended = || Problem::conflict(t!("admin-refused-person-not-suspended"));
    if person.suspended_at.is_none() {
        return Err(not_suspended());
    }
    let shared = state.clone();
    let lifting = async move { people::lift(&shared.db, id).await?.then_some(()).ok_or_else(not_suspended) };
    let deed = Deed { act: "lift_user", subject: id.to_string(), reason };
    logged(state, admin, deed, lifting, |()| "lifted".to_owned()).await
}
