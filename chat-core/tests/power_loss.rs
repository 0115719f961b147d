//! Acknowledged survives loss of power: `SQLite` runs on a disk in memory that forgets, at a random moment, some or all of
//! what was not synced. Under `synchronous=NORMAL` the same story loses messages, which shows that it can tell.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::Arc;

use chat_core::{
    Append, ChatStore, Event, MessageId, Page, Seq,
    sqlite::{Durability, SqliteStore, migrate},
};
use jiff::Timestamp;
use sqlx::{
    SqlitePool,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePoolOptions, SqliteSynchronous,
    },
};
use support::{
    chat::{ALICE, BOB, ROOM, id, say},
    disk::{Disk, Keep, Random},
};
use uuid::Uuid;

const SEEDS: u64 = 60;
const SENDERS: u64 = 6;
/// Changes to the disk before the power goes, at most: several checkpoints' worth.
const CHANGES_MAX: u64 = 400;

#[test]
fn full_keeps_everything_that_was_acknowledged() {
    let disk = Disk::install("powerless-full");
    let (mut acknowledged, mut lost) = (0, 0);
    for seed in 0..SEEDS {
        let story = story(&disk, SqliteSynchronous::Full, seed);
        acknowledged += story.acknowledged;
        lost += story.lost;
    }
    println!("FULL: {acknowledged} acknowledged over {SEEDS} losses of power, {lost} lost");
    assert!(acknowledged > SEEDS * 10, "the power goes before there is anything to lose");
    assert_eq!(lost, 0);
}

#[test]
fn normal_loses_what_was_acknowledged() {
    let disk = Disk::install("powerless-normal");
    let lost: u64 = (0..SEEDS).map(|seed| story(&disk, SqliteSynchronous::Normal, seed).lost).sum();
    println!("NORMAL: {lost} lost over {SEEDS} losses of power");
    assert!(lost > 0, "this test could not tell FULL from NORMAL");
}

struct Story {
    acknowledged: u64,
    lost: u64,
}

/// Senders send until the power goes; it comes back, and the log is compared with what they were told.
fn story(disk: &Arc<Disk>, synchronous: SqliteSynchronous, seed: u64) -> Story {
    eprintln!("seed {seed}");
    let mut random = Random(seed);
    runtime().block_on(async {
        disk.format();
        let (pool, store) = open(disk, synchronous).await;
        store.create_conversation(ROOM, &[ALICE, BOB], Timestamp::UNIX_EPOCH).await.unwrap();
        disk.cut_after(1 + random.below(CHANGES_MAX));
        let senders: Vec<_> = (0..SENDERS).map(|sender| tokio::spawn(send(store.clone(), sender))).collect();
        let mut told = Vec::new();
        for sender in senders {
            told.extend(sender.await.unwrap());
        }
        drop(store);
        pool.close().await;
        disk.power_on(if seed.is_multiple_of(2) { Keep::Nothing } else { Keep::Some(&mut random) });
        let (pool, store) = open(disk, synchronous).await;
        let log = store.log(ROOM, Page::After(Seq::ZERO), 1_000_000).await.unwrap();
        for (number, event) in (1..).zip(&log) {
            assert_eq!(event.seq, Seq(number), "the log has a hole");
        }
        let is_there = |(seq, name): &&(Seq, String)| {
            log.iter().any(|event: &Event| event.seq == *seq && event.client_id == id(name))
        };
        let kept = told.iter().filter(is_there).count() as u64;
        // It goes on where it broke off.
        let next = store.append(vec![post(u64::MAX, 0)]).await.remove(0).unwrap();
        assert_eq!(next.event.seq, Seq(log.len() as u64 + 1));
        drop(store);
        pool.close().await;
        Story { acknowledged: told.len() as u64, lost: told.len() as u64 - kept }
    })
}

/// What was acknowledged, until something was not.
async fn send(store: SqliteStore, sender: u64) -> Vec<(Seq, String)> {
    let mut told = Vec::new();
    for number in 0.. {
        match store.append(vec![post(sender, number)]).await.remove(0) {
            Ok(appended) => told.push((appended.event.seq, name(sender, number))),
            Err(error) => {
                assert!(error.is_retryable(), "{error}");
                break;
            }
        }
    }
    told
}

fn post(sender: u64, number: u64) -> Append {
    Append {
        conversation: ROOM,
        by: if sender.is_multiple_of(2) { ALICE } else { BOB },
        client_id: id(&name(sender, number)),
        message: MessageId(Uuid::from_u64_pair(sender, number)),
        at: Timestamp::UNIX_EPOCH,
        op: say("somebody must not lose this"),
        target_not_before: None,
        push_due: None,
    }
}

fn name(sender: u64, number: u64) -> String {
    format!("{sender}-{number}")
}

/// The disk has no memory that processes could share, so its one connection holds the file alone.
async fn open(disk: &Disk, synchronous: SqliteSynchronous) -> (SqlitePool, SqliteStore) {
    let options = SqliteConnectOptions::new()
        .filename("chat.db")
        .vfs(disk.name())
        .create_if_missing(true)
        .locking_mode(SqliteLockingMode::Exclusive)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .pragma("temp_store", "memory")
        .pragma("wal_autocheckpoint", "30");
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    migrate(&pool).await.unwrap();
    let durability = match synchronous {
        SqliteSynchronous::Full => Durability::PowerLoss,
        _ => Durability::ProcessCrash,
    };
    let store = SqliteStore::with_durability(pool.clone(), pool.clone(), durability).await.unwrap();
    (pool, store)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
