//! Payments and grants in SQLite, beside the host's own tables. Feature `sqlite`.
//!
//! Give it a writer pool of **one** connection: SQLite has one writer at a time, and a pool of one makes it
//! a queue instead of a race for the lock. The reader pool may have several; with a single pool for both
//! (`sqlite::memory:`) everything works, one after the other. Write-ahead logging is the host's choice and
//! recommended.

use jiff::{SignedDuration, Timestamp};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteRow;
use sqlx::{SqlSafeStr as _, Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::clock::later;
use crate::model::{Access, Event, Observation, Payment};
use crate::sql::{self, Connection, Value, bound, select_payments, unavailable};
use crate::store::{Change, Committed, GrantStore, Opened, Opening, PaymentStore, StoreError};
use crate::{PaymentId, ResourceId, SubjectId};

/// Creates or upgrades the tables, whose names begin with `paygate_`. What was done is kept in
/// `paygate_migrations`, so the host's own migrations are not touched.
///
/// # Errors
/// The database is newer than this version, or cannot be written.
pub async fn migrate(writer: &SqlitePool) -> Result<(), MigrateError> {
    let files = [
        (1, "payments", include_str!("../../migrations/sqlite/0001_payments.sql")),
        (2, "books", include_str!("../../migrations/sqlite/0002_books.sql")),
    ];
    let migrations = files.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    let mut migrator = Migrator::with_migrations(migrations.into());
    migrator.dangerous_set_table_name("paygate_migrations");
    migrator.run(writer).await
}

/// Payments and grants in SQLite. Clones share the pools.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
}

impl SqliteStore {
    /// A store over a database that [`migrate`] has prepared.
    pub fn new(writer: SqlitePool, reader: SqlitePool) -> Self {
        Self { writer, reader }
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
