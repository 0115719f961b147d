//! `GET` and `POST /rooms/{id}/chat/[{client_id}/]report/`: an admin should look at this, without JavaScript.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::chat::{Place, with};
use super::shell::{field_errors, layout, shown_name, to_login};
use crate::auth::MaybeUser;
use crate::chat::Talk;
use crate::db::users::User;
use crate::http::body::{FormBody, QueryOf};
use crate::http::conversations::report::report_in;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::chat_report::{ChatReportPage, reason, too_long};
use crate::ui::{self, Field, FieldErrors, Here};

/// About which message; about the conversation as a whole when that is empty, as an unused field of a form is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct About {
    message_id: String,
}

/// What the form posts.
#[derive(Deserialize)]
pub struct Posted {
    #[serde(default)]
    message_id: String,
    #[serde(default)]
    reason: String,
}

/// The form.
pub async fn show(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    Path(place): Path<Place>,
    QueryOf(about): QueryOf<About>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(&place.url())) };
    let talk = place.talk(&state, &user).await?;
    let reason = reason("", &FieldErrors::default());
    let page = page(&state, &user, &place, &talk, (about.message_id, reason)).await?;
    Ok(ui::page(StatusCode::OK, &page))
}

/// Takes the report, or says what has to be mended.
pub async fn submit(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    Path(place): Path<Place>,
    FormBody(posted): FormBody<Posted>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(&place.url())) };
    let talk = place.talk(&state, &user).await?;
    let message = Some(posted.message_id.as_str()).filter(|id| !id.is_empty());
    let Err(problem) = report_in(&state, &user, &talk, message, &posted.reason).await else {
        return Ok(Redirect::to(&format!("{}?done=report", place.url())).into_response());
    };
    if field_errors(&problem).of("reason").is_none() {
        return Err(problem);
    }
    let reason = reason(&posted.reason, &too_long());
    let page = page(&state, &user, &place, &talk, (posted.message_id, reason)).await?;
    Ok(ui::page(problem.status(), &page))
}

async fn page(
    state: &AppState,
    user: &User,
    place: &Place,
    talk: &Talk,
    (message_id, reason): (String, Field),
) -> Result<ChatReportPage, Problem> {
    let with_name = shown_name(with(state, user, talk).await?.name);
    let title = t!("report-person-title", name = with_name.as_str());
    let layout = layout(state, title, Some(user), Here::Chats).await?;
    Ok(ChatReportPage { layout, chat_url: place.url(), with_name, message_id, reason })
}

/// Silent about the reason: a person's words are in no log.
impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Posted").finish_non_exhaustive()
    }
}
