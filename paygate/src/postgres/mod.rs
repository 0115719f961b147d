//! Payments and grants in PostgreSQL, beside the host's own tables. Feature `postgres`. Any number of nodes
//! write the same payments.
//!
//! # How many nodes stay right
//! A transaction first takes the lock of its subject, in a statement of its own, and looks at what is there only
//! after that: so the starts, commits and grants of one subject come one after the other. References are shared
//! by all subjects; their unique index makes a second claim wait for the first and see it. The lock of the
//! events is taken last and held to the commit, so a reader that follows their numbers skips none. All
//! transactions take their locks in this order, so none waits for itself through another.
//!
//! The locks are advisory ones of the transaction: they leave nothing behind, and end with the connection of a
//! node that dies. A wait for one ends after ten seconds with an error that may be tried again.
//!
//! # What an answer promises
//! With `synchronous_commit` not `off` and `fsync` `on`, which are PostgreSQL's defaults, what was answered as
//! done survives `kill -9` and loss of power. [`PostgresStore::new`] refuses a connection that has less.

mod open;

use jiff::{SignedDuration, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

pub use self::open::{OpenError, migrate};
use crate::clock::later;
use crate::model::{Access, Event, Observation, Payment};
use crate::sql::{self, Connection, Value, bound, select_payments, unavailable};
use crate::store::{Change, Committed, GrantStore, Opened, Opening, PaymentStore, StoreError};
use crate::{PaymentId, ResourceId, SubjectId};

/// Whatever the host's defaults are: each statement must see what was committed before it, no wait for a lock
/// is without end, and a node that falls silent inside a transaction loses it.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \
                     SET LOCAL lock_timeout = '10000ms'; \
                     SET LOCAL idle_in_transaction_session_timeout = '30000ms'";

/// Payments and grants in PostgreSQL. Clones share the pool.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pool: PgPool,
}

impl PostgresStore {
    /// A store over a database that [`migrate`] has prepared.
    ///
    /// # Errors
    /// [`OpenError`] when the server would lose with its power what was answered as done, or the tables are
    /// not there.
    pub async fn new(pool: PgPool) -> Result<Self, OpenError> {
        open::check(&pool).await?;
        Ok(Self { pool })
    }

    async fn begin(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        self.pool.begin_with(BEGIN).await.map_err(unavailable)
    }

    /// A transaction in which nobody else writes for this subject.
    async fn begin_for(&self, who: &SubjectId) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut transaction = self.begin().await?;
        // Two subjects of one hash wait for each other, which costs time and nothing else.
        let sql = "SELECT pg_advisory_xact_lock(1885434209, hashtext($1))";
        transaction.run(sql, &[who.as_str().into()]).await?;
        Ok(transaction)
    }
}

impl GrantStore for PostgresStore {
    async fn access(&self, who: &SubjectId, what: &ResourceId, now: Timestamp) -> Result<Access, StoreError> {
        let mut reader = self.pool.acquire().await.map_err(unavailable)?;
        sql::access(&mut *reader, who, what, now).await
    }
}

impl PaymentStore for PostgresStore {
    async fn open(&self, opening: Opening) -> Result<Opened, StoreError> {
        let mut transaction = self.begin_for(&opening.payment.intent.subject).await?;
        let opened = Box::pin(sql::open(&mut *transaction, opening)).await?;
        finish(transaction, matches!(opened, Opened::New(_))).await?;
        Ok(opened)
    }

    async fn load(&self, id: &PaymentId) -> Result<Option<Payment>, StoreError> {
        let mut reader = self.pool.acquire().await.map_err(unavailable)?;
        sql::payment(&mut *reader, id).await
    }

    async fn commit(&self, change: Change) -> Result<Committed, StoreError> {
        let mut transaction = self.begin_for(&change.to.intent.subject).await?;
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
        let mut reader = self.pool.acquire().await.map_err(unavailable)?;
        sql::events_after(&mut *reader, seq, max).await
    }

    async fn newest_event(&self) -> Result<u64, StoreError> {
        let mut reader = self.pool.acquire().await.map_err(unavailable)?;
        sql::newest_event(&mut *reader).await
    }

    async fn payments_of(
        &self,
        who: &SubjectId,
        before: Option<(Timestamp, PaymentId)>,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        let mut reader = self.pool.acquire().await.map_err(unavailable)?;
        sql::payments_of(&mut *reader, who, before, max).await
    }

    async fn in_review(&self, max: u32) -> Result<Vec<Payment>, StoreError> {
        let mut reader = self.pool.acquire().await.map_err(unavailable)?;
        sql::in_review(&mut *reader, max).await
    }

    async fn trail(&self, id: &PaymentId) -> Result<Vec<Observation>, StoreError> {
        let mut reader = self.pool.acquire().await.map_err(unavailable)?;
        sql::trail(&mut *reader, id).await
    }
}

async fn finish(transaction: Transaction<'static, Postgres>, wrote: bool) -> Result<(), StoreError> {
    let end = if wrote { transaction.commit().await } else { transaction.rollback().await };
    end.map_err(unavailable)
}

impl Connection for PgConnection {
    type Row = PgRow;

    const SELECT_DUE: &'static str = select_payments!(
        "WHERE next_check_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
         ORDER BY next_check_at, id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED"
    );

    async fn run(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let done = bound::<Postgres>(sql, values).execute(self).await.map_err(unavailable)?;
        Ok(done.rows_affected())
    }

    async fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<PgRow>, StoreError> {
        bound::<Postgres>(sql, values).fetch_all(self).await.map_err(unavailable)
    }

    async fn lock_events(&mut self) -> Result<(), StoreError> {
        self.run("SELECT pg_advisory_xact_lock(1885434210, 0)", &[]).await?;
        Ok(())
    }
}
