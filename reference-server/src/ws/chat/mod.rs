//! `ws/chat/{room_id}/`: one conversation, live.

mod driver;
mod frames;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use chat_core::{Cursor, Epoch, Seq};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::auth::CurrentUser;
use crate::chat::{principal, talk};
use crate::http::body::{PathText, QueryOf};
use crate::origin;
use crate::problem::Problem;
use crate::state::AppState;

/// The read buffer is there from the beginning and decides what an idle connection costs: by default it is 128 KiB.
const READ_BUFFER_BYTES: usize = 1024;
/// Frames gather up to here before they are written; the buffer grows only when there is something to write. With the
/// frame that goes over it, it is what a peer that does not read has waiting in the process. A little below a power of
/// two, where the buffer would double.
const WRITE_BUFFER_BYTES: usize = 7 * 1024;
/// More than that is never tried: a frame of our own has at most four bytes for each character of a text, and escapes.
const WRITE_BUFFER_BYTES_MAX: usize = 128 * 1024;
/// The largest frame that a client may send.
pub const FRAME_BYTES_MAX: usize = 16 * 1024;

/// Which client, and where the connection broke off.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChatQuery {
    client_id: Option<String>,
    epoch: Option<u64>,
    after: Option<u64>,
}

/// The route. Everything that can be refused is refused before the upgrade.
#[utoipa::path(
    get,
    path = "/ws/chat/{room_id}",
    operation_id = "chat_socket",
    tag = "sockets",
    summary = "WebSocket: one conversation, live",
    security(("session" = [])),
    params(("room_id" = Uuid, Path, description = "The room"), ChatQuery),
    responses(
        (status = 101, description = "Upgraded"),
        (status = 402, description = "Not paid for"),
    ),
)]
#[expect(clippy::too_many_arguments, reason = "one argument an extractor")]
pub async fn chat(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathText(room): PathText,
    QueryOf(query): QueryOf<ChatQuery>,
    jar: CookieJar,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    origin::check(&state, &headers)?;
    let talk = talk(&state, &user, &room, query.client_id.as_deref()).await?;
    let who = principal(&state, &jar, user.id);
    // Without an epoch the cursor belongs to no log that is known, so the peer starts over.
    let resume =
        query.after.map(|after| Cursor { epoch: Epoch(query.epoch.unwrap_or(0)), after: Seq(after) });
    let session = state.chat.engine.open(&who, talk.conversation(), talk.pairing, resume).await;
    let session = session.map_err(|error| talk.problem(&state, error))?;
    let bounded = upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
        .max_message_size(FRAME_BYTES_MAX)
        .max_frame_size(FRAME_BYTES_MAX);
    let opening = driver::Opening::new(session, &talk.pairing, state);
    Ok(bounded.on_upgrade(move |socket| opening.serve(socket)))
}
