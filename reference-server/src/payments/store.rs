//! The store of payments on whichever database the server has.

use jiff::{SignedDuration, Timestamp};
use paygate::postgres::PostgresStore;
use paygate::sqlite::SqliteStore;
use paygate::{
    Access, CacheError, CachedStore, Change, Committed, Event, GrantStore, Observation, Opened, Opening,
    Payment, PaymentId, PaymentStore, ResourceId, StoreError, SubjectId,
};

use crate::db::{Db, STATEMENTS};

/// How long somebody who was let in is remembered. Together with what the chat remembers
/// ([`REPEATED_MS`](crate::chat::REPEATED_MS)) it stays within a second: so long a grant that another server revoked may
/// go on at most, should no word of it arrive.
const GRANT_TTL_MS: u32 = 300;
/// Grants remembered at once, of about 300 bytes.
const GRANTS_MAX: usize = 20_000;

/// What the gate, the payments and the chat share: a commit of ours shows at once in each of them.
pub type Remembering = CachedStore<Store>;

/// The store, with its memory of who was let in.
///
/// # Errors
///
/// Never, as long as the bounds above are within paygate's.
pub fn remembering(store: Store) -> Result<Remembering, CacheError> {
    CachedStore::new(store, GRANT_TTL_MS, GRANTS_MAX)
}

/// One of the two stores; each keeps the whole contract.
#[derive(Debug, Clone)]
pub enum Store {
    /// In the server's file.
    Sqlite(SqliteStore),
    /// In a database that servers share.
    Postgres(PostgresStore),
}

/// Why the payments can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum PaymentsOpenError {
    /// On SQLite.
    #[error(transparent)]
    Sqlite(#[from] paygate::sqlite::OpenError),
    /// On PostgreSQL.
    #[error(transparent)]
    Postgres(#[from] paygate::postgres::OpenError),
}

impl Store {
    /// On migrated tables.
    ///
    /// # Errors
    ///
    /// When the database would not keep what was answered as done.
    pub async fn open(db: &Db) -> Result<Self, PaymentsOpenError> {
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

impl GrantStore for Store {
    async fn access(&self, who: &SubjectId, what: &ResourceId, now: Timestamp) -> Result<Access, StoreError> {
        on!(self, store => store.access(who, what, now).await)
    }
}

impl PaymentStore for Store {
    async fn open(&self, opening: Opening) -> Result<Opened, StoreError> {
        on!(self, store => store.open(opening).await)
    }

    async fn load(&self, id: &PaymentId) -> Result<Option<Payment>, StoreError> {
        on!(self, store => store.load(id).await)
    }

    async fn commit(&self, change: Change) -> Result<Committed, StoreError> {
        on!(self, store => store.commit(change).await)
    }

    async fn lease_due(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        on!(self, store => store.lease_due(now, lease, max).await)
    }

    async fn events_after(&self, seq: u64, max: u32) -> Result<Vec<(u64, Event)>, StoreError> {
        on!(self, store => store.events_after(seq, max).await)
    }

    async fn newest_event(&self) -> Result<u64, StoreError> {
        on!(self, store => store.newest_event().await)
    }

    async fn payments_of(
        &self,
        who: &SubjectId,
        before: Option<(Timestamp, PaymentId)>,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        on!(self, store => store.payments_of(who, before, max).await)
    }

    async fn in_review(&self, max: u32) -> Result<Vec<Payment>, StoreError> {
        on!(self, store => store.in_review(max).await)
    }

    async fn trail(&self, id: &PaymentId) -> Result<Vec<Observation>, StoreError> {
        on!(self, store => store.trail(id).await)
    }
}
