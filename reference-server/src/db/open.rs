//! Opening the database so that a commit is on disk when it returns, and bringing it to this version.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chat_core::postgres::no_delay;
use sqlx::PgPool;
use sqlx::pool::PoolOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::{Db, migrations};
use crate::config::DatabaseUrl;

/// How many connections to a SQLite file read at once.
const SQLITE_READERS_MAX: u32 = 4;
/// How many connections to PostgreSQL a server has.
const POSTGRES_CONNECTIONS_MAX: u32 = 16;
/// How long a request waits for a connection before it is told to come back.
const ACQUIRE_TIMEOUT_MS: u64 = 5_000;
/// How long a connection waits for another process's lock (the command line beside a running server).
const BUSY_TIMEOUT_MS: u64 = 5_000;
/// How long PostgreSQL works at a statement, or keeps a transaction that says nothing more.
const STATEMENT_TIMEOUT_MS: u64 = 15_000;

/// Why the database can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory can't be made.
    #[error("can't make the directory {0} for the database")]
    Directory(PathBuf, #[source] std::io::Error),
    /// The file can't be opened.
    #[error("can't open the database {0}")]
    File(PathBuf, #[source] sqlx::Error),
    /// The server can't be reached, or doesn't let us in.
    #[error("can't open the database {0}")]
    Server(String, #[source] sqlx::Error),
    /// It was written by a newer version, or can't be written.
    #[error("the database can't be brought to this version")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl Db {
    /// Opens the database, and brings its tables to this version.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub async fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        match url {
            DatabaseUrl::Sqlite(file) => sqlite(file).await,
            DatabaseUrl::Postgres(server) => postgres(server.options()).await.map_err(|error| match error {
                PostgresError::Connect(error) => OpenError::Server(url.to_string(), error),
                PostgresError::Migrate(error) => OpenError::Migrate(error),
            }),
        }
    }
}

async fn sqlite(file: &Path) -> Result<Db, OpenError> {
    if let Some(directory) = file.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        std::fs::create_dir_all(directory)
            .map_err(|error| OpenError::Directory(directory.to_owned(), error))?;
    }
    let failed = |error| OpenError::File(file.to_owned(), error);
    // FULL: a commit is synced before it returns, so what was acknowledged survives a loss of power.
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS));
    let writer = pool(1).connect_with(options.clone()).await.map_err(failed)?;
    migrations::sqlite(&writer).await?;
    let reader = pool(SQLITE_READERS_MAX).connect_with(options.pragma("query_only", "on")).await;
    Ok(Db::Sqlite { writer, reader: reader.map_err(failed)? })
}

enum PostgresError {
    Connect(sqlx::Error),
    Migrate(sqlx::migrate::MigrateError),
}

async fn postgres(options: PgConnectOptions) -> Result<Db, PostgresError> {
    // An index over a large table may take its time, so this connection has no limit to a statement.
    // What it tells of migrations that were done before is no news.
    let options = options.options([("client_min_messages", "warning")]);
    let patient: PgPool = pool(1).connect_with(options.clone()).await.map_err(PostgresError::Connect)?;
    let migrated = migrations::postgres(&patient).await;
    patient.close().await;
    migrated.map_err(PostgresError::Migrate)?;
    let limit = STATEMENT_TIMEOUT_MS.to_string();
    let options =
        options.options([("statement_timeout", &limit), ("idle_in_transaction_session_timeout", &limit)]);
    let server = options.clone();
    let pool = pool(POSTGRES_CONNECTIONS_MAX).after_connect(move |_, _| {
        let server = server.clone();
        Box::pin(async move {
            if let Err(error) = no_delay(&server).await {
                tracing::warn!(%error, "large statements to PostgreSQL may wait 40 ms: TCP_NODELAY can't be set");
            }
            Ok(())
        })
    });
    let pool = pool.connect_with(options).await;
    Ok(Db::Postgres(pool.map_err(PostgresError::Connect)?))
}

fn pool<DB: sqlx::Database>(connections_max: u32) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(Duration::from_millis(ACQUIRE_TIMEOUT_MS))
}
