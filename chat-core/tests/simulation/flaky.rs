//! The store of the simulation: at times it does not answer, and then nobody knows whether it did what it was asked.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use chat_core::{
    Append, Appended, ChatStore, Conversation, ConversationId, Epoch, Event, Head, HistoryPage, InboxCursor,
    InboxEntry, Mark, MemoryStore, Message, MessageId, Page, PushJob, PushOutcome, Seq, StoreError, UserId,
};
use jiff::Timestamp;

use crate::world::Random;

#[derive(Clone)]
pub(crate) struct Flaky {
    pub(crate) inner: MemoryStore,
    restored: Arc<AtomicU64>,
    trouble: Arc<Mutex<(Random, bool)>>,
}

impl Flaky {
    pub(crate) fn new(random: Random) -> Self {
        Self {
            inner: MemoryStore::new(),
            restored: Arc::default(),
            trouble: Arc::new(Mutex::new((random, false))),
        }
    }

    /// As if it came from a backup: the same entries, but nobody can rely on it. No node may have it open.
    pub(crate) fn restore(&self) {
        self.restored.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn set_troubled(&self, troubled: bool) {
        self.trouble.lock().unwrap().1 = troubled;
    }

    /// One of so many, while there is trouble.
    fn strikes(&self, of: u64) -> bool {
        let mut trouble = self.trouble.lock().unwrap();
        trouble.1 && trouble.0.below(of) == 0
    }

    fn answer<T>(&self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        if self.strikes(3) { Err(silence()) } else { answer }
    }
}

fn silence() -> StoreError {
    StoreError::Unavailable(Box::new(std::io::Error::other("no answer")))
}

impl ChatStore for Flaky {
    fn epoch(&self) -> Epoch {
        Epoch(self.inner.epoch().0 + self.restored.load(Ordering::SeqCst))
    }

    async fn create_conversation(
        &self,
        id: ConversationId,
        members: &[UserId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.inner.create_conversation(id, members, at).await
    }

    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        self.answer(self.inner.conversation(id).await)
    }

    async fn append(&self, batch: Vec<Append>) -> Vec<Result<Appended, StoreError>> {
        if self.strikes(4) {
            return batch.iter().map(|_| Err(silence())).collect();
        }
        let answers = self.inner.append(batch).await;
        // Stored, but the answer is lost on its way.
        answers.into_iter().map(|answer| self.answer(answer)).collect()
    }

    async fn log(&self, id: ConversationId, page: Page, limit: u32) -> Result<Vec<Event>, StoreError> {
        self.answer(self.inner.log(id, page, limit).await)
    }

    async fn history(&self, id: ConversationId, page: Page, limit: u32) -> Result<HistoryPage, StoreError> {
        self.inner.history(id, page, limit).await
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        self.inner.message(id).await
    }

    async fn heads(&self, ids: &[ConversationId]) -> Result<Vec<Head>, StoreError> {
        self.answer(self.inner.heads(ids).await)
    }

    async fn mark(&self, id: ConversationId, user: UserId, read: Seq) -> Result<Mark, StoreError> {
        self.answer(self.inner.mark(id, user, read).await)
    }

    async fn inbox(
        &self,
        user: UserId,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Result<Vec<InboxEntry>, StoreError> {
        self.inner.inbox(user, after, limit).await
    }

    async fn unread(&self, user: UserId) -> Result<u64, StoreError> {
        self.inner.unread(user).await
    }

    async fn claim_push(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<PushJob>, StoreError> {
        self.inner.claim_push(now, until, limit).await
    }

    async fn finish_push(&self, job: &PushJob, outcome: PushOutcome) -> Result<(), StoreError> {
        self.inner.finish_push(job, outcome).await
    }

    async fn purge(&self, id: ConversationId, up_to: Seq) -> Result<u64, StoreError> {
        self.inner.purge(id, up_to).await
    }
}
