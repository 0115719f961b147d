//! The `PostgreSQL` store keeps every promise of the contract, also with two nodes on one database. The server is the one
//! of `TEST_POSTGRES_URL`, or a local one; each test has a database of its own there.
#![cfg(all(feature = "conformance", feature = "postgres"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::Arc;

use chat_core::{
    Append, ChatStore, MessageId, Page, Seq,
    conformance::StoreHarness,
    postgres::{OpenError, PostgresStore, migrate},
};
use sqlx::{PgPool, postgres::PgPoolOptions};
use support::{
    chat::{ALICE, BOB, ROOM, id, say},
    postgres::Database,
};
use uuid::Uuid;

struct Postgres {
    database: Database,
    pool: PgPool,
    store: PostgresStore,
}

impl Postgres {
    async fn open(database: Database) -> Self {
        let pool = PgPoolOptions::new().max_connections(6).connect_with(database.options()).await.unwrap();
        migrate(&pool).await.unwrap();
        let store = PostgresStore::new(pool.clone()).await.unwrap();
        Self { database, pool, store }
    }
}

impl StoreHarness for Postgres {
    type Store = PostgresStore;

    async fn fresh() -> Self {
        Self::open(Database::make().await).await
    }

    fn store(&self) -> &PostgresStore {
        &self.store
    }

    async fn reopen(self) -> Self {
        self.pool.close().await;
        Self::open(self.database).await
    }
}

chat_core::store_conformance!(Postgres);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_leave_no_gap_and_store_once() {
    let here = Postgres::fresh().await;
    let there = PostgresStore::new(here.pool.clone()).await.unwrap();
    let stores = [Arc::new(here.store.clone()), Arc::new(there)];
    here.store.create_conversation(ROOM, &[ALICE, BOB], jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    let mut senders = Vec::new();
    for sender in 0..8_u128 {
        let store = Arc::clone(&stores[usize::try_from(sender % 2).unwrap()]);
        senders.push(tokio::spawn(async move {
            // Each id is sent by two senders of the same member, one on each node.
            for number in 0..40_u128 {
                let by = if sender % 4 < 2 { ALICE } else { BOB };
                let item = Append {
                    conversation: ROOM,
                    by,
                    client_id: id(&format!("{}-{number}", sender / 2)),
                    message: MessageId(Uuid::from_u128(1 + sender * 1_000 + number)),
                    at: jiff::Timestamp::from_second(1).unwrap(),
                    op: say("x"),
                    target_not_before: None,
                    push_due: None,
                };
                store.append(vec![item]).await.remove(0).unwrap();
            }
        }));
    }
    let mut seen = Seq::ZERO;
    while seen < Seq(160) {
        for event in here.store.log(ROOM, Page::After(seen), 7).await.unwrap() {
            assert_eq!(event.seq, seen.next(), "the reader skipped an entry");
            seen = event.seq;
        }
    }
    for sender in senders {
        sender.await.unwrap();
    }
    assert_eq!(here.store.log(ROOM, Page::After(Seq::ZERO), 1_000).await.unwrap().len(), 160);
}

#[tokio::test]
async fn asynchronous_commit_is_refused() {
    let harness = Postgres::fresh().await;
    let weak = harness.database.options().options([("synchronous_commit", "off")]);
    let pool = PgPoolOptions::new().max_connections(1).connect_with(weak).await.unwrap();
    assert!(matches!(PostgresStore::new(pool).await, Err(OpenError::NotDurable { .. })));
}
