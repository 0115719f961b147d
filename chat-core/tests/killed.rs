//! Acknowledged is durable: a process that is killed while it sends loses nothing that it was told is stored.
//!
//! The test starts itself again as the process to be killed. `kill -9` cannot tell `synchronous=FULL` from `NORMAL`; for
//! loss of power the store relies on the level that it checks when it is opened.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use chat_core::{
    Append, ChatStore, MessageId, Page, Seq,
    sqlite::{SqliteStore, migrate},
};
use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use support::chat::{ALICE, BOB, ROOM, id, say};
use uuid::Uuid;

const FILE: &str = "CHAT_CORE_TEST_FILE";
const SENDERS: u128 = 4;
const ROUNDS: u64 = 6;

#[test]
fn killed_process_keeps_what_it_acknowledged() {
    if let Ok(file) = std::env::var(FILE) {
        return runtime().block_on(send_for_ever(Path::new(&file)));
    }
    let dir = tempfile::TempDir::new().unwrap();
    let file = dir.path().join("chat.db");
    let mut acknowledged: Vec<(u64, String)> = Vec::new();
    for round in 1..=ROUNDS {
        acknowledged.extend(kill_after(&file, 30 * round));
    }
    let log = runtime()
        .block_on(async { open(&file).await.log(ROOM, Page::After(Seq::ZERO), 1_000_000).await.unwrap() });
    for (number, event) in (1..).zip(&log) {
        assert_eq!(event.seq, Seq(number));
    }
    for (seq, client_id) in &acknowledged {
        let index = usize::try_from(seq - 1).unwrap();
        assert_eq!(
            log.get(index).map(|event| event.client_id.as_str()),
            Some(client_id.as_str()),
            "seq {seq} is lost"
        );
    }
    assert!(acknowledged.len() as u64 >= 30 * ROUNDS);
}

/// Starts a sender, and kills it in the middle of its work: while it goes on, after so many acknowledgements.
fn kill_after(file: &Path, count: u64) -> Vec<(u64, String)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed_process_keeps_what_it_acknowledged", "--nocapture"])
        .env(FILE, file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    for line in lines {
        // A line that the kill cut short has no third word.
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        if let ["ack", seq, client_id, "."] = words[..] {
            acknowledged.push((seq.parse().unwrap(), client_id.to_owned()));
        }
        if acknowledged.len() as u64 == count {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    acknowledged
}

async fn send_for_ever(file: &Path) {
    let store = open(file).await;
    store.create_conversation(ROOM, &[ALICE, BOB], Timestamp::UNIX_EPOCH).await.unwrap();
    let begun = std::process::id();
    let senders = (0..SENDERS).map(|sender| {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 0..u128::MAX {
                let client_id = format!("{begun}-{sender}-{number}");
                let item = Append {
                    conversation: ROOM,
                    by: if sender % 2 == 0 { ALICE } else { BOB },
                    client_id: id(&client_id),
                    message: MessageId(Uuid::from_u128(u128::from(begun) << 64 | sender << 48 | number)),
                    at: Timestamp::UNIX_EPOCH,
                    op: say("x"),
                    target_not_before: None,
                    push_due: None,
                };
                let seq = store.append(vec![item]).await.remove(0).unwrap().event.seq;
                let line = format!("ack {seq} {client_id} .\n");
                std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
            }
        })
    });
    futures_util::future::join_all(senders.collect::<Vec<_>>()).await;
}

async fn open(file: &Path) -> SqliteStore {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    migrate(&writer).await.unwrap();
    SqliteStore::new(writer.clone(), writer).await.unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
