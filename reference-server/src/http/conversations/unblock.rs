//! `POST /api/conversations/unblock/`: I take my block back. The other's, if there is one, stands.

use axum::extract::State;
use axum::http::StatusCode;

use super::block::WhichBody;
use crate::auth::CurrentUser;
use crate::chat::{Talk, talk};
use crate::db::blocks;
use crate::db::users::User;
use crate::http::body::JsonBody;
use crate::problem::Problem;
use crate::state::AppState;

/// The route; without a block it is the same.
#[utoipa::path(
    post,
    path = "/api/conversations/unblock",
    operation_id = "unblock",
    tag = "chat",
    summary = "Take a block back",
    security(("session" = [])),
    request_body = WhichBody,
    responses(
        (status = 204, description = "Taken back"),
        (status = 402, description = "Not paid for"),
    ),
)]
pub async fn unblock(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    JsonBody(body): JsonBody<WhichBody>,
) -> Result<StatusCode, Problem> {
    let talk = talk(&state, &user, &body.room_id, body.client_id.as_deref()).await?;
    unblock_other(&state, &user, &talk).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the user's own block back.
///
/// # Errors
///
/// When the database doesn't answer.
pub async fn unblock_other(state: &AppState, user: &User, talk: &Talk) -> Result<(), Problem> {
    blocks::remove(&state.db, talk.pairing.id, user.id).await?;
    Ok(())
}
