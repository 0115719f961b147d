//! The chat's store on whichever database the server has.

use chat_core::postgres::PostgresStore;
use chat_core::sqlite::SqliteStore;
use chat_core::{
    Append, Appended, ChatStore, Conversation, ConversationId, Epoch, Event, Head, HistoryPage, InboxCursor,
    InboxEntry, Mark, Message, MessageId, Page, PushJob, PushOutcome, Seq, StoreError, UserId,
};
use jiff::Timestamp;

use crate::db::{Db, STATEMENTS};

/// One of the two stores; each keeps the whole contract.
#[derive(Debug, Clone)]
pub enum Store {
    /// In the server's file.
    Sqlite(SqliteStore),
    /// In a database that servers share.
    Postgres(PostgresStore),
}

/// Why the chat can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum ChatOpenError {
    /// On SQLite.
    #[error(transparent)]
    Sqlite(#[from] chat_core::sqlite::OpenError),
    /// On PostgreSQL.
    #[error(transparent)]
    Postgres(#[from] chat_core::postgres::OpenError),
}

impl Store {
    /// On migrated tables.
    ///
    /// # Errors
    ///
    /// When the database would not keep what is acknowledged.
    pub async fn open(db: &Db) -> Result<Self, ChatOpenError> {
        Ok(match db {
            Db::Sqlite { writer, reader } => {
                Self::Sqlite(SqliteStore::new(writer.clone(), reader.clone()).await?)
            }
            Db::Postgres(pool) => Self::Postgres(PostgresStore::new(pool.clone()).await?),
        })
    }
}

/// The same call on the store that is there.
macro_rules! on {
    ($self:ident, $store:ident => $call:expr) => {{
        tracing::trace!(target: STATEMENTS, "store");
        match $self {
            Store::Sqlite($store) => $call,
            Store::Postgres($store) => $call,
        }
    }};
}

impl ChatStore for Store {
    fn epoch(&self) -> Epoch {
        on!(self, store => store.epoch())
    }

    async fn create_conversation(
        &self,
        id: ConversationId,
        members: &[UserId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(self, store => store.create_conversation(id, members, at).await)
    }

    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        on!(self, store => store.conversation(id).await)
    }

    async fn append(&self, batch: Vec<Append>) -> Vec<Result<Appended, StoreError>> {
        on!(self, store => store.append(batch).await)
    }

    async fn log(
        &self,
        conversation: ConversationId,
        page: Page,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        on!(self, store => store.log(conversation, page, limit).await)
    }

    async fn history(
        &self,
        conversation: ConversationId,
        page: Page,
        limit: u32,
    ) -> Result<HistoryPage, StoreError> {
        on!(self, store => store.history(conversation, page, limit).await)
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        on!(self, store => store.message(id).await)
    }

    async fn heads(&self, conversations: &[ConversationId]) -> Result<Vec<Head>, StoreError> {
        on!(self, store => store.heads(conversations).await)
    }

    async fn mark(&self, conversation: ConversationId, user: UserId, read: Seq) -> Result<Mark, StoreError> {
        on!(self, store => store.mark(conversation, user, read).await)
    }

    async fn inbox(
        &self,
        user: UserId,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Result<Vec<InboxEntry>, StoreError> {
        on!(self, store => store.inbox(user, after, limit).await)
    }

    async fn unread(&self, user: UserId) -> Result<u64, StoreError> {
        on!(self, store => store.unread(user).await)
    }

    async fn claim_push(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<PushJob>, StoreError> {
        on!(self, store => store.claim_push(now, leased_until, limit).await)
    }

    async fn finish_push(&self, job: &PushJob, outcome: PushOutcome) -> Result<(), StoreError> {
        on!(self, store => store.finish_push(job, outcome).await)
    }

    async fn purge(&self, conversation: ConversationId, up_to: Seq) -> Result<u64, StoreError> {
        on!(self, store => store.purge(conversation, up_to).await)
    }
}
