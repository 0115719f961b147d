//! Read marks and typing: states, not entries.

use super::ChatEngine;
use crate::{Action, ChatError, ChatStore, ConversationId, Denied, Encoder, Mark, Principal, Seq, bus::Hint};

impl<S: ChatStore, E: Encoder> ChatEngine<S, E> {
    /// Moves the caller's read mark to `up_to`, or to the last entry. It never moves backwards.
    ///
    /// # Errors
    /// [`ChatError::Denied`] or [`ChatError::Unavailable`].
    pub async fn mark_read(
        &self,
        who: &Principal,
        conversation: ConversationId,
        up_to: Option<Seq>,
    ) -> Result<Mark, ChatError> {
        let inner = &self.inner;
        inner.check(who, conversation, Action::Read).await?;
        let mark = inner.store.mark(conversation, who.user, up_to.unwrap_or(Seq(u64::MAX))).await?;
        if mark.advanced {
            if let Some(room) = inner.hub.room(conversation) {
                room.mark(who.user, mark.read, mark.revision);
            }
            let (user, read, revision) = (who.user, mark.read, mark.revision);
            inner.bus.publish(Hint::Marked { conversation, user, read, revision });
            inner.unread_changed(user);
        }
        Ok(mark)
    }

    /// Tells the others that the caller is writing, at most every so often; it fades by itself.
    ///
    /// # Errors
    /// [`ChatError::Denied`].
    pub async fn typing(&self, who: &Principal, conversation: ConversationId) -> Result<(), ChatError> {
        let inner = &self.inner;
        let access = inner.policy.check(who, conversation, Action::Send).await;
        access.map_err(|denied: Denied| ChatError::Denied(denied))?;
        let Some(room) = inner.hub.room(conversation) else { return Ok(()) };
        if room.typing(who.user, inner.now()) {
            inner.bus.publish(Hint::Typing { conversation, user: who.user });
        }
        Ok(())
    }
}
