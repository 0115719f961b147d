//! `GET` and `POST /rooms/{id}/chat/[{client_id}/]block/`, and `POST …/unblock/`: to hear no more from the other, and to
//! take that back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::chat::{Place, with};
use super::shell::{layout, shown_name, to_login};
use crate::auth::MaybeUser;
use crate::http::conversations::block::block_other;
use crate::http::conversations::unblock::unblock_other;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::chat_block::ChatBlockPage;
use crate::ui::{self, Here};

/// Asks, once.
pub async fn show(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    Path(place): Path<Place>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(&place.url())) };
    let talk = place.talk(&state, &user).await?;
    let with_name = shown_name(with(&state, &user, &talk).await?.name);
    let title = t!("block-title", name = with_name.as_str());
    let layout = layout(&state, title, Some(&user), Here::Chats).await?;
    Ok(ui::page(StatusCode::OK, &ChatBlockPage { layout, chat_url: place.url(), with_name }))
}

/// Blocks the other, and goes back to the chat, which says so.
pub async fn submit(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    Path(place): Path<Place>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(&place.url())) };
    block_other(&state, &user, &place.talk(&state, &user).await?).await?;
    Ok(Redirect::to(&format!("{}?done=block", place.url())).into_response())
}

/// Takes one's own block back.
pub async fn take_back(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    Path(place): Path<Place>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(&place.url())) };
    unblock_other(&state, &user, &place.talk(&state, &user).await?).await?;
    Ok(Redirect::to(&format!("{}?done=unblock", place.url())).into_response())
}
