//! `GET /api/unread-count/`: posts to me above my read marks.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::CurrentUser;
use crate::chat::{LINES_MAX, inbox, unread_total};
use crate::problem::Problem;
use crate::state::AppState;

/// In all, and by conversation.
#[derive(Serialize, ToSchema)]
#[schema(as = UnreadCounts)]
pub struct UnreadBody {
    total: u64,
    conversations: Vec<UnreadLine>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = UnreadCount)]
struct UnreadLine {
    room_id: Uuid,
    client_id: Uuid,
    unread: u64,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/unread-count",
    operation_id = "unread_count",
    tag = "chat",
    summary = "Messages that are not read yet",
    security(("session" = [])),
    responses((status = 200, description = "In all, and by conversation", body = UnreadBody)),
)]
pub async fn unread(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
) -> Result<Json<UnreadBody>, Problem> {
    let lines = inbox(&state, &user).await?;
    let conversations: Vec<_> = lines
        .iter()
        .map(|line| UnreadLine {
            room_id: line.listed.pairing.room_id,
            client_id: line.listed.pairing.client_id,
            unread: line.entry.unread,
        })
        .collect();
    let total = match conversations.len() < LINES_MAX {
        true => conversations.iter().map(|line| line.unread).sum(),
        // There may be more than are listed.
        false => unread_total(&state, &user).await?,
    };
    Ok(Json(UnreadBody { total, conversations }))
}
