//! The pictures of messages: kept before the message is, and gone once it is taken back. Each is noted before it is
//! written, so that the sweep finds those that no message came to show.

use chat_core::{Action, ChatError, ChatStore as _, ClientMessageId, Message, MessageId, Op, Sent, Wish};

use super::Talk;
use crate::db::message_pictures::{self, Named};
use crate::db::reports;
use crate::http::parts::File;
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
    file: File,
) -> Result<Sent, Problem> {
    let refused = |error| talk.problem(state, error);
    let engine = &state.chat.engine;
    // Before a core is busy with it for a while.
    let allowed = engine.check(&talk.who, talk.conversation(), Action::Send).await;
    allowed.map_err(|denied| refused(ChatError::Denied(denied)))?;
    let named = Named {
        conversation: talk.pairing.id,
        sender: talk.who.user.0,
        client_message_id: client_id.as_str().to_owned(),
    };
    let noted = state.clock.now();
    message_pictures::note(&state.db, &named, noted).await?;
    let image = state.photos.keep_of_message(folder_of(&named), file.bytes.clone()).await.map_err(refusal)?;
    let image = image.to_string();
    let op = Op::Post { content, image: Some(image.clone()) };
    let wish = Wish { conversation: talk.conversation(), client_id, op };
    let sent = engine.send(&talk.who, wish).await.map_err(refused)?;
    // A try that came after the message was taken back has written its picture again: it stays noted.
    if sent.message.image == Some(image)
        && let Err(error) = message_pictures::settle(&state.db, &named, noted).await
    {
        tracing::warn!(%error, "the picture of a message stays noted for the sweep");
    }
    Ok(sent)
}

/// The picture of a message, as the store keeps its name.
pub fn image_of(message: &Message) -> Option<MessageImage> {
    message.image.as_deref()?.parse().ok()
}

/// The folder of a message's pictures.
pub fn folder_of(message: &Named) -> MessageFolder {
    MessageFolder::of(message.conversation, message.sender, &message.client_message_id)
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
    let named = Named {
        conversation: message.conversation.0,
        sender: message.sender.0,
        client_message_id: message.client_id.as_str().to_owned(),
    };
    if let Err(error) = state.photos.remove_of_message(&folder_of(&named)).await {
        tracing::warn!(%error, "the pictures of a message that was taken back can't be removed");
    }
}
