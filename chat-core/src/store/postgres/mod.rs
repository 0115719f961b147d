//! The `PostgreSQL` store: any number of nodes write the same conversations.
//!
//! # How the order holds
//! A transaction first locks the rows of its conversations, in the order of their ids, and only then looks at what is
//! there: in a statement of its own, whose snapshot is younger than the wait for the lock. The lock is held to the
//! commit, so entries become visible in the order of their seqs, and a reader that follows `seq` skips none.
//!
//! # What an acknowledgement promises
//! With `synchronous_commit` `on` (or stronger) and `fsync` `on`, which are PostgreSQL's defaults, an acknowledged
//! message survives `kill -9` and loss of power. [`PostgresStore::new`] refuses a connection that has less.

mod dialect;
mod no_delay;
mod open;
mod statements;
mod transaction;
// What the SQL stores share is compiled once for each of them, with `dialect` for what differs.
#[path = "../sql/append/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "the same statements on another database")]
mod append;
#[path = "../sql/change.rs"]
#[allow(clippy::duplicate_mod, reason = "the same statements on another database")]
mod change;
#[path = "../sql/conversations.rs"]
#[allow(clippy::duplicate_mod, reason = "the same statements on another database")]
mod conversations;
#[path = "../sql/events.rs"]
#[allow(clippy::duplicate_mod, reason = "the same statements on another database")]
mod events;
#[path = "../sql/inbox.rs"]
#[allow(clippy::duplicate_mod, reason = "the same statements on another database")]
mod inbox;
#[path = "../sql/mark.rs"]
#[allow(clippy::duplicate_mod, reason = "the same statements on another database")]
mod mark;
#[path = "../sql/purge.rs"]
#[allow(clippy::duplicate_mod, reason = "the same statements on another database")]
mod purge;
#[path = "../sql/push.rs"]
#[allow(clippy::duplicate_mod, reason = "the same statements on another database")]
mod push;
#[path = "../sql/rows.rs"]
#[allow(clippy::duplicate_mod, reason = "the same statements on another database")]
mod rows;

use jiff::Timestamp;
use sqlx::PgPool;

pub use self::no_delay::no_delay;
pub use self::open::{OpenError, migrate};
use super::{ChatStore, Page, StoreError, group_commit::Writer};
use crate::{
    Append, Appended, Conversation, ConversationId, Epoch, Event, Head, HistoryPage, InboxCursor, InboxEntry,
    Mark, Message, MessageId, PushJob, PushOutcome, Seq, UserId,
};

/// A store in a PostgreSQL database. Clones share the writer task, which ends after the last of them was dropped and
/// everything that it had accepted was answered.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    epoch: Epoch,
    pool: PgPool,
    writer: Writer,
}

impl PostgresStore {
    /// Opens the store on migrated tables, within a Tokio runtime.
    ///
    /// # Errors
    /// [`OpenError`] when the server would lose acknowledged messages with its power, or the tables are not there.
    pub async fn new(pool: PgPool) -> Result<Self, OpenError> {
        let epoch = open::check(&pool).await?;
        Ok(Self { epoch, pool: pool.clone(), writer: Writer::start(transaction::Database(pool)) })
    }
}

impl ChatStore for PostgresStore {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    async fn create_conversation(
        &self,
        id: ConversationId,
        members: &[UserId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        conversations::create(&self.pool, id, members, at).await
    }

    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        conversations::conversation(&self.pool, id).await
    }

    async fn append(&self, batch: Vec<Append>) -> Vec<Result<Appended, StoreError>> {
        self.writer.append(batch).await
    }

    async fn log(
        &self,
        conversation: ConversationId,
        page: Page,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        events::log(&self.pool, conversation, page, limit).await
    }

    async fn history(
        &self,
        conversation: ConversationId,
        page: Page,
        limit: u32,
    ) -> Result<HistoryPage, StoreError> {
        events::history(&self.pool, conversation, page, limit).await
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        events::message(&self.pool, id).await
    }

    async fn heads(&self, conversations: &[ConversationId]) -> Result<Vec<Head>, StoreError> {
        dialect::heads(&self.pool, conversations).await
    }

    async fn mark(&self, conversation: ConversationId, user: UserId, read: Seq) -> Result<Mark, StoreError> {
        self.writer.mark(conversation, user, read).await
    }

    async fn inbox(
        &self,
        user: UserId,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Result<Vec<InboxEntry>, StoreError> {
        inbox::inbox(&self.pool, user, after, limit).await
    }

    async fn unread(&self, user: UserId) -> Result<u64, StoreError> {
        inbox::unread(&self.pool, user).await
    }

    async fn claim_push(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<PushJob>, StoreError> {
        push::claim(&self.pool, now, leased_until, limit).await
    }

    async fn finish_push(&self, job: &PushJob, outcome: PushOutcome) -> Result<(), StoreError> {
        push::finish(&self.pool, job, outcome).await
    }

    async fn purge(&self, conversation: ConversationId, up_to: Seq) -> Result<u64, StoreError> {
        purge::purge(&self.pool, conversation, up_to).await
    }
}
