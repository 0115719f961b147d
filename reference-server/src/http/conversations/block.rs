//! `POST /api/conversations/block/`: I want to hear no more from the other.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::CurrentUser;
use crate::chat::{Talk, talk};
use crate::db::blocks;
use crate::db::users::User;
use crate::http::body::JsonBody;
use crate::problem::Problem;
use crate::state::AppState;

/// Which conversation.
#[derive(Deserialize, ToSchema)]
#[schema(as = WhichConversation)]
pub struct WhichBody {
    pub(super) room_id: String,
    pub(super) client_id: Option<String>,
}

/// The route. Nobody posts until it is taken back; the other's open chats end.
#[utoipa::path(
    post,
    path = "/api/conversations/block",
    operation_id = "block",
    tag = "chat",
    summary = "Hear no more from the other",
    security(("session" = [])),
    request_body = WhichBody,
    responses(
        (status = 204, description = "Blocked"),
        (status = 402, description = "Not paid for"),
    ),
)]
pub async fn block(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    JsonBody(body): JsonBody<WhichBody>,
) -> Result<StatusCode, Problem> {
    let talk = talk(&state, &user, &body.room_id, body.client_id.as_deref()).await?;
    block_other(&state, &user, &talk).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes the block down; once more is the same.
///
/// # Errors
///
/// When the database doesn't answer.
pub async fn block_other(state: &AppState, user: &User, talk: &Talk) -> Result<(), Problem> {
    blocks::add(&state.db, talk.pairing.id, user.id, state.clock.now()).await?;
    if let Some(other) = talk.pairing.other(user.id) {
        state.chat.recheck_in(talk.conversation(), other);
    }
    Ok(())
}
