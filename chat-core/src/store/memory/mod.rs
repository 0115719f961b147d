//! The reference store: everything in memory, readable before fast. It forgets when the process ends.

mod log;
mod push;
mod read;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use self::{log::Log, push::Pushes};
use super::{ChatStore, Page, StoreError};
use crate::{
    Append, Appended, Conversation, ConversationId, Epoch, Event, Head, HistoryPage, InboxCursor, InboxEntry,
    Mark, Member, Message, MessageId, PushJob, PushOutcome, Seq, UserId,
};

/// A store in memory. Clones share the data.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    // A std mutex: it is never held across an await, and no operation under it waits for anything.
    state: Arc<Mutex<State>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held can only come from a bug in a read; the data is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChatStore for MemoryStore {
    fn epoch(&self) -> Epoch {
        Epoch(1)
    }

    async fn create_conversation(
        &self,
        id: ConversationId,
        members: &[UserId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let wanted: BTreeMap<UserId, Member> =
            members.iter().map(|&user| (user, Member { user, read: Seq::ZERO })).collect();
        let mut state = self.state();
        match state.logs.get(&id) {
            None => {
                state.logs.insert(id, Log::new(id, wanted, at));
                Ok(())
            }
            Some(log) if log.members.keys().eq(wanted.keys()) => Ok(()),
            Some(_) => Err(StoreError::MembersDiffer),
        }
    }

    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        Ok(self.state().logs.get(&id).map(Log::conversation))
    }

    async fn append(&self, batch: Vec<Append>) -> Vec<Result<Appended, StoreError>> {
        let mut state = self.state();
        batch.into_iter().map(|item| state.append(item)).collect()
    }

    async fn log(
        &self,
        conversation: ConversationId,
        page: Page,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        Ok(self.state().log(conversation)?.page(page, limit))
    }

    async fn history(
        &self,
        conversation: ConversationId,
        page: Page,
        limit: u32,
    ) -> Result<HistoryPage, StoreError> {
        Ok(self.state().log(conversation)?.history(page, limit))
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        let state = self.state();
        let Some((conversation, seq)) = state.messages.get(&id) else { return Ok(None) };
        Ok(state.log(*conversation)?.message(*seq))
    }

    async fn heads(&self, conversations: &[ConversationId]) -> Result<Vec<Head>, StoreError> {
        let state = self.state();
        Ok(conversations.iter().filter_map(|id| state.logs.get(id)).map(Log::head).collect())
    }

    async fn mark(&self, conversation: ConversationId, user: UserId, read: Seq) -> Result<Mark, StoreError> {
        let mut state = self.state();
        state.logs.get_mut(&conversation).ok_or(StoreError::UnknownConversation)?.mark(user, read)
    }

    async fn inbox(
        &self,
        user: UserId,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Result<Vec<InboxEntry>, StoreError> {
        Ok(self.state().inbox(user, after, limit))
    }

    async fn unread(&self, user: UserId) -> Result<u64, StoreError> {
        let state = self.state();
        Ok(state
            .logs
            .values()
            .filter(|log| log.members.contains_key(&user))
            .map(|log| log.unread(user))
            .sum())
    }

    async fn claim_push(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<PushJob>, StoreError> {
        let mut state = self.state();
        let State { logs, pushes, .. } = &mut *state;
        let unread = |user, id| logs.get(&id).map_or(0, |log| log.unread(user));
        Ok(pushes.claim(now, leased_until, limit, unread))
    }

    async fn finish_push(&self, job: &PushJob, outcome: PushOutcome) -> Result<(), StoreError> {
        self.state().pushes.finish(job, outcome);
        Ok(())
    }

    async fn purge(&self, conversation: ConversationId, up_to: Seq) -> Result<u64, StoreError> {
        let mut state = self.state();
        Ok(state.logs.get_mut(&conversation).ok_or(StoreError::UnknownConversation)?.purge(up_to))
    }
}

#[derive(Debug, Default)]
struct State {
    logs: HashMap<ConversationId, Log>,
    pushes: Pushes,
    messages: HashMap<MessageId, (ConversationId, Seq)>,
}

impl State {
    fn log(&self, id: ConversationId) -> Result<&Log, StoreError> {
        self.logs.get(&id).ok_or(StoreError::UnknownConversation)
    }

    fn append(&mut self, item: Append) -> Result<Appended, StoreError> {
        let log = self.logs.get_mut(&item.conversation).ok_or(StoreError::UnknownConversation)?;
        let push_due = item.push_due;
        let appended = log.append(item)?;
        if appended.event.op.target().is_none() {
            let event = &appended.event;
            self.messages.insert(event.message, (event.conversation, event.seq));
            if let (Some(due), false) = (push_due, appended.duplicate) {
                self.pushes.enter(&appended, due);
            }
        }
        Ok(appended)
    }
}
