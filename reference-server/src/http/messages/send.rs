//! `POST /api/messages/send/`: post a message, as JSON, or as multipart with a picture in `image`.

use axum::Json;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use chat_core::{ClientMessageId, Op, Seq, Wish};
use serde::Deserialize;
use utoipa::ToSchema;

use super::form;
use crate::auth::CurrentUser;
use crate::chat::{send_with_image, talk, wire::MessageBody};
use crate::db::users::User;
use crate::http::body::{JsonBody, is_multipart};
use crate::http::parts::File;
use crate::openapi::MessageForm;
use crate::problem::{FieldError, Problem};
use crate::state::AppState;

/// What to say, to whom.
#[derive(Deserialize, ToSchema)]
#[schema(as = MessageToSend)]
pub struct SendBody {
    room_id: String,
    client_id: Option<String>,
    content: String,
    client_message_id: Option<String>,
}

/// The route: 201 for a new message, 200 for one that an earlier try had stored.
#[utoipa::path(
    post,
    path = "/api/messages/send",
    operation_id = "send_message",
    tag = "chat",
    summary = "Post a message",
    security(("session" = [])),
    request_body(content((SendBody = "application/json"), (MessageForm = "multipart/form-data"))),
    responses(
        (status = 201, description = "A new message", body = MessageBody),
        (status = 200, description = "What an earlier try had stored", body = MessageBody),
        (status = 402, description = "Not paid for"),
        (status = 403, description = "Blocked"),
        (status = 409, description = "`id_reused`: the id was used for something else"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn send(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    request: Request,
) -> Result<(StatusCode, Json<MessageBody>), Problem> {
    let (body, image) = read(&state, &user, request).await?;
    let client_id = match body.client_message_id {
        Some(text) => ClientMessageId::new(text).map_err(|error| {
            Problem::invalid_fields(vec![FieldError {
                field: "client_message_id",
                message: format!("{error}."),
            }])
        })?,
        None => ClientMessageId::from(state.ids.next_id()),
    };
    let talk = talk(&state, &user, &body.room_id, body.client_id.as_deref()).await?;
    let sent = match image {
        Some(image) => send_with_image(&state, &talk, client_id, body.content, image).await?,
        None => {
            let op = Op::Post { content: body.content, image: None };
            let wish = Wish { conversation: talk.conversation(), client_id, op };
            let sent = state.chat.engine.send(&talk.who, wish).await;
            sent.map_err(|error| talk.problem(&state, error))?
        }
    };
    let status = if sent.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    if !sent.duplicate {
        return Ok((status, Json(MessageBody::new(&talk.pairing, sent.message, Seq::ZERO))));
    }
    let known = state.chat.known(talk.conversation()).await.map_err(|error| talk.problem(&state, error))?;
    Ok((status, Json(MessageBody::of(&talk.pairing, sent.message, &known))))
}

async fn read(state: &AppState, user: &User, request: Request) -> Result<(SendBody, Option<File>), Problem> {
    if !is_multipart(request.headers()) {
        let JsonBody(body) = JsonBody::from_request(request, &()).await?;
        return Ok((body, None));
    }
    let form = form::read(state, user, request).await?;
    let room_id = form.room_id.ok_or_else(|| Problem::invalid_body("The form names no room_id."))?;
    let body = SendBody {
        room_id,
        client_id: form.client_id,
        content: form.content,
        client_message_id: form.client_message_id,
    };
    Ok((body, form.image?))
}
