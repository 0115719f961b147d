//! Retention: ending the life of old entries.

use super::ChatEngine;
use crate::{ChatError, ChatStore, ConversationId, Encoder, Seq};

impl<S: ChatStore, E: Encoder> ChatEngine<S, E> {
    /// Erases everything up to and including `up_to`, and answers how many entries that were. Whose cursor lies
    /// before it starts over; other nodes follow within a sweep.
    ///
    /// It asks no policy: how long messages are kept is the host's business, not a member's.
    ///
    /// # Errors
    /// [`ChatError::Denied`] when there is no such conversation, or [`ChatError::Unavailable`].
    pub async fn purge(&self, conversation: ConversationId, up_to: Seq) -> Result<u64, ChatError> {
        let purged = self.inner.store.purge(conversation, up_to).await?;
        if purged > 0
            && let Some(room) = self.inner.hub.room(conversation)
            && let Some(head) = self.inner.store.heads(&[conversation]).await?.first()
        {
            room.forget_before(head.oldest);
        }
        Ok(purged)
    }
}
