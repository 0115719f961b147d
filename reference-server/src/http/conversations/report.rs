//! `POST /api/conversations/report/`: an admin should look at this.

use axum::extract::State;
use axum::http::StatusCode;
use chat_core::MessageId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::CurrentUser;
use crate::chat::{Talk, talk};
use crate::db::reports::{self, Report, Words};
use crate::db::users::User;
use crate::http::body::{JsonBody, parse_id};
use crate::problem::{FieldError, Problem};
use crate::state::AppState;

/// The longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 1_000;

/// About what, and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = Report)]
pub struct ReportBody {
    room_id: String,
    client_id: Option<String>,
    message_id: Option<String>,
    #[serde(default)]
    reason: String,
}

/// The route; about the same message again, the newer reason stands.
#[utoipa::path(
    post,
    path = "/api/conversations/report",
    operation_id = "report",
    tag = "chat",
    summary = "Have an admin look at this",
    security(("session" = [])),
    request_body = ReportBody,
    responses(
        (status = 204, description = "Noted"),
        (status = 402, description = "Not paid for"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn report(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    JsonBody(body): JsonBody<ReportBody>,
) -> Result<StatusCode, Problem> {
    let talk = talk(&state, &user, &body.room_id, body.client_id.as_deref()).await?;
    report_in(&state, &user, &talk, body.message_id.as_deref(), &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes the report down: about a message of the conversation, with its words as they are now, or about all of it.
///
/// # Errors
///
/// 422 for a reason that is too long, 404 for a message that is not of this conversation.
pub async fn report_in(
    state: &AppState,
    user: &User,
    talk: &Talk,
    message: Option<&str>,
    reason: &str,
) -> Result<(), Problem> {
    let reason = reason.trim();
    if reason.chars().count() > REASON_CHARS_MAX || reason.contains('\0') {
        let message = format!("is at most {REASON_CHARS_MAX} characters.");
        return Err(Problem::invalid_fields(vec![FieldError { field: "reason", message }]));
    }
    let (message_id, words) = match message {
        None => (None, None),
        Some(id) => {
            let id = parse_id(id)?;
            let message = state.chat.engine.message(&talk.who, MessageId(id)).await;
            let message = message.map_err(|error| talk.problem(state, error))?;
            if message.conversation != talk.conversation() {
                return Err(Problem::not_found());
            }
            // What was taken back has no words left to keep.
            let words = Words { content: message.content, image: message.image };
            (Some(id), Some(words).filter(|_| !message.deleted))
        }
    };
    let report = Report {
        id: state.ids.next_id(),
        conversation_id: talk.pairing.id,
        reporter_id: user.id,
        message_id,
        reason: reason.to_owned(),
    };
    reports::put(&state.db, &report, words.as_ref(), state.clock.now()).await?;
    // The reason is a person's words, as the message is, and so in no log.
    tracing::warn!(report.id = %report.id, conversation.id = %report.conversation_id, "a conversation was reported");
    Ok(())
}
