//! `GET /api/admin/reports/{id}/image/`: the picture of the reported message, and of no other, also after it was
//! taken back.

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use chat_core::{ChatStore as _, MessageId};

use crate::auth::AdminUser;
use crate::chat::image_of;
use crate::db::reports::{self, Case};
use crate::http::admin::acts::{Deed, logged};
use crate::http::body::PathId;
use crate::http::photos::jpeg;
use crate::photos::{MessageImage, Size};
use crate::problem::Problem;
use crate::state::AppState;

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/reports/{id}/image",
    operation_id = "admin_report_image",
    tag = "admin",
    summary = "The picture of the reported message; that it was seen is logged",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The report")),
    responses((status = 200, description = "A JPEG", body = Vec<u8>, content_type = "image/jpeg")),
)]
pub async fn image(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    PathId(id): PathId,
) -> Result<Response, Problem> {
    let case = reports::lookup(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    let shared = state.clone();
    let reading = async move { picture(&shared, &case).await };
    let deed = Deed { act: "open_report", subject: id.to_string(), reason: String::new() };
    let bytes = logged(&state, &admin, deed, reading, |_| "the picture".to_owned()).await?;
    Ok(jpeg(bytes, "private, no-store"))
}

async fn picture(state: &AppState, case: &Case) -> Result<Bytes, Problem> {
    let image = image_in(state, case).await?.ok_or_else(Problem::not_found)?;
    let bytes = state.photos.read_of_message(&image, Size::Large).await.map_err(Problem::unavailable)?;
    bytes.ok_or_else(Problem::not_found)
}

/// As it was reported; a report from before that was kept has what the message has now.
async fn image_in(state: &AppState, case: &Case) -> Result<Option<MessageImage>, Problem> {
    let Some(message) = case.report.message_id else { return Ok(None) };
    if let Some(words) = reports::words(&state.db, case.report.id).await? {
        return Ok(words.image.and_then(|image| image.parse().ok()));
    }
    let message =
        state.chat.engine.store().message(MessageId(message)).await.map_err(Problem::unavailable)?;
    Ok(message.filter(|message| message.conversation.0 == case.pairing.id).as_ref().and_then(image_of))
}
