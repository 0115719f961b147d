//! Acknowledged is durable on PostgreSQL, too: its server is killed in the middle of the work, and comes back.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chat_core::{
    Append, ChatStore, MessageId, Page, Seq,
    postgres::{PostgresStore, migrate},
};
use jiff::Timestamp;
use sqlx::postgres::PgPoolOptions;
use support::{
    chat::{ALICE, BOB, ROOM, id, say},
    postmaster::Postmaster,
};
use uuid::Uuid;

const SENDERS: u64 = 4;
const ROUNDS: u64 = 3;
/// Acknowledgements before the kill, more in each round.
const EACH_ROUND: u64 = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_server_keeps_what_was_acknowledged() {
    let mut server = Postmaster::start().await;
    let pool = PgPoolOptions::new().max_connections(4).acquire_timeout(Duration::from_secs(5));
    let pool = pool.connect(&server.url()).await.unwrap();
    migrate(&pool).await.unwrap();
    let store = PostgresStore::new(pool).await.unwrap();
    store.create_conversation(ROOM, &[ALICE, BOB], Timestamp::UNIX_EPOCH).await.unwrap();
    let mut acknowledged = Vec::new();
    for round in 1..=ROUNDS {
        let count = Arc::new(AtomicU64::new(0));
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| tokio::spawn(send(store.clone(), round, sender, Arc::clone(&count))))
            .collect();
        while count.load(Ordering::SeqCst) < EACH_ROUND * round {
            tokio::task::yield_now().await;
        }
        server.kill();
        for sender in senders {
            acknowledged.extend(sender.await.unwrap());
        }
        server.go_on().await;
    }
    let log = store.log(ROOM, Page::After(Seq::ZERO), 1_000_000).await.unwrap();
    for (number, event) in (1..).zip(&log) {
        assert_eq!(event.seq, Seq(number), "the log has a hole");
    }
    let lost = acknowledged.iter().filter(|(seq, name)| {
        let index = usize::try_from(seq.0 - 1).unwrap();
        log.get(index).is_none_or(|event| event.client_id != id(name))
    });
    let lost: Vec<_> = lost.collect();
    println!("{} acknowledged over {ROUNDS} kills, {} lost", acknowledged.len(), lost.len());
    assert!(lost.is_empty(), "{lost:?}");
    assert!(acknowledged.len() as u64 >= EACH_ROUND * ROUNDS);
}

/// What was acknowledged, until something was not.
async fn send(store: PostgresStore, round: u64, sender: u64, count: Arc<AtomicU64>) -> Vec<(Seq, String)> {
    let mut told = Vec::new();
    for number in 0.. {
        let name = format!("{round}-{sender}-{number}");
        let item = Append {
            conversation: ROOM,
            by: if sender.is_multiple_of(2) { ALICE } else { BOB },
            client_id: id(&name),
            message: MessageId(Uuid::from_u64_pair(round << 32 | sender, number)),
            at: Timestamp::UNIX_EPOCH,
            op: say("somebody must not lose this"),
            target_not_before: None,
            push_due: None,
        };
        match store.append(vec![item]).await.remove(0) {
            Ok(appended) => told.push((appended.event.seq, name)),
            Err(error) => {
                assert!(error.is_retryable(), "{error}");
                break;
            }
        }
        count.fetch_add(1, Ordering::SeqCst);
    }
    told
}
