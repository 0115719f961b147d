//! `GET /api/messages/`: a page of a conversation.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use chat_core::{Page, Seq};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::CurrentUser;
use crate::chat::{talk, wire::MessageBody};
use crate::http::body::QueryOf;
use crate::problem::Problem;
use crate::state::AppState;

/// Messages of a page when nothing is said.
const LIMIT_DEFAULT: u32 = 50;
/// The largest page.
const LIMIT_MAX: u32 = 100;

/// Which conversation, and which part of it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    room_id: String,
    client_id: Option<String>,
    before: Option<u64>,
    after: Option<u64>,
    limit: Option<u32>,
}

/// A page, and where the log stands.
#[derive(Serialize, ToSchema)]
#[schema(as = Messages)]
pub struct ListBody {
    messages: Vec<MessageBody>,
    has_more: bool,
    last_seq: u64,
    epoch: u64,
    read: BTreeMap<Uuid, u64>,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/messages",
    operation_id = "messages",
    tag = "chat",
    summary = "A page of a conversation, each message as it now reads",
    security(("session" = [])),
    params(ListQuery),
    responses(
        (status = 200, description = "The page, ascending", body = ListBody),
        (status = 402, description = "Not paid for"),
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    QueryOf(query): QueryOf<ListQuery>,
) -> Result<Json<ListBody>, Problem> {
    let page = match (query.before, query.after) {
        (None, None) => Page::LATEST,
        (Some(before), None) => Page::Before(Seq(before)),
        (None, Some(after)) => Page::After(Seq(after)),
        (Some(_), Some(_)) => return Err(Problem::invalid_query("Give either before or after.")),
    };
    let limit = query.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::invalid_query("limit is 1 to 100."));
    }
    let talk = talk(&state, &user, &query.room_id, query.client_id.as_deref()).await?;
    let history = state.chat.engine.history(&talk.who, talk.conversation(), page, limit).await;
    let history = history.map_err(|error| talk.problem(&state, error))?;
    let known = history.conversation;
    let messages = history.page.messages.into_iter();
    Ok(Json(ListBody {
        messages: messages.map(|message| MessageBody::of(&talk.pairing, message, &known)).collect(),
        has_more: history.page.has_more,
        last_seq: known.head.last.0,
        epoch: history.epoch.0,
        read: known.members.iter().map(|member| (member.user.0, member.read.0)).collect(),
    }))
}
