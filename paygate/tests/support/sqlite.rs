//! A SQLite file of one test.

use std::path::Path;
use std::sync::Arc;

use paygate::sqlite::{SqliteStore, migrate};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use tempfile::TempDir;

/// A database file that lives as long as the test.
#[derive(Clone)]
pub struct File(Arc<TempDir>);

impl File {
    pub fn new() -> Self {
        Self(Arc::new(tempfile::tempdir().expect("a folder")))
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub async fn open(&self) -> SqliteStore {
        open(self.folder()).await
    }

    pub async fn pool(&self, connections: u32) -> SqlitePool {
        pool(self.folder(), connections).await
    }
}

/// Opens the file in a folder as a server does: one writer, several readers.
pub async fn open(folder: &Path) -> SqliteStore {
    let writer = pool(folder, 1).await;
    migrate(&writer).await.expect("migrations");
    SqliteStore::new(writer, pool(folder, 4).await).await.expect("a durable file")
}

async fn pool(folder: &Path, connections: u32) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("test.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    SqlitePoolOptions::new().max_connections(connections).connect_with(options).await.expect("a pool")
}
