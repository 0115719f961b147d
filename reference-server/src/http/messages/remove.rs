//! `DELETE /api/messages/{id}/`: its sender takes it back.

use axum::extract::State;
use axum::http::StatusCode;
use chat_core::{ClientMessageId, Op, Wish};

use super::change::own_message;
use crate::auth::CurrentUser;
use crate::chat::remove_images;
use crate::http::body::PathId;
use crate::problem::Problem;
use crate::state::AppState;

/// The route; taking it back twice is the same.
#[utoipa::path(
    delete,
    path = "/api/messages/{id}",
    operation_id = "remove_message",
    tag = "chat",
    summary = "Take it back, as its sender",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The message")),
    responses(
        (status = 204, description = "Taken back"),
        (status = 403, description = "It is somebody else's"),
    ),
)]
pub async fn remove(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathId(id): PathId,
) -> Result<StatusCode, Problem> {
    let (talk, message) = own_message(&state, &user, id).await?;
    if message.deleted {
        return Ok(StatusCode::NO_CONTENT);
    }
    let client_id = ClientMessageId::from(state.ids.next_id());
    let wish = Wish { conversation: talk.conversation(), client_id, op: Op::Delete { target: message.seq } };
    match state.chat.engine.append(&talk.who, wish).await {
        // Another request took it back in between.
        Ok(_) | Err(chat_core::ChatError::NotFound) => {
            remove_images(state.clone(), message.id).await;
            Ok(StatusCode::NO_CONTENT)
        }
        Err(error) => Err(talk.problem(&state, error)),
    }
}
