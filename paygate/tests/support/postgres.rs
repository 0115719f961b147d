//! A schema of one test in a PostgreSQL database: that of `TEST_POSTGRES_URL`, or a local one.

use std::sync::Arc;

use paygate::postgres::{PostgresStore, migrate};
use paygate::{IdSource as _, RandomIds};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgPool};

/// A schema that is dropped with its last clone.
#[derive(Clone)]
pub struct Schema(Arc<Name>);

struct Name(String);

impl Schema {
    pub fn new() -> Self {
        Self(Arc::new(Name(format!("paygate_{}", RandomIds.grant_id().as_str().replace('-', "_")))))
    }

    /// The schema of another process, which also drops it.
    pub fn name(&self) -> &str {
        &self.0.0
    }

    /// Opens it as a node does.
    pub async fn open(&self) -> PostgresStore {
        command(format!("CREATE SCHEMA IF NOT EXISTS {}", self.name())).await;
        open(self.name()).await
    }

    /// Empties all tables.
    pub async fn empty(&self) {
        let tables = ["claims", "keys", "grants", "events", "trail", "payments"];
        let delete = tables.map(|table| format!("DELETE FROM {}.paygate_{table}", self.name()));
        command(delete.join("; ")).await;
    }

    pub async fn pool(&self) -> PgPool {
        pool(self.name()).await
    }
}

/// A node's store on a schema that exists.
pub async fn open(schema: &str) -> PostgresStore {
    let pool = pool(schema).await;
    migrate(&pool).await.expect("migrations");
    PostgresStore::new(pool).await.expect("a durable server")
}

async fn pool(schema: &str) -> PgPool {
    let options = server().options([("search_path", schema)]);
    PgPoolOptions::new().max_connections(4).connect_with(options).await.expect("a pool")
}

pub fn server() -> PgConnectOptions {
    let url = std::env::var("TEST_POSTGRES_URL");
    let url = url.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    url.parse().expect("a URL")
}

async fn command(sql: String) {
    let mut connection = server().connect().await.expect("a connection");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("a command");
}

impl Drop for Name {
    fn drop(&mut self) {
        let sql = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.0);
        // A runtime of its own: the test's one may be in the middle of ending.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(command(sql));
        });
        let _only_tidiness_is_lost = dropping.join();
    }
}
