//! `GET /api/admin/reports/{id}/`: one report with the words that it is about. A conversation is nobody's but the two
//! people's, so an administrator reads only this much of it, only because one of them asked, and that it was read is in
//! the log.

use axum::Json;
use axum::extract::State;
use chat_core::{ChatStore as _, ConversationId, Message, MessageId, Page, Seq};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::ReportBody;
use crate::auth::AdminUser;
use crate::db::admin_acts::{self, Act};
use crate::db::reports::{self, Case, Words};
use crate::db::users::User;
use crate::http::admin::acts::{ActBody, Deed, logged};
use crate::http::body::PathId;
use crate::problem::Problem;
use crate::state::AppState;

/// Messages before the reported one that are shown with it, and after it.
const BEFORE_MAX: u32 = 5;
const AFTER_MAX: u32 = 5;
/// Messages that are shown where the conversation as a whole was reported: its end.
const LATEST_MAX: u32 = 20;
/// Acts on one report that are shown, the newest ones.
const ACTS_MAX: u32 = 100;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportFile)]
pub struct FileBody {
    #[serde(flatten)]
    report: ReportBody,
    /// The reported message and those around it, oldest first; the end of the conversation where all of it was reported.
    messages: Vec<WordsBody>,
    /// The reported message as it was when it was reported, where it reads otherwise now, or was taken back; else null.
    as_reported: Option<AsReportedBody>,
    acts: Vec<ActBody>,
}

/// A message, as far as it says what happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportedMessage)]
struct WordsBody {
    id: Uuid,
    sender_id: Uuid,
    /// Empty once its sender took it back.
    content: String,
    /// Whether a picture is with it.
    has_image: bool,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    edited: bool,
    deleted: bool,
    /// Whether this is the one.
    reported: bool,
}

/// What is kept of the reported message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportedWords)]
struct AsReportedBody {
    content: String,
    /// Whether a picture was with it; the report's `image/` has it.
    has_image: bool,
}

/// A report, and what is needed to judge it.
#[derive(Debug)]
pub struct File {
    /// Who complains about whom, and why.
    pub case: Case,
    /// The words, oldest first.
    pub messages: Vec<Message>,
    /// The reported message as it was then, where it is not so any more.
    pub as_reported: Option<Words>,
    /// What administrators did about it, newest first.
    pub acts: Vec<Act>,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/reports/{id}",
    operation_id = "admin_report",
    tag = "admin",
    summary = "One report with the words that it is about; that they were read is logged",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The report")),
    responses((status = 200, description = "All that is needed to judge it", body = FileBody)),
)]
pub async fn show(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    PathId(id): PathId,
) -> Result<Json<FileBody>, Problem> {
    Ok(Json(FileBody::from(file(&state, &admin, id).await?)))
}

/// Reads a report with its words, and writes down that somebody did.
pub async fn file(state: &AppState, admin: &User, id: Uuid) -> Result<File, Problem> {
    let case = reports::lookup(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    let shared = state.clone();
    let (conversation, message) = (ConversationId(case.pairing.id), case.report.message_id);
    let reading = async move { words(&shared, conversation, message).await };
    let deed = Deed { act: "open_report", subject: id.to_string(), reason: String::new() };
    let outcome = |messages: &Vec<Message>| format!("{} messages", messages.len());
    let messages = logged(state, admin, deed, reading, outcome).await?;
    let acts = admin_acts::list_on(&state.db, &id.to_string(), ACTS_MAX).await?;
    let kept = reports::words(&state.db, id).await?;
    let now = messages.iter().find(|message| Some(message.id.0) == case.report.message_id);
    let as_reported = kept.filter(|kept| now.is_none_or(|now| now.deleted || now.content != kept.content));
    Ok(File { case, messages, as_reported, acts })
}

async fn words(
    state: &AppState,
    conversation: ConversationId,
    message: Option<Uuid>,
) -> Result<Vec<Message>, Problem> {
    let store = state.chat.engine.store();
    let seq = match message {
        Some(id) => {
            let message = store.message(MessageId(id)).await.map_err(Problem::unavailable)?;
            message.filter(|message| message.conversation == conversation).map(|message| message.seq)
        }
        None => None,
    };
    let Some(seq) = seq else {
        let latest = store.history(conversation, Page::LATEST, LATEST_MAX).await;
        return Ok(latest.map_err(Problem::unavailable)?.messages);
    };
    let before = store.history(conversation, Page::Before(Seq(seq.0.saturating_add(1))), BEFORE_MAX + 1);
    let mut messages = before.await.map_err(Problem::unavailable)?.messages;
    let after = store.history(conversation, Page::After(seq), AFTER_MAX).await;
    messages.extend(after.map_err(Problem::unavailable)?.messages);
    Ok(messages)
}

impl From<File> for FileBody {
    fn from(file: File) -> Self {
        let about = file.case.report.message_id;
        let words = |message: Message| WordsBody {
            id: message.id.0,
            sender_id: message.sender.0,
            content: message.content,
            has_image: message.image.is_some(),
            timestamp: message.posted_at,
            edited: message.edited_at.is_some(),
            deleted: message.deleted,
            reported: Some(message.id.0) == about,
        };
        Self {
            report: ReportBody::from(file.case),
            messages: file.messages.into_iter().map(words).collect(),
            as_reported: file.as_reported.map(AsReportedBody::from),
            acts: file.acts.into_iter().map(ActBody::from).collect(),
        }
    }
}

impl From<Words> for AsReportedBody {
    fn from(words: Words) -> Self {
        Self { content: words.content, has_image: words.image.is_some() }
    }
}
