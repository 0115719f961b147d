//! `POST /api/messages/read/`: everything up to here was read.

use axum::Json;
use axum::extract::State;
use chat_core::Seq;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::CurrentUser;
use crate::chat::talk;
use crate::http::body::JsonBody;
use crate::problem::Problem;
use crate::state::AppState;

/// How far; to the end without `up_to`.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReadMark)]
pub struct ReadBody {
    room_id: String,
    client_id: Option<String>,
    up_to: Option<u64>,
}

/// What is left.
#[derive(Serialize, ToSchema)]
#[schema(as = Unread)]
pub struct UnreadBody {
    unread: u64,
}

/// The route.
#[utoipa::path(
    post,
    path = "/api/messages/read",
    operation_id = "read_messages",
    tag = "chat",
    summary = "Everything up to here was read",
    security(("session" = [])),
    request_body = ReadBody,
    responses(
        (status = 200, description = "What is left", body = UnreadBody),
        (status = 402, description = "Not paid for"),
    ),
)]
pub async fn read(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    JsonBody(body): JsonBody<ReadBody>,
) -> Result<Json<UnreadBody>, Problem> {
    let talk = talk(&state, &user, &body.room_id, body.client_id.as_deref()).await?;
    let up_to = body.up_to.map(Seq);
    let mark = state.chat.engine.mark_read(&talk.who, talk.conversation(), up_to).await;
    let mark = mark.map_err(|error| talk.problem(&state, error))?;
    Ok(Json(UnreadBody { unread: mark.unread }))
}
