//! Payments and grants in SQLite, beside the host's own tables. Feature `sqlite`.
//!
//! Give it a writer pool of **one** connection: SQLite has one writer at a time, and a pool of one makes it
//! a queue instead of a race for the lock. The reader pool may have several; with a single pool for both
//! (`sqlite::memory:`) everything works, one after the other. Write-ahead logging is the host's choice and
//! recommended.
//!
//! # What an answer promises
//! With `synchronous` `FULL` (SQLite's default) or `EXTRA` and a journal on disk, what was answered as done survives
//! `kill -9` and loss of power. [`SqliteStore::new`] refuses a writer that has less;
//! [`SqliteStore::with_durability`] takes it, for tests and for databases in memory.

mod open;

use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};

pub use self::open::{Durability, OpenError, migrate};

use crate::clock::later;
use crate::model::{Access, Event, Observation, Payment};
use crate::sql::{self, Connection, Value, bound, select_payments, unavailable};
use crate::store::{Change, Committed, GrantStore, Opened, Opening, PaymentStore, StoreError};
use crate::{PaymentId, ResourceId, SubjectId};

/// Payments and grants in SQLite. Clones share the pools.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
}

impl SqliteStore {
    /// A store over a database that [`migrate`] has prepared.
    ///
    /// # Errors
    /// [`OpenError`] when the writer would lose with the power what was answered as done, or the tables are not
    /// there.
    pub async fn new(writer: SqlitePool, reader: SqlitePool) -> Result<Self, OpenError> {
        Self::with_durability(writer, reader, Durability::PowerLoss).await
    }

    /// A store with a promise of the host's choice.
    ///
    /// # Errors
    /// As [`SqliteStore::new`], for the promise that was chosen.
    pub async fn with_durability(
        writer: SqlitePool,
        reader: SqlitePool,
        durability: Durability,
    ) -> Result<Self, OpenError> {
        open::check(&writer, durability).await?;
        Ok(Self { writer, reader })
    }

    /// A transaction that is a writer from its beginning: one that becomes a writer half-way fails at once
    /// when somebody else writes.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(unavailable)
    }
}

impl GrantStore for SqliteStore {
    async fn access(&self, who: &SubjectId, what: &ResourceId, now: Timestamp) -> Result<Access, StoreError> {
        let mut reader = self.reader.acquire().await.map_err(unavailable)?;
        sql::access(&mut *reader, who, what, now).await
    }
}

impl PaymentStore for SqliteStore {
    async fn open(&self, opening: Opening) -> Result<Opened, StoreError> {
        let mut transaction = self.begin().await?;
        let opened = Box::pin(sql::open(&mut *transaction, opening)).await?;
        finish(transaction, matches!(opened, Opened::New(_))).await?;
        Ok(opened)
    }

    async fn load(&self, id: &PaymentId) -> Result<Option<Payment>, StoreError> {
        let mut reader = self.reader.acquire().await.map_err(unavailable)?;
        sql::payment(&mut *reader, id).await
    }

    async fn commit(&self, change: Change) -> Result<Committed, StoreError> {
        let mut transaction = self.begin().await?;
        // Next to a transaction an allocation is nothing, and callers' futures stay small.
        let committed = Box::pin(sql::commit(&mut *transaction, change)).await?;
        finish(transaction, committed == Committed::Applied).await?;
        Ok(committed)
    }

    async fn lease_due(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        let mut transaction = self.begin().await?;
        let due = sql::lease_due(&mut *transaction, now, later(now, lease), max).await?;
        finish(transaction, !due.is_empty()).await?;
        Ok(due)
    }

    async fn events_after(&self, seq: u64, max: u32) -> Result<Vec<(u64, Event)>, StoreError> {
        let mut reader = self.reader.acquire().await.map_err(unavailable)?;
        sql::events_after(&mut *reader, seq, max).await
    }

    async fn newest_event(&self) -> Result<u64, StoreError> {
        let mut reader = self.reader.acquire().await.map_err(unavailable)?;
        sql::newest_event(&mut *reader).await
    }

    async fn payments_of(
        &self,
        who: &SubjectId,
        before: Option<(Timestamp, PaymentId)>,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        let mut reader = self.reader.acquire().await.map_err(unavailable)?;
        sql::payments_of(&mut *reader, who, before, max).await
    }

    async fn in_review(&self, max: u32) -> Result<Vec<Payment>, StoreError> {
        let mut reader = self.reader.acquire().await.map_err(unavailable)?;
        sql::in_review(&mut *reader, max).await
    }

    async fn trail(&self, id: &PaymentId) -> Result<Vec<Observation>, StoreError> {
        let mut reader = self.reader.acquire().await.map_err(unavailable)?;
        sql::trail(&mut *reader, id).await
    }
}

async fn finish(transaction: Transaction<'static, Sqlite>, wrote: bool) -> Result<(), StoreError> {
    let end = if wrote { transaction.commit().await } else { transaction.rollback().await };
    end.map_err(unavailable)
}

impl Connection for SqliteConnection {
    type Row = SqliteRow;

    const SELECT_DUE: &'static str = select_payments!(
        "WHERE next_check_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
         ORDER BY next_check_at, id LIMIT $2"
    );

    async fn run(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let done = bound::<Sqlite>(sql, values).execute(self).await.map_err(unavailable)?;
        Ok(done.rows_affected())
    }

    async fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<SqliteRow>, StoreError> {
        bound::<Sqlite>(sql, values).fetch_all(self).await.map_err(unavailable)
    }

    /// The transaction is the only writer.
    async fn lock_events(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
