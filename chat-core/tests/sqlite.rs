//! The `SQLite` store keeps every promise of the contract, and refuses to promise what its file would not keep.
#![cfg(all(feature = "conformance", feature = "sqlite"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chat_core::{
    conformance::StoreHarness,
    sqlite::{Durability, OpenError, SqliteStore, migrate},
};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tempfile::TempDir;

struct Sqlite {
    dir: TempDir,
    pools: [SqlitePool; 2],
    store: SqliteStore,
}

impl Sqlite {
    async fn open(dir: TempDir) -> Self {
        let pools =
            [pool(&dir, 1, SqliteSynchronous::Full).await, pool(&dir, 4, SqliteSynchronous::Full).await];
        migrate(&pools[0]).await.unwrap();
        let store = SqliteStore::new(pools[0].clone(), pools[1].clone()).await.unwrap();
        Self { dir, pools, store }
    }
}

impl StoreHarness for Sqlite {
    type Store = SqliteStore;

    async fn fresh() -> Self {
        Self::open(TempDir::new().unwrap()).await
    }

    fn store(&self) -> &SqliteStore {
        &self.store
    }

    async fn reopen(self) -> Self {
        let Self { dir, pools, store } = self;
        drop(store);
        for pool in pools {
            pool.close().await;
        }
        Self::open(dir).await
    }
}

chat_core::store_conformance!(Sqlite);

async fn pool(dir: &TempDir, connections: u32, synchronous: SqliteSynchronous) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(dir.path().join("chat.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous);
    SqlitePoolOptions::new().max_connections(connections).connect_with(options).await.unwrap()
}

#[tokio::test]
async fn weak_synchronous_level_is_refused() {
    let dir = TempDir::new().unwrap();
    let writer = pool(&dir, 1, SqliteSynchronous::Normal).await;
    migrate(&writer).await.unwrap();
    let refused = SqliteStore::new(writer.clone(), writer.clone()).await;
    assert!(matches!(refused, Err(OpenError::NotDurable { synchronous: 1, .. })));
    assert!(SqliteStore::with_durability(writer.clone(), writer, Durability::ProcessCrash).await.is_ok());
}

#[tokio::test]
async fn second_writer_connection_is_refused() {
    let dir = TempDir::new().unwrap();
    let writer = pool(&dir, 2, SqliteSynchronous::Full).await;
    migrate(&writer).await.unwrap();
    assert!(matches!(SqliteStore::new(writer.clone(), writer).await, Err(OpenError::ManyWriters(2))));
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let dir = TempDir::new().unwrap();
    let writer = pool(&dir, 1, SqliteSynchronous::Full).await;
    migrate(&writer).await.unwrap();
    let before = SqliteStore::new(writer.clone(), writer.clone()).await.unwrap();
    migrate(&writer).await.unwrap();
    let after = SqliteStore::new(writer.clone(), writer).await.unwrap();
    assert_eq!(chat_core::ChatStore::epoch(&before), chat_core::ChatStore::epoch(&after));
}
