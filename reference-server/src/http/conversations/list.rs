//! `GET /api/conversations/`: who I talk with.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use chat_core::{Seq, UserId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::CurrentUser;
use crate::chat::{Line, inbox, problem_of, wire::MessageBody};
use crate::problem::Problem;
use crate::state::AppState;

/// Newest activity first.
#[derive(Serialize, ToSchema)]
#[schema(as = Conversations)]
pub struct ListBody {
    conversations: Vec<ConversationBody>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Conversation)]
struct ConversationBody {
    room_id: Uuid,
    room_title: String,
    client_id: Uuid,
    with: PersonBody,
    last_message: Option<MessageBody>,
    unread: u64,
    online: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
struct PersonBody {
    id: Uuid,
    name: String,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/conversations",
    operation_id = "conversations",
    tag = "chat",
    summary = "Who the caller talks with, newest activity first",
    security(("session" = [])),
    responses((status = 200, description = "The conversations", body = ListBody)),
)]
pub async fn list(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
) -> Result<Json<ListBody>, Problem> {
    let mut conversations = Vec::new();
    let lines = inbox(&state, &user).await?;
    let others: Vec<_> =
        lines.iter().filter_map(|line| line.listed.pairing.other(user.id)).map(UserId).collect();
    let online = state.chat.engine.online(&others).await;
    let nobody = HashSet::new();
    for line in lines {
        // Where one has blocked the other, neither sees whether the other is there.
        let online = if line.closed { &nobody } else { &online };
        let last_message = last_message(&state, user.id, &line).await?;
        conversations.push(conversation(user.id, line, last_message, online));
    }
    Ok(Json(ListBody { conversations }))
}

/// How far the other has read is looked up only where it matters.
async fn last_message(state: &AppState, me: Uuid, line: &Line) -> Result<Option<MessageBody>, Problem> {
    let (pairing, entry) = (&line.listed.pairing, &line.entry);
    let Some(message) = entry.last_message.clone() else { return Ok(None) };
    if message.sender.0 != me && !message.deleted {
        let read = if entry.unread == 0 { message.seq } else { Seq::ZERO };
        return Ok(Some(MessageBody::new(pairing, message, read)));
    }
    let known = state.chat.known(entry.head.conversation).await.map_err(problem_of)?;
    Ok(Some(MessageBody::of(pairing, message, &known)))
}

fn conversation(
    me: Uuid,
    line: Line,
    last_message: Option<MessageBody>,
    online: &HashSet<UserId>,
) -> ConversationBody {
    let Line { listed, entry, .. } = line;
    let pairing = listed.pairing;
    let mine = me == pairing.client_id;
    let (other, name) =
        if mine { (pairing.owner_id, listed.owner_name) } else { (pairing.client_id, listed.client_name) };
    ConversationBody {
        room_id: pairing.room_id,
        room_title: listed.room_title,
        client_id: pairing.client_id,
        with: PersonBody { id: other, name },
        last_message,
        unread: entry.unread,
        online: online.contains(&UserId(other)),
    }
}
