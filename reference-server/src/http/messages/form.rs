//! A message as a form with files carries it: the API's own, and the page's.

use axum::extract::Request;

use crate::chat::talk;
use crate::db::users::User;
use crate::http::parts::{File, Part, Parts, TEXT_BYTES_MAX, WORD_BYTES_MAX};
use crate::problem::Problem;
use crate::state::AppState;

/// The fields that are known; others are passed over, and of texts that are there twice the last one counts.
pub struct MessageFields {
    pub room_id: Option<String>,
    pub client_id: Option<String>,
    pub content: String,
    pub client_message_id: Option<String>,
    /// Nothing where no file was chosen, for which browsers send an empty one. What is said against the file does
    /// not keep the words beside it from being read.
    pub image: Result<Option<File>, Problem>,
}

/// Reads the form, within the bounds. Where it names its room before the picture, nothing of the picture is read that
/// nobody there would take.
///
/// # Errors
///
/// It is cut off, too large, or no such form; or the caller has no business in its room.
pub async fn read(state: &AppState, user: &User, request: Request) -> Result<MessageFields, Problem> {
    let form = Parts::of(request).await;
    let mut form = form.map_err(|_| Problem::invalid_body("The form has no boundary."))?;
    let mut fields = MessageFields {
        room_id: None,
        client_id: None,
        content: String::new(),
        client_message_id: None,
        image: Ok(None),
    };
    while let Some(part) = form.next().await? {
        match part.name() {
            Some("room_id") => fields.room_id = Some(part.text(WORD_BYTES_MAX).await?),
            Some("client_id") => fields.client_id = Some(part.text(WORD_BYTES_MAX).await?),
            Some("content") => fields.content = part.text(TEXT_BYTES_MAX).await?,
            Some("client_message_id") => fields.client_message_id = Some(part.text(WORD_BYTES_MAX).await?),
            Some("image") if matches!(fields.image, Ok(None)) => {
                may_talk(state, user, &fields).await?;
                fields.image = picture(state, user, part).await;
            }
            _ => part.skip().await?,
        }
    }
    Ok(fields)
}

async fn picture(state: &AppState, user: &User, part: Part<'_>) -> Result<Option<File>, Problem> {
    let file = part.file(&state.uploads, user.id).await?;
    Ok(Some(file).filter(|file| !file.bytes.is_empty()))
}

/// As far as the fields before the picture say where it goes. An owner may name the client behind it.
async fn may_talk(state: &AppState, user: &User, fields: &MessageFields) -> Result<(), Problem> {
    let Some(room) = &fields.room_id else { return Ok(()) };
    match talk(state, user, room, fields.client_id.as_deref()).await {
        Err(problem) if fields.client_id.is_some() || problem.errors().is_empty() => Err(problem),
        _ => Ok(()),
    }
}
