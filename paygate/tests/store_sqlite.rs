//! The SQLite store keeps every promise of the suite, on a file, in the host's database.

mod support;

use paygate::conformance::{Harness, Shelf};
use paygate::sqlite::{Durability, OpenError, SqliteStore, migrate};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use support::sqlite::File;

struct Sqlite;

impl Harness for Sqlite {
    type Store = SqliteStore;

    async fn open(&self, shelf: &Shelf) -> SqliteStore {
        shelf.keep(File::new).open().await
    }
}

paygate::store_conformance!(Sqlite);

#[tokio::test]
async fn migrations_live_beside_the_hosts_own() {
    let file = File::new();
    let pool = file.pool(1).await;
    sqlx::query("CREATE TABLE _sqlx_migrations (version INTEGER, note TEXT)").execute(&pool).await.unwrap();
    migrate(&pool).await.unwrap();
    migrate(&pool).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            .fetch_all(&pool)
            .await
            .unwrap();
    let foreign: Vec<_> = tables.iter().filter(|name| !name.starts_with("paygate_")).collect();
    assert_eq!(foreign, ["_sqlx_migrations"]);
}

#[tokio::test]
async fn a_row_that_contradicts_itself_is_a_typed_error() {
    use paygate::testing::{key, payment};
    use paygate::{Opening, PaymentStore as _, StoreError};
    let file = File::new();
    let store = file.open().await;
    let _ = store.open(Opening { payment: payment("p"), key: key("k"), asked: vec![] }).await.unwrap();
    let pool = file.pool(1).await;
    sqlx::query("UPDATE paygate_payments SET state = 'paid'").execute(&pool).await.unwrap();
    let error = store.load(&payment("p").intent.id).await.unwrap_err();
    let StoreError::Inconsistent { table, column, row } = error else { panic!("{error:?}") };
    assert_eq!((table, column, row.as_str()), ("paygate_payments", "rank", "p"));
}

#[tokio::test]
async fn the_database_itself_refuses_a_falling_rank_and_a_second_live_grant() {
    let file = File::new();
    let _store = file.open().await;
    let pool = file.pool(1).await;
    for statement in [
        "INSERT INTO paygate_payments VALUES ('p','s','r',1,'NPR',NULL,'e','m',NULL,0,1,'paid',NULL,2,0,0,NULL,NULL,NULL,0,0,NULL,1,0,0,NULL,0,NULL,NULL)",
        "INSERT INTO paygate_grants VALUES ('g','p','s','r',0,NULL,NULL)",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    for (statement, refused) in [
        ("UPDATE paygate_payments SET rank = 1", "rank only rises"),
        ("INSERT INTO paygate_grants VALUES ('h','p','s','other',0,NULL,NULL)", "UNIQUE"),
    ] {
        let error = sqlx::query(statement).execute(&pool).await.unwrap_err().to_string();
        assert!(error.contains(refused), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_forgets_what_it_acknowledged_is_refused() {
    let file = File::new();
    let options = SqliteConnectOptions::new().filename(file.folder().join("weak.db")).create_if_missing(true);
    for (journal, synchronous) in [
        (SqliteJournalMode::Wal, SqliteSynchronous::Normal),
        (SqliteJournalMode::Wal, SqliteSynchronous::Off),
        (SqliteJournalMode::Memory, SqliteSynchronous::Full),
    ] {
        let weak = options.clone().journal_mode(journal).synchronous(synchronous);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(weak).await.unwrap();
        migrate(&pool).await.unwrap();
        let refused = SqliteStore::new(pool.clone(), pool.clone()).await;
        assert!(matches!(refused, Err(OpenError::NotDurable { .. })), "{journal:?} {synchronous:?}");
        let taken = SqliteStore::with_durability(pool.clone(), pool.clone(), Durability::ProcessCrash).await;
        assert!(taken.is_ok());
        pool.close().await;
    }
}

#[tokio::test]
async fn a_file_without_the_tables_is_refused() {
    let pool = File::new().pool(1).await;
    assert!(matches!(SqliteStore::new(pool.clone(), pool).await, Err(OpenError::Database(_))));
}
