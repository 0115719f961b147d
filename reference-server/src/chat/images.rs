//! The pictures of messages: kept before the message is, and gone once it is taken back.

use bytes::Bytes;
use chat_core::{Action, ChatError, ChatStore as _, ClientMessageId, MessageId, Op, Sent, Wish};

use super::Talk;
use crate::db::reports;
use crate::http::photos::upload::refusal;
use crate::photos::{MessageFolder, MessageImage};
use crate::problem::Problem;
use crate::state::AppState;

/// Posts a message with a picture. The same try again is the same message.
///
/// # Errors
///
/// The picture's fault, or whatever posting refuses.
pub async fn send_with_image(
    state: &AppState,
    talk: &Talk,
    client_id: ClientMessageId,
    content: String,
    file: Bytes,
) -> Result<Sent, Problem> {
    let refused = |error| talk.problem(state, error);
    let engine = &state.chat.engine;
    // Before a core is busy with it for a while.
    let allowed = engine.check(&talk.who, talk.conversation(), Action::Send).await;
    allowed.map_err(|denied| refused(ChatError::Denied(denied)))?;
    let folder = MessageFolder::of(talk.pairing.id, talk.who.user.0, client_id.as_str());
    let image = state.photos.keep_of_message(folder, file).await.map_err(refusal)?;
    let op = Op::Post { content, image: Some(image.to_string()) };
    engine.send(&talk.who, Wish { conversation: talk.conversation(), client_id, op }).await.map_err(refused)
}

/// The picture of a message, as the store keeps its name.
pub fn image_of(message: &chat_core::Message) -> Option<MessageImage> {
    message.image.as_deref()?.parse().ok()
}

/// Removes the pictures of a message that was taken back, unless it was reported with them: then they are proof, and
/// administrators see them. That nobody else does any more doesn't depend on it.
pub async fn remove_images(state: AppState, id: MessageId) {
    let message = match state.chat.engine.store().message(id).await {
        Ok(Some(message)) => message,
        Ok(None) => return,
        Err(error) => {
            return tracing::warn!(%error, "the pictures of a message that was taken back stay for now");
        }
    };
    match reports::has_picture_of(&state.db, message.conversation.0, id.0).await {
        Ok(false) => {}
        Ok(true) => return,
        Err(error) => {
            return tracing::warn!(%error, "the pictures of a message that was taken back stay for now");
        }
    }
    let folder = MessageFolder::of(message.conversation.0, message.sender.0, message.client_id.as_str());
    if let Err(error) = state.photos.remove_of_message(&folder).await {
        tracing::warn!(%error, "the pictures of a message that was taken back can't be removed");
    }
}
