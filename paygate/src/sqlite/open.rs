//! Migrations, and the checks before the first payment is taken.

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr as _, SqlitePool};

/// What a payment that was answered as done must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Loss of power: `synchronous` `FULL` or `EXTRA`, and a journal on disk.
    PowerLoss,
    /// The end of the process, however sudden. Nothing is checked.
    ProcessCrash,
}

/// Why the store was not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The writer would lose with the power what was answered as done.
    #[error(
        "the writer has journal_mode {journal_mode} and synchronous {synchronous}; payments need a journal on disk and FULL (2)"
    )]
    NotDurable {
        /// What `PRAGMA journal_mode` says.
        journal_mode: String,
        /// What `PRAGMA synchronous` says.
        synchronous: i64,
    },
    /// The tables are not there, or the file cannot be read.
    #[error("the payment tables cannot be read")]
    Database(#[from] sqlx::Error),
}

/// Creates or upgrades the tables, whose names begin with `paygate_`. What was done is kept in
/// `paygate_migrations`, so the host's own migrations are not touched.
///
/// # Errors
/// The database is newer than this version, or cannot be written.
pub async fn migrate(writer: &SqlitePool) -> Result<(), MigrateError> {
    let files = [
        (1, "payments", include_str!("../../migrations/sqlite/0001_payments.sql")),
        (2, "books", include_str!("../../migrations/sqlite/0002_books.sql")),
        (3, "refund orders", include_str!("../../migrations/sqlite/0003_refund_orders.sql")),
    ];
    let migrations = files.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    let mut migrator = Migrator::with_migrations(migrations.into());
    migrator.dangerous_set_table_name("paygate_migrations");
    migrator.run(writer).await
}

pub(super) async fn check(writer: &SqlitePool, durability: Durability) -> Result<(), OpenError> {
    let mut connection = writer.acquire().await?;
    if durability == Durability::PowerLoss {
        let journal_mode: String =
            sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
        let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *connection).await?;
        let on_disk = !["off", "memory"].contains(&journal_mode.to_ascii_lowercase().as_str());
        if !on_disk || synchronous < 2 {
            return Err(OpenError::NotDurable { journal_mode, synchronous });
        }
    }
    sqlx::query("SELECT 1 FROM paygate_payments LIMIT 1").execute(&mut *connection).await?;
    Ok(())
}
