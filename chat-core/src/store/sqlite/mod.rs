//! The `SQLite` store: one writer with group commit, readers beside it.
//!
//! # What an acknowledgement promises
//! | `synchronous` | journal | an acknowledged message survives |
//! | --- | --- | --- |
//! | `FULL`, `EXTRA` | WAL | `kill -9`, a crash of the system, and loss of power (on disks that honor a flush) |
//! | `NORMAL` | WAL | `kill -9`, but not loss of power |
//! | `OFF` | any | nothing of this |
//!
//! [`SqliteStore::new`] refuses a writer that keeps less than the first line. [`SqliteStore::with_durability`]
//! lets the host say that it knows better, in tests for instance.
//!
//! # Pools
//! The writer pool has exactly one connection, which may be shared with the host's own tables; each
//! write is one `BEGIN IMMEDIATE` transaction. All sends and marks that arrive while one transaction is being flushed
//! share the next, so the number of flushes does not grow with the number of senders.
//!
//! # Checkpoints
//! [`keep_checkpointed`] takes them out of the commits, which otherwise wait for one every now and then.

mod checkpoint;
mod dialect;
mod open;
mod statements;
mod writer;
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
use sqlx::SqlitePool;

pub use self::{
    checkpoint::{CheckpointLimits, keep_checkpointed},
    open::{Durability, OpenError, migrate},
};
use super::{ChatStore, Page, StoreError, group_commit::Writer};
use crate::{
    Append, Appended, Conversation, ConversationId, Epoch, Event, Head, HistoryPage, InboxCursor, InboxEntry,
    Mark, Message, MessageId, PushJob, PushOutcome, Seq, UserId,
};

/// A store in a `SQLite` file. Clones share the writer task, which ends after the last of them was dropped and
/// everything that it had accepted was answered.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    epoch: Epoch,
    pool: SqlitePool,
    reader: SqlitePool,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the store on migrated tables, within a Tokio runtime.
    ///
    /// # Errors
    /// [`OpenError`] when the writer would not keep acknowledged messages through a loss of power, has more
    /// than one connection, or the tables are not there.
    pub async fn new(writer: SqlitePool, reader: SqlitePool) -> Result<Self, OpenError> {
        Self::with_durability(writer, reader, Durability::PowerLoss).await
    }

    /// Opens the store with a promise of the host's choice.
    ///
    /// # Errors
    /// As [`SqliteStore::new`], for the promise that was chosen.
    pub async fn with_durability(
        writer: SqlitePool,
        reader: SqlitePool,
        durability: Durability,
    ) -> Result<Self, OpenError> {
        let epoch = open::check(&writer, durability).await?;
        Ok(Self { epoch, pool: writer.clone(), reader, writer: Writer::start(writer::Database(writer)) })
    }
}

impl ChatStore for SqliteStore {
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
        conversations::conversation(&self.reader, id).await
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
        events::log(&self.reader, conversation, page, limit).await
    }

    async fn history(
        &self,
        conversation: ConversationId,
        page: Page,
        limit: u32,
    ) -> Result<HistoryPage, StoreError> {
        events::history(&self.reader, conversation, page, limit).await
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        events::message(&self.reader, id).await
    }

    async fn heads(&self, conversations: &[ConversationId]) -> Result<Vec<Head>, StoreError> {
        dialect::heads(&self.reader, conversations).await
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
        inbox::inbox(&self.reader, user, after, limit).await
    }

    async fn unread(&self, user: UserId) -> Result<u64, StoreError> {
        inbox::unread(&self.reader, user).await
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
