//! `POST /api/messages/read/`: everything up to here was read.

use axum::Json;
use axum::extract::State;
use chat_core::Seq;
use serde::{Deserialize, Serialize};

use crate::auth::CurrentUser;
use crate::chat::talk;
use crate::http::body::JsonBody;
use crate::problem::Problem;
use crate::state::AppState;

/// How far; to the end without `up_to`.
#[derive(Deserialize)]
pub struct ReadBody {
    room_id: String,
    client_id: Option<String>,
    up_to: Option<u64>,
}

/// What is left.
#[derive(Serialize)]
pub struct UnreadBody {
    unread: u64,
}

/// The route.
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
