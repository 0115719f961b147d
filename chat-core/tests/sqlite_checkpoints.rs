//! The write-ahead log stays within its bound under a load that never pauses, and a reader that keeps a snapshot makes
//! nobody wait.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use chat_core::{
    Append, ChatStore as _, MessageId,
    sqlite::{CheckpointLimits, SqliteStore, keep_checkpointed, migrate},
};
use jiff::Timestamp;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use support::chat::{ALICE, BOB, ROOM, id, say};
use tempfile::TempDir;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

const LIMITS: CheckpointLimits = CheckpointLimits { every_ms: 5, wal_bytes_max: 256 * 1024 };
/// What comes between two looks, on a machine that has much else to do.
const WAL_BYTES_SLACK: u64 = 6 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(60);

struct File {
    dir: TempDir,
    writer: SqlitePool,
    reader: SqlitePool,
    store: SqliteStore,
    sent: u64,
}

impl File {
    async fn open() -> Self {
        let dir = TempDir::new().unwrap();
        let options = SqliteConnectOptions::new()
            .filename(dir.path().join("chat.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = async |connections, options| {
            SqlitePoolOptions::new().max_connections(connections).connect_with(options).await.unwrap()
        };
        let writer = pool(1, options.clone()).await;
        migrate(&writer).await.unwrap();
        let reader = pool(2, options).await;
        let store = SqliteStore::new(writer.clone(), reader.clone()).await.unwrap();
        store.create_conversation(ROOM, &[ALICE, BOB], Timestamp::UNIX_EPOCH).await.unwrap();
        let checkpointed = writer.clone();
        tokio::spawn(async move { keep_checkpointed(&checkpointed, LIMITS).await });
        Self { dir, writer, reader, store, sent: 0 }
    }

    /// About 200 KB of log, and how long it took.
    async fn write(&mut self) -> Duration {
        let batch = (0..32).map(|_| {
            self.sent += 1;
            Append {
                conversation: ROOM,
                by: ALICE,
                client_id: id(&self.sent.to_string()),
                message: MessageId(Uuid::from_u128(self.sent.into())),
                at: Timestamp::UNIX_EPOCH,
                op: say(&"x".repeat(4_000)),
                target_not_before: None,
                push_due: None,
            }
        });
        let began = Instant::now();
        let answers = self.store.append(batch.collect()).await;
        assert!(answers.iter().all(Result::is_ok));
        began.elapsed()
    }

    fn wal_bytes(&self) -> u64 {
        std::fs::metadata(self.dir.path().join("chat.db-wal")).unwrap().len()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_stays_within_its_bound_however_much_is_written() {
    let mut file = File::open().await;
    let mut largest = 0;
    for _ in 0..200 {
        file.write().await;
        largest = largest.max(file.wal_bytes());
    }
    println!("{} messages of 4 KB; the log was {largest} bytes at most", file.sent);
    assert!(largest < LIMITS.wal_bytes_max + WAL_BYTES_SLACK, "{largest} bytes");
    let pages: i64 = sqlx::query_scalar("PRAGMA wal_autocheckpoint").fetch_one(&file.writer).await.unwrap();
    let backstop = 8 * i64::try_from(LIMITS.wal_bytes_max).unwrap() / (4_096 + 24);
    assert_eq!(pages, backstop, "the writer makes checkpoints in its commits only when nobody else does");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reader_that_keeps_a_snapshot_makes_no_writer_wait() {
    let mut file = File::open().await;
    file.write().await;
    let mut snapshot = file.reader.begin().await.unwrap();
    let seen = async |snapshot: &mut sqlx::SqliteConnection| -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM chat_events").fetch_one(snapshot).await.unwrap()
    };
    assert_eq!(seen(&mut snapshot).await, 32);
    let mut longest = Duration::ZERO;
    while file.wal_bytes() < 4 * LIMITS.wal_bytes_max + WAL_BYTES_SLACK {
        longest = longest.max(file.write().await);
    }
    // A checkpoint that waited for the reader would hold the writer up for SQLite's usual 5 s.
    assert!(longest < Duration::from_secs(4), "{longest:?}");
    assert_eq!(seen(&mut snapshot).await, 32, "the snapshot is what it was");
    drop(snapshot);
    let shrunk = async {
        while file.wal_bytes() > 2 * LIMITS.wal_bytes_max {
            file.write().await;
        }
    };
    timeout(PATIENCE, shrunk).await.expect("the log is cut once the reader has gone");
}
