//! Migrations, and the checks before the first message is accepted.

use sqlx::{
    PgPool, SqlSafeStr,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use crate::Epoch;

/// Why the store was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The server would lose acknowledged messages with its power.
    #[error(
        "the server has synchronous_commit {synchronous_commit} and fsync {fsync}; messages need both on"
    )]
    NotDurable {
        /// What `SHOW synchronous_commit` says.
        synchronous_commit: String,
        /// What `SHOW fsync` says.
        fsync: String,
    },
    /// The tables are not there, or the database cannot be reached.
    #[error("the chat tables cannot be read")]
    Database(#[from] sqlx::Error),
}

/// Brings the tables up to date. They are prefixed `chat_`, and what was done is kept in `chat_migrations`, so
/// that the host's own migrations can live in the same schema.
///
/// # Errors
/// The error of the migration that failed; those before it stay done.
pub async fn migrate(pool: &PgPool) -> Result<(), MigrateError> {
    let files = [
        ("logs", include_str!("../../../migrations/postgres/0001_logs.sql")),
        (
            "unread without deleted",
            include_str!("../../../migrations/postgres/0002_unread_without_deleted.sql"),
        ),
        ("push", include_str!("../../../migrations/postgres/0003_push.sql")),
    ];
    let migration = |(version, (name, sql)): (i64, (&'static str, &'static str))| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let mut migrator = Migrator::with_migrations((1..).zip(files).map(migration).collect());
    migrator.dangerous_set_table_name("chat_migrations");
    migrator.run(pool).await
}

pub(super) async fn check(pool: &PgPool) -> Result<Epoch, OpenError> {
    let synchronous_commit: String = sqlx::query_scalar("SHOW synchronous_commit").fetch_one(pool).await?;
    let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(pool).await?;
    if synchronous_commit == "off" || fsync == "off" {
        return Err(OpenError::NotDurable { synchronous_commit, fsync });
    }
    let epoch: i64 =
        sqlx::query_scalar("SELECT value FROM chat_meta WHERE name = 'epoch'").fetch_one(pool).await?;
    Ok(Epoch(epoch.unsigned_abs()))
}
