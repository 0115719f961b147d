//! `GET /api/messages/{id}/image/`: the picture of a message, for its two members; `?size=small` for the small one.

use axum::extract::State;
use axum::response::Response;
use chat_core::{Action, ChatError, ChatStore as _, ConversationId, MessageId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::auth::CurrentUser;
use crate::chat::{Talk, image_of, member};
use crate::db::conversations;
use crate::http::body::{PathId, QueryOf};
use crate::http::photos::jpeg;
use crate::photos::Size;
use crate::problem::Problem;
use crate::state::AppState;

/// How large.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImageQuery {
    /// `large` unless told.
    #[param(inline)]
    size: Option<SizeName>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SizeName {
    Small,
    Large,
}

/// The route: what was taken back or purged has no picture, and who is not of the two finds nothing.
#[utoipa::path(
    get,
    path = "/api/messages/{id}/image",
    operation_id = "show_message_image",
    tag = "chat",
    summary = "The picture of a message, for its two members",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The message"), ImageQuery),
    responses(
        (status = 200, description = "A JPEG", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 402, description = "Not paid for"),
    ),
)]
pub async fn image(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathId(id): PathId,
    QueryOf(query): QueryOf<ImageQuery>,
) -> Result<Response, Problem> {
    let engine = &state.chat.engine;
    let message = engine.store().message(MessageId(id)).await.map_err(Problem::unavailable)?;
    let message = message.ok_or_else(Problem::not_found)?;
    let pairing = conversations::lookup(&state.db, message.conversation.0).await?;
    let pairing =
        pairing.filter(|pairing| pairing.other(user.id).is_some()).ok_or_else(Problem::not_found)?;
    let talk = Talk { pairing, who: member(user.id) };
    let allowed = engine.check(&talk.who, ConversationId(pairing.id), Action::Read).await;
    allowed.map_err(|denied| talk.problem(&state, ChatError::Denied(denied)))?;
    let image = image_of(&message).ok_or_else(Problem::not_found)?;
    let size = match query.size {
        Some(SizeName::Small) => Size::Small,
        Some(SizeName::Large) | None => Size::Large,
    };
    let bytes = state.photos.read_of_message(&image, size).await.map_err(Problem::unavailable)?;
    Ok(jpeg(bytes.ok_or_else(Problem::not_found)?, "private, no-store"))
}
