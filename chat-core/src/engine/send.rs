//! Posts, edits and deletes: one path for every transport.

use std::sync::Arc;

use jiff::SignedDuration;

use super::{ChatEngine, Inner, push::later};
use crate::{
    Action, Append, Appended, ChatError, ChatStore, ClientMessageId, ConversationId, Encoder, Message, Op,
    Principal, StoreError, bus::Hint,
};

/// An entry that someone wants to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// To which conversation.
    pub conversation: ConversationId,
    /// The sender's own name for it: the same name again is the same entry.
    pub client_id: ClientMessageId,
    /// What it does. Text is trimmed.
    pub op: Op,
}

/// A message that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The message as it now reads.
    pub message: Message,
    /// An earlier try had stored it.
    pub duplicate: bool,
}

impl<S: ChatStore, E: Encoder> ChatEngine<S, E> {
    /// Adds an entry. Once this returns `Ok` the entry is durable.
    ///
    /// Dropping the future does not take the wish back: once it reached the store it is stored and told.
    ///
    /// # Errors
    /// Any [`ChatError`]; [`ChatError::retry_ms`] says whether to repeat the same wish.
    pub async fn append(&self, who: &Principal, mut wish: Wish) -> Result<Appended, ChatError> {
        let inner = &self.inner;
        let now = inner.now();
        inner.validate(&mut wish.op)?;
        inner.sends.take(who.user, now).map_err(|retry_ms| ChatError::RateLimited { retry_ms })?;
        inner.check(who, wish.conversation, Action::Send).await?;
        let window_s = i64::try_from(inner.limits.change_window_s).unwrap_or(i64::MAX);
        let item = Append {
            conversation: wish.conversation,
            by: who.user,
            client_id: wish.client_id,
            message: inner.ids.message_id(now),
            at: now,
            op: wish.op,
            target_not_before: now.checked_sub(SignedDuration::from_secs(window_s)).ok(),
            push_due: inner.limits.push_after_ms.map(|after_ms| later(now, after_ms)),
        };
        // A task of its own: when the caller goes away between the commit and the telling, the rooms of
        // this node still hear of the entry at once.
        let stored = tokio::spawn(Inner::store_and_tell(Arc::clone(inner), item));
        stored
            .await
            .map_err(|panicked| ChatError::Unavailable(StoreError::Unavailable(Box::new(panicked))))?
    }

    /// Adds an entry and answers with the message it concerns, as it now reads.
    ///
    /// # Errors
    /// As [`ChatEngine::append`].
    pub async fn send(&self, who: &Principal, wish: Wish) -> Result<Sent, ChatError> {
        let appended = self.append(who, wish).await?;
        let duplicate = appended.duplicate;
        let fresh_post = if duplicate { None } else { Message::from_post(&appended.event) };
        let message = match fresh_post {
            Some(message) => message,
            None => self.inner.store.message(appended.event.message).await?.ok_or(ChatError::NotFound)?,
        };
        Ok(Sent { message, duplicate })
    }
}

impl<S: ChatStore, E: Encoder> Inner<S, E> {
    async fn store_and_tell(inner: Arc<Self>, item: Append) -> Result<Appended, ChatError> {
        let mut answers = inner.store.append(vec![item]).await;
        let appended = answers.pop().ok_or(ChatError::Unavailable(StoreError::Inconsistent {
            what: "a store answered fewer items than it was given",
            source: None,
        }))??;
        if !appended.duplicate {
            inner.tell(&appended);
        }
        Ok(appended)
    }

    fn tell(&self, appended: &Appended) {
        let event = &appended.event;
        if let Some(room) = self.hub.room(event.conversation)
            && room.deliver(event)
        {
            self.hub.report_hole(event.conversation);
        }
        self.bus.publish(Hint::Stored { event: Arc::clone(event) });
        if !matches!(event.op, Op::Edit { .. }) {
            for &member in appended.members.iter().filter(|&&member| member != event.by) {
                self.unread_changed(member);
            }
        }
    }

    fn validate(&self, op: &mut Op) -> Result<(), ChatError> {
        let chars_max = self.limits.content_chars_max;
        let (content, may_be_empty) = match op {
            Op::Post { content, image } => {
                let image_bytes = image.as_ref().map_or(1, String::len);
                if image_bytes == 0 || image_bytes > self.limits.image_bytes_max {
                    return Err(ChatError::Invalid {
                        field: "image",
                        reason: "it is no image of this host".into(),
                    });
                }
                (content, image.is_some())
            }
            Op::Edit { content, .. } => (content, false),
            Op::Delete { .. } => return Ok(()),
        };
        let trimmed = content.trim();
        if trimmed.len() != content.len() {
            *content = trimmed.to_owned();
        }
        let fits = (!content.is_empty() || may_be_empty) && content.chars().count() <= chars_max;
        if fits && !content.contains('\0') {
            return Ok(());
        }
        Err(ChatError::Invalid {
            field: "content",
            reason: format!("1 to {chars_max} characters, none of them NUL"),
        })
    }
}
