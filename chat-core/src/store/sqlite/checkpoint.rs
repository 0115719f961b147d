//! Checkpoints beside the writer instead of within its commits.
//!
//! By itself SQLite moves the log into the file every 1,000 pages, within the commit that fills the last of them: whoever
//! waits for that commit waits for it too, and for two flushes. Here a connection of its own does it.

use std::time::Duration;

use sqlx::{Connection as _, Row as _, SqliteConnection, SqlitePool, sqlite::SqliteConnectOptions};
use tokio::time::{MissedTickBehavior, interval};

/// How often checkpoints are made, and how large the write-ahead log may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckpointLimits {
    /// Time between two checkpoints, in milliseconds.
    pub every_ms: u64,
    /// Bytes of the log after which it begins anew at its start. It grows beyond that by what is written until the next
    /// look, and for as long as a reader holds a snapshot, which nothing can take from it.
    pub wal_bytes_max: u64,
}

impl Default for CheckpointLimits {
    fn default() -> Self {
        Self { every_ms: 250, wal_bytes_max: 16 * 1024 * 1024 }
    }
}

/// How long a checkpoint waits for readers before it gives up until the next look. Only the one that begins the log anew
/// waits at all, and the writer with it.
const BUSY_TIMEOUT_MS: u64 = 10;
/// How many times `wal_bytes_max` the log is when the writer makes checkpoints again by itself: nobody else seems to.
const BACKSTOP: u64 = 8;
/// Bytes that the log has for each page, beside the page.
const FRAME_HEADER_BYTES: u64 = 24;

/// Makes the checkpoints of the file that this writer writes to, for as long as it is polled: the host runs it in a task
/// and drops it at the end. `writer` is the pool of [`SqliteStore::new`](super::SqliteStore::new), in WAL mode and without
/// exclusive locking; its connection makes none from here on, unless the log grows to eight times its bound.
///
/// Commits are as durable as they are without it.
pub async fn keep_checkpointed(writer: &SqlitePool, limits: CheckpointLimits) {
    let options = writer.connect_options().as_ref().clone();
    let mut looks = interval(Duration::from_millis(limits.every_ms.max(1)));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut own = None;
    let mut fails = false;
    loop {
        looks.tick().await;
        let looked = match own.take() {
            Some(own) => Ok(own),
            None => Own::open(writer, &options, limits).await,
        };
        match looked {
            Ok(mut checkpoints) => match checkpoints.make(writer, limits).await {
                Ok(()) => {
                    own = Some(checkpoints);
                    fails = false;
                    continue;
                }
                Err(error) => said_once(&mut fails, &error),
            },
            Err(error) => said_once(&mut fails, &error),
        }
    }
}

fn said_once(fails: &mut bool, error: &sqlx::Error) {
    if !std::mem::replace(fails, true) {
        tracing::warn!(%error, "no checkpoint can be made; the write-ahead log grows meanwhile");
    }
}

/// The connection, and how large a page in the log is.
struct Own {
    connection: SqliteConnection,
    frame_bytes: u64,
}

impl Own {
    async fn open(
        writer: &SqlitePool,
        options: &SqliteConnectOptions,
        limits: CheckpointLimits,
    ) -> Result<Self, sqlx::Error> {
        let patient = options.clone().busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS));
        let mut connection = SqliteConnection::connect_with(&patient).await?;
        let page_bytes: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut connection).await?;
        let frame_bytes = page_bytes.unsigned_abs() + FRAME_HEADER_BYTES;
        let pages = (limits.wal_bytes_max.saturating_mul(BACKSTOP) / frame_bytes).clamp(1, 1 << 30);
        let file_bytes = limits.wal_bytes_max.saturating_mul(2).min(1 << 40);
        // For the connection that is there, and for those that the pool opens in its place. The file of a log that a
        // reader made grow is cut when the log begins anew.
        let pragmas = [("wal_autocheckpoint", pages), ("journal_size_limit", file_bytes)];
        let mut changed = options.clone();
        let mut present = writer.acquire().await?;
        for (name, value) in pragmas {
            changed = changed.pragma(name, value.to_string());
            let sql = sqlx::AssertSqlSafe(format!("PRAGMA {name} = {value}"));
            sqlx::raw_sql(sql).execute(&mut *present).await?;
        }
        writer.set_connect_options(changed);
        Ok(Self { connection, frame_bytes })
    }

    async fn make(&mut self, writer: &SqlitePool, limits: CheckpointLimits) -> Result<(), sqlx::Error> {
        // Beside the writer, and as far as readers allow.
        let frames = self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await?;
        if frames.saturating_mul(self.frame_bytes) <= limits.wal_bytes_max {
            return Ok(());
        }
        // While this holds the writer's only connection nobody writes, so little is left to do: what was committed since.
        // Without it the log would never be found at its end.
        let turn = writer.acquire().await?;
        self.checkpoint("PRAGMA wal_checkpoint(RESTART)").await?;
        drop(turn);
        Ok(())
    }

    /// How many pages were in the log. That readers kept some of them there is no error: there is a next time.
    async fn checkpoint(&mut self, sql: &'static str) -> Result<u64, sqlx::Error> {
        let row = sqlx::query(sql).fetch_one(&mut self.connection).await?;
        // Less than nothing where there is no log.
        Ok(u64::try_from(row.try_get::<i64, _>("log")?).unwrap_or(0))
    }
}
