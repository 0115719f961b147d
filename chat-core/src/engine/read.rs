//! Reading: history, inbox, unread counts.

use super::ChatEngine;
use crate::{
    Action, ChatError, ChatStore, Conversation, ConversationId, Encoder, Epoch, HistoryPage, InboxCursor,
    InboxEntry, Message, MessageId, Page, Principal, UserId,
};

/// A page of a conversation together with where its log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The messages.
    pub page: HistoryPage,
    /// Head and read marks, read *before* the page: who resumes after this head misses nothing.
    pub conversation: Conversation,
    /// The identity of the log.
    pub epoch: Epoch,
}

impl<S: ChatStore, E: Encoder> ChatEngine<S, E> {
    /// A page of messages as they now read, ascending, at most `limit` (and never more than the limits allow).
    ///
    /// # Errors
    /// [`ChatError::Denied`] or [`ChatError::Unavailable`].
    pub async fn history(
        &self,
        who: &Principal,
        conversation: ConversationId,
        page: Page,
        limit: u32,
    ) -> Result<History, ChatError> {
        let store = &self.inner.store;
        self.inner.check(who, conversation, Action::Read).await?;
        let known = self.require(who.user, conversation).await?;
        let page = store.history(conversation, page, self.limit(limit)).await?;
        Ok(History { page, conversation: known, epoch: store.epoch() })
    }

    /// One message, if the caller takes part in its conversation.
    ///
    /// # Errors
    /// [`ChatError::NotFound`] also for what the caller may not know exists.
    pub async fn message(&self, who: &Principal, id: MessageId) -> Result<Message, ChatError> {
        let message = self.inner.store.message(id).await?.ok_or(ChatError::NotFound)?;
        let known = self.inner.store.conversation(message.conversation).await?;
        if !known.is_some_and(|known| known.has_member(who.user)) {
            return Err(ChatError::NotFound);
        }
        self.inner.check(who, message.conversation, Action::Read).await?;
        Ok(message)
    }

    /// The user's conversations, newest activity first. Access to each is the host's question: the policy is
    /// not asked here.
    ///
    /// # Errors
    /// [`ChatError::Unavailable`].
    pub async fn inbox(
        &self,
        user: UserId,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Result<Vec<InboxEntry>, ChatError> {
        Ok(self.inner.store.inbox(user, after, self.limit(limit)).await?)
    }

    /// The user's unread posts in all conversations.
    ///
    /// # Errors
    /// [`ChatError::Unavailable`].
    pub async fn unread(&self, user: UserId) -> Result<u64, ChatError> {
        Ok(self.inner.store.unread(user).await?)
    }

    fn limit(&self, wanted: u32) -> u32 {
        wanted.clamp(1, self.inner.limits.page_items_max)
    }

    async fn require(&self, user: UserId, id: ConversationId) -> Result<Conversation, ChatError> {
        let known = self.inner.store.conversation(id).await?.filter(|known| known.has_member(user));
        known.ok_or(ChatError::Denied(crate::Denied::NotMember))
    }
}
