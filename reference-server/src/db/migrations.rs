//! Bringing every table of this version into the database: ours and the libraries'. What was done is written down in
//! the same database; nodes that start at the same time wait for each other.

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{PgPool, SqlSafeStr as _, SqlitePool};

/// Our own, in their order, by their number: the same one is the same change in both databases.
macro_rules! ours {
    ($database:literal) => {
        ours!(
            $database,
            "0001_accounts_and_rooms",
            "0002_conversations",
            "0003_admin_acts",
            "0004_city_in_any_case",
            "0005_photos",
            "0006_blocks_and_reports",
            "0007_sessions_end",
            "0008_accounts",
            "0009_offer_key",
            "0010_photo_leftovers",
            "0011_blocks_by_time",
            "0012_push",
            "0013_suspension",
            "0014_reported_words",
            "0015_message_pictures",
            "0016_exports_without_numbers"
        )
    };
    ($database:literal, $($name:literal),+) => {
        migrator(&[$(($name, include_str!(concat!("../../migrations/", $database, "/", $name, ".sql")))),+])
    };
}

pub(super) async fn sqlite(writer: &SqlitePool) -> Result<(), MigrateError> {
    ours!("sqlite").run(writer).await?;
    paygate::sqlite::migrate(writer).await?;
    chat_core::sqlite::migrate(writer).await
}

pub(super) async fn postgres(pool: &PgPool) -> Result<(), MigrateError> {
    ours!("postgres").run(pool).await?;
    paygate::postgres::migrate(pool).await?;
    chat_core::postgres::migrate(pool).await
}

fn migrator(files: &[(&'static str, &'static str)]) -> Migrator {
    let migrations = files.iter().map(|(name, sql)| {
        // Each has its number in front; 0 would be refused at the first start.
        let version = name.split('_').next().and_then(|number| number.parse().ok()).unwrap_or_default();
        Migration::new(version, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}
