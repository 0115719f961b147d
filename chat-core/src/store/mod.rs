//! The log of record. See [`ChatStore`] for the contract that every store keeps.

mod error;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod group_commit;
mod memory;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::future::Future;

use jiff::Timestamp;

pub use self::{error::StoreError, memory::MemoryStore};
use crate::{
    Append, Appended, Conversation, ConversationId, Epoch, Event, Head, HistoryPage, InboxCursor, InboxEntry,
    Mark, Message, MessageId, PushJob, PushOutcome, Seq, UserId,
};

/// Which part of a log: always read by key, never by offset, and always answered in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The entries that follow this seq.
    After(Seq),
    /// The entries that come right before this seq.
    Before(Seq),
}

impl Page {
    /// The newest entries.
    pub const LATEST: Self = Self::Before(Seq(u64::MAX));
}

#[doc = include_str!("../../docs/store-contract.md")]
pub trait ChatStore: Send + Sync + 'static {
    /// The identity of the logs in this store. Constant while the store is open.
    fn epoch(&self) -> Epoch;

    /// Makes a conversation with these members. Doing it again with the same members changes nothing.
    fn create_conversation(
        &self,
        id: ConversationId,
        members: &[UserId],
        at: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The conversation as one consistent reading; `None` if there is none.
    fn conversation(
        &self,
        id: ConversationId,
    ) -> impl Future<Output = Result<Option<Conversation>, StoreError>> + Send;

    /// Adds entries in the given order and answers each in its place, once all of them are durable.
    fn append(&self, batch: Vec<Append>) -> impl Future<Output = Vec<Result<Appended, StoreError>>> + Send;

    /// Entries of a log, at most `limit`, ascending.
    fn log(
        &self,
        conversation: ConversationId,
        page: Page,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Event>, StoreError>> + Send;

    /// Messages as they now read, at most `limit`, ascending by the seq of their post.
    fn history(
        &self,
        conversation: ConversationId,
        page: Page,
        limit: u32,
    ) -> impl Future<Output = Result<HistoryPage, StoreError>> + Send;

    /// One message as it now reads.
    fn message(&self, id: MessageId) -> impl Future<Output = Result<Option<Message>, StoreError>> + Send;

    /// The heads of those of the conversations that exist, in any order.
    fn heads(
        &self,
        conversations: &[ConversationId],
    ) -> impl Future<Output = Result<Vec<Head>, StoreError>> + Send;

    /// Moves a member's read mark to `read`, never backwards and never past the last entry.
    fn mark(
        &self,
        conversation: ConversationId,
        user: UserId,
        read: Seq,
    ) -> impl Future<Output = Result<Mark, StoreError>> + Send;

    /// The user's conversations, newest activity first, at most `limit`, from after `after` on.
    fn inbox(
        &self,
        user: UserId,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<InboxEntry>, StoreError>> + Send;

    /// The user's unread posts in all conversations.
    fn unread(&self, user: UserId) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Takes push jobs that are due at `now`, the oldest first, at most `limit`. Until `leased_until` they are given
    /// to nobody else. Jobs whose posts were read or deleted meanwhile end here, and are not answered.
    fn claim_push(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<PushJob>, StoreError>> + Send;

    /// Ends a job, or puts it off. Without effect once its lease was given to another.
    fn finish_push(
        &self,
        job: &PushJob,
        outcome: PushOutcome,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Erases the words of everything up to and including `up_to`, which is read by nobody any more, and answers how
    /// many entries that were. Their client message ids stay known.
    fn purge(
        &self,
        conversation: ConversationId,
        up_to: Seq,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
}
