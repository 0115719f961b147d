//! Migrations, and the checks before the first payment is taken.

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{PgPool, SqlSafeStr as _};

/// Why the store was not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The server would lose with its power what was answered as done.
    #[error(
        "the server has synchronous_commit {synchronous_commit} and fsync {fsync}; payments need both on"
    )]
    NotDurable {
        /// What `SHOW synchronous_commit` says.
        synchronous_commit: String,
        /// What `SHOW fsync` says.
        fsync: String,
    },
    /// The tables are not there, or the database cannot be reached.
    #[error("the payment tables cannot be read")]
    Database(#[from] sqlx::Error),
}

/// Creates or upgrades the tables, whose names begin with `paygate_`, in the schema that comes first in the
/// connection's search path. What was done is kept in `paygate_migrations`, so the host's own migrations are
/// not touched. Several nodes may do it at the same time.
///
/// # Errors
/// The database is newer than this version, or cannot be written.
pub async fn migrate(pool: &PgPool) -> Result<(), MigrateError> {
    let files = [
        (1, "payments", include_str!("../../migrations/postgres/0001_payments.sql")),
        (2, "books", include_str!("../../migrations/postgres/0002_books.sql")),
        (3, "refund orders", include_str!("../../migrations/postgres/0003_refund_orders.sql")),
    ];
    let migrations = files.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    let mut migrator = Migrator::with_migrations(migrations.into());
    migrator.dangerous_set_table_name("paygate_migrations");
    migrator.run(pool).await
}

pub(super) async fn check(pool: &PgPool) -> Result<(), OpenError> {
    let synchronous_commit: String = sqlx::query_scalar("SHOW synchronous_commit").fetch_one(pool).await?;
    let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(pool).await?;
    if synchronous_commit == "off" || fsync == "off" {
        return Err(OpenError::NotDurable { synchronous_commit, fsync });
    }
    sqlx::query("SELECT 1 FROM paygate_payments LIMIT 1").execute(pool).await?;
    Ok(())
}
