//! Databases of a test's own on the server of `TEST_POSTGRES_URL`, or a local one.

use chat_core::{Clock as _, IdSource as _, RandomIds, SystemClock};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, postgres::PgConnectOptions};

/// Dropped with its test, so that a run leaves nothing behind.
pub struct Database(String);

impl Database {
    pub async fn make() -> Self {
        let random = RandomIds.message_id(SystemClock.now()).0;
        let name = format!("chat_{}", random.simple());
        command(format!("CREATE DATABASE {name}")).await;
        Self(name)
    }

    pub fn options(&self) -> PgConnectOptions {
        server().database(&self.0)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.0);
        let dropping = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(command(sql));
        });
        let _only_tidiness_is_lost = dropping.join();
    }
}

fn server() -> PgConnectOptions {
    let url = std::env::var("TEST_POSTGRES_URL");
    let url = url.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    url.parse().unwrap()
}

async fn command(sql: String) {
    let mut connection = server().connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
