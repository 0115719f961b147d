//! Migrations, and the checks before the first message is accepted.

use sqlx::{
    SqlSafeStr, SqlitePool,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use crate::Epoch;

/// What an acknowledged message must survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Loss of power: WAL and `synchronous` `FULL` or `EXTRA`.
    PowerLoss,
    /// The end of the process, however sudden. Nothing is checked.
    ProcessCrash,
}

/// Why the store was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The writer would lose acknowledged messages with the power.
    #[error(
        "the writer has journal_mode {journal_mode} and synchronous {synchronous}; messages need WAL and FULL (2)"
    )]
    NotDurable {
        /// What `PRAGMA journal_mode` says.
        journal_mode: String,
        /// What `PRAGMA synchronous` says.
        synchronous: i64,
    },
    /// A second connection could write between two statements of the first.
    #[error("the writer pool has {0} connections; it must have one")]
    ManyWriters(u32),
    /// The tables are not there, or the file cannot be read.
    #[error("the chat tables cannot be read")]
    Database(#[from] sqlx::Error),
}

/// Brings the tables up to date. They are prefixed `chat_`, and what was done is kept in `chat_migrations`, so
/// that the host's own migrations can live in the same file.
///
/// # Errors
/// The error of the migration that failed; those before it stay done.
pub async fn migrate(writer: &SqlitePool) -> Result<(), MigrateError> {
    let files = [
        ("logs", include_str!("../../../migrations/sqlite/0001_logs.sql")),
        (
            "unread without deleted",
            include_str!("../../../migrations/sqlite/0002_unread_without_deleted.sql"),
        ),
        ("push", include_str!("../../../migrations/sqlite/0003_push.sql")),
    ];
    let migration = |(version, (name, sql)): (i64, (&'static str, &'static str))| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let mut migrator = Migrator::with_migrations((1..).zip(files).map(migration).collect());
    migrator.dangerous_set_table_name("chat_migrations");
    migrator.run(writer).await
}

pub(super) async fn check(writer: &SqlitePool, durability: Durability) -> Result<Epoch, OpenError> {
    let connections = writer.options().get_max_connections();
    if connections != 1 {
        return Err(OpenError::ManyWriters(connections));
    }
    let mut connection = writer.acquire().await?;
    if durability == Durability::PowerLoss {
        let journal_mode: String =
            sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
        let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *connection).await?;
        if !journal_mode.eq_ignore_ascii_case("wal") || synchronous < 2 {
            return Err(OpenError::NotDurable { journal_mode, synchronous });
        }
    }
    let epoch: i64 = sqlx::query_scalar("SELECT value FROM chat_meta WHERE name = 'epoch'")
        .fetch_one(&mut *connection)
        .await?;
    Ok(Epoch(epoch.unsigned_abs()))
}
