//! `GET /api/sessions/`: where the account is signed in; and ending those.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::{CurrentUser, sessions_ended};
use crate::db::sessions::{self, Session};
use crate::db::users::User;
use crate::http::body::PathId;
use crate::problem::Problem;
use crate::state::AppState;

/// Newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sessions)]
pub struct SessionsBody {
    sessions: Vec<SessionBody>,
}

/// One sign-in that has not ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionBody {
    id: Uuid,
    /// The kind of device, such as `Firefox on Linux`; empty for a program.
    device: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/sessions",
    operation_id = "sessions",
    tag = "accounts",
    summary = "Where the account is signed in",
    security(("session" = [])),
    responses((status = 200, description = "Newest first", body = SessionsBody)),
)]
pub async fn list(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    jar: CookieJar,
) -> Result<Json<SessionsBody>, Problem> {
    let sessions = sessions_of(&state, &jar, &user).await?.into_iter().map(SessionBody::from).collect();
    Ok(Json(SessionsBody { sessions }))
}

/// The route that ends one; the one that asks, too.
#[utoipa::path(
    delete,
    path = "/api/sessions/{id}",
    operation_id = "end_session",
    tag = "accounts",
    summary = "End one of the account's sessions",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The session")),
    responses((status = 204, description = "Ended")),
)]
pub async fn end(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathId(id): PathId,
) -> Result<StatusCode, Problem> {
    end_one(&state, &user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The route that ends all but the one that asks.
#[utoipa::path(
    delete,
    path = "/api/sessions",
    operation_id = "end_other_sessions",
    tag = "accounts",
    summary = "End the account's other sessions",
    security(("session" = [])),
    responses((status = 204, description = "Ended")),
)]
pub async fn end_others(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    jar: CookieJar,
) -> Result<StatusCode, Problem> {
    end_all_but_this(&state, &jar, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The account's sessions.
pub async fn sessions_of(state: &AppState, jar: &CookieJar, user: &User) -> Result<Vec<Session>, Problem> {
    let token = state.session_cookie.token(jar).ok_or_else(Problem::not_signed_in)?;
    Ok(sessions::list(&state.db, user.id, &token, state.clock.now()).await?)
}

/// Ends one of the account's sessions, with the sockets that were opened in it.
pub async fn end_one(state: &AppState, user: &User, id: Uuid) -> Result<(), Problem> {
    if !sessions::end_one(&state.db, user.id, id, state.clock.now()).await? {
        return Err(Problem::not_found());
    }
    sessions_ended(state, user.id);
    Ok(())
}

/// Ends the others.
pub async fn end_all_but_this(state: &AppState, jar: &CookieJar, user: &User) -> Result<(), Problem> {
    let token = state.session_cookie.token(jar).ok_or_else(Problem::not_signed_in)?;
    sessions::end_others(&state.db, user.id, &token, state.clock.now()).await?;
    sessions_ended(state, user.id);
    Ok(())
}

impl From<Session> for SessionBody {
    fn from(session: Session) -> Self {
        let Session { id, device, created_at, expires_at, current } = session;
        Self { id, device, created_at, expires_at, current }
    }
}
