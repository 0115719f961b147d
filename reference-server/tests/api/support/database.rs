//! The database of one test: a file, or with `KOTHA_TEST_DATABASE=postgres` a database of its own on the server of
//! `TEST_POSTGRES_URL`, with the Redis of `TEST_REDIS_URL` beside it.

use std::path::{Path, PathBuf};

use reference_server::config::{DatabaseUrl, RedisUrl};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use url::Url;
use uuid::Uuid;

pub enum TestDatabase {
    Sqlite(PathBuf),
    Postgres(OwnDatabase),
}

/// Dropped with its test, so that a run leaves nothing behind.
pub struct OwnDatabase {
    name: String,
}

impl TestDatabase {
    pub async fn make(dir: &Path) -> Self {
        match std::env::var("KOTHA_TEST_DATABASE").as_deref() {
            Ok("postgres") => Self::Postgres(OwnDatabase::make().await),
            Ok("sqlite") | Err(_) => Self::Sqlite(dir.join("kotha.sqlite3")),
            Ok(other) => panic!("KOTHA_TEST_DATABASE is sqlite or postgres, not {other}"),
        }
    }

    pub fn url(&self) -> DatabaseUrl {
        match self {
            Self::Sqlite(file) => DatabaseUrl::Sqlite(file.clone()),
            Self::Postgres(own) => DatabaseUrl::parse(&own.url()).expect("an address"),
        }
    }

    pub fn redis(&self) -> Option<RedisUrl> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(_) => Some(RedisUrl::parse(&redis_url()).expect("an address")),
        }
    }
}

impl OwnDatabase {
    pub async fn make() -> Self {
        #[expect(clippy::disallowed_methods, reason = "names must differ between runs at the same time")]
        let name = format!("kotha_test_{}", Uuid::new_v4().simple());
        command(format!("CREATE DATABASE {name}")).await;
        Self { name }
    }

    pub fn url(&self) -> String {
        let mut url = Url::parse(&server_url()).expect("TEST_POSTGRES_URL");
        url.set_path(&self.name);
        url.to_string()
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // In a thread: the test's own runtime is busy dropping us.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(command(sql));
        });
        let _only_tidiness_is_lost = dropping.join();
    }
}

fn server_url() -> String {
    let url = std::env::var("TEST_POSTGRES_URL");
    url.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

fn redis_url() -> String {
    std::env::var("TEST_REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned())
}

async fn command(sql: String) {
    let server: PgConnectOptions = server_url().parse().expect("TEST_POSTGRES_URL");
    let mut connection = server.connect().await.expect("PostgreSQL answers");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("the command works");
    connection.close().await.expect("closed");
}
