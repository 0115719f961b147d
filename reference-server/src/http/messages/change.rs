//! `PATCH /api/messages/{id}/`: its sender says it better.

use axum::Json;
use axum::extract::State;
use chat_core::{ChatStore as _, ClientMessageId, Message, MessageId, Op, Wish};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::CurrentUser;
use crate::chat::{Talk, member, problem_of, wire::MessageBody};
use crate::db::conversations;
use crate::db::users::User;
use crate::http::body::{JsonBody, PathId};
use crate::problem::Problem;
use crate::state::AppState;

/// The new text.
#[derive(Deserialize, ToSchema)]
#[schema(as = MessageChange)]
pub struct ChangeBody {
    content: String,
}

/// The route.
#[utoipa::path(
    patch,
    path = "/api/messages/{id}",
    operation_id = "change_message",
    tag = "chat",
    summary = "Say it better, as its sender",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The message")),
    request_body = ChangeBody,
    responses(
        (status = 200, description = "How it reads now", body = MessageBody),
        (status = 403, description = "It is somebody else's"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn change(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathId(id): PathId,
    JsonBody(body): JsonBody<ChangeBody>,
) -> Result<Json<MessageBody>, Problem> {
    let (talk, message) = own_message(&state, &user, id).await?;
    let op = Op::Edit { target: message.seq, content: body.content };
    let client_id = ClientMessageId::from(state.ids.next_id());
    let wish = Wish { conversation: talk.conversation(), client_id, op };
    let sent = state.chat.engine.send(&talk.who, wish).await.map_err(|error| talk.problem(&state, error))?;
    let known = state.chat.known(talk.conversation()).await.map_err(|error| talk.problem(&state, error))?;
    Ok(Json(MessageBody::of(&talk.pairing, sent.message, &known)))
}

/// A message of the user's own. Another's in their conversation is 403, any other 404.
pub async fn own_message(state: &AppState, user: &User, id: Uuid) -> Result<(Talk, Message), Problem> {
    let found = state.chat.engine.store().message(MessageId(id)).await;
    let found = found.map_err(|error| problem_of(error.into()))?.ok_or_else(Problem::not_found)?;
    let pairing =
        conversations::lookup(&state.db, found.conversation.0).await?.ok_or_else(Problem::not_found)?;
    let talk = Talk { pairing, who: member(user.id) };
    // Whose conversation it is was found without asking who may see it: only this says.
    let message = state.chat.engine.message(&talk.who, MessageId(id)).await;
    let message = message.map_err(|error| talk.problem(state, error))?;
    if message.sender != talk.who.user {
        return Err(Problem::forbidden("Only its sender may change a message."));
    }
    Ok((talk, message))
}
