//! Posts, edits and deletes: one path for every transport.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};

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
    pub async fn append(&self, who: &Principal, wish: Wish) -> Result<Appended, ChatError> {
        let Wish { conversation, client_id, op } = wish;
        let mut answers = self.append_all(who, conversation, vec![(client_id, op)]).await;
        answers.pop().unwrap_or_else(|| Err(short_answer()))
    }

    /// Adds several entries in the given order and answers each in its place, as [`ChatEngine::append`] would. They
    /// are checked once and stored as one batch; one that is refused does not hold up the others.
    pub async fn append_all(
        &self,
        who: &Principal,
        conversation: ConversationId,
        wishes: Vec<(ClientMessageId, Op)>,
    ) -> Vec<Result<Appended, ChatError>> {
        let inner = &self.inner;
        let now = inner.now();
        let mut items = Vec::with_capacity(wishes.len());
        let mut admitted = Vec::with_capacity(wishes.len());
        for (client_id, op) in wishes {
            admitted.push(match inner.admit(who, Wish { conversation, client_id, op }, now) {
                Ok(item) => {
                    items.push(item);
                    Ok(())
                }
                Err(error) => Err(error),
            });
        }
        if items.is_empty() {
            return in_place(admitted, Vec::new());
        }
        if let Err(denied) = inner.policy.check(who, conversation, Action::Send).await {
            let denials = items.iter().map(|_| Err(ChatError::Denied(denied))).collect();
            return in_place(admitted, denials);
        }
        // A task of its own: when the caller goes away between the commit and the telling, the rooms of
        // this node still hear of the entries at once.
        let stored = tokio::spawn(Inner::store_and_tell(Arc::clone(inner), items)).await;
        let stored = stored.unwrap_or_else(|panicked| {
            tracing::error!(%panicked, "a batch ended without an answer");
            Vec::new()
        });
        in_place(admitted, stored)
    }

    /// Adds an entry and answers with the message it concerns, as it now reads.
    ///
    /// # Errors
    /// As [`ChatEngine::append`].
    pub async fn send(&self, who: &Principal, wish: Wish) -> Result<Sent, ChatError> {
        let appended = self.append(who, wish).await?;
        let duplicate = appended.duplicate;
        let post = Message::from_post(&appended.event);
        if let Some(message) = post.as_ref().filter(|_| !duplicate) {
            return Ok(Sent { message: message.clone(), duplicate });
        }
        // A post that was purged meanwhile is still known by its entry, without its words.
        let message = self.inner.store.message(appended.event.message).await?.or(post);
        Ok(Sent { message: message.ok_or(ChatError::NotFound)?, duplicate })
    }
}

impl<S: ChatStore, E: Encoder> Inner<S, E> {
    /// What can be refused without asking anybody.
    fn admit(&self, who: &Principal, wish: Wish, now: Timestamp) -> Result<Append, ChatError> {
        let Wish { conversation, client_id, mut op } = wish;
        self.validate(&mut op)?;
        self.sends.take(who.user, now).map_err(|retry_ms| ChatError::RateLimited { retry_ms })?;
        let window_s = i64::try_from(self.limits.change_window_s).unwrap_or(i64::MAX);
        Ok(Append {
            conversation,
            by: who.user,
            client_id,
            message: self.ids.message_id(now),
            at: now,
            op,
            target_not_before: now.checked_sub(SignedDuration::from_secs(window_s)).ok(),
            push_due: self.limits.push_after_ms.map(|after_ms| later(now, after_ms)),
        })
    }

    async fn store_and_tell(inner: Arc<Self>, items: Vec<Append>) -> Vec<Result<Appended, ChatError>> {
        let answers = inner.store.append(items).await;
        let fresh: Vec<&Appended> = answers.iter().flatten().filter(|appended| !appended.duplicate).collect();
        inner.tell(&fresh);
        answers.into_iter().map(|answer| answer.map_err(ChatError::from)).collect()
    }

    /// Tells the sessions of this node and the other nodes about entries of one conversation.
    fn tell(&self, fresh: &[&Appended]) {
        let Some(first) = fresh.first() else { return };
        let conversation = first.event.conversation;
        if let Some(room) = self.hub.room(conversation)
            && room.deliver(fresh.iter().map(|appended| &appended.event))
        {
            self.hub.report_hole(conversation);
        }
        let mut counted = BTreeSet::new();
        for appended in fresh {
            let event = &appended.event;
            self.bus.publish(Hint::Stored { event: Arc::clone(event) });
            if !matches!(event.op, Op::Edit { .. }) {
                counted.extend(appended.members.iter().filter(|&&member| member != event.by));
            }
        }
        for member in counted {
            self.unread_changed(member);
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

/// The store's answers in the places of those that were admitted.
fn in_place(
    admitted: Vec<Result<(), ChatError>>,
    stored: Vec<Result<Appended, ChatError>>,
) -> Vec<Result<Appended, ChatError>> {
    let mut stored = stored.into_iter();
    let mut answer = |()| stored.next().unwrap_or_else(|| Err(short_answer()));
    admitted.into_iter().map(|admitted| admitted.and_then(&mut answer)).collect()
}

fn short_answer() -> ChatError {
    ChatError::Unavailable(StoreError::Inconsistent {
        what: "a store answered fewer items than it was given",
        source: None,
    })
}
