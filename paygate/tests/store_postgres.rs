//! The PostgreSQL store keeps every promise of the suite, in a schema that the host may share, with any number
//! of nodes.

mod support;

use std::sync::Arc;

use paygate::conformance::{Harness, Shelf};
use paygate::postgres::{OpenError, PostgresStore, migrate};
use paygate::testing::{key, minute, payment, payment_for};
use paygate::{IdempotencyKey, Opened, Opening, PaymentStore as _, StoreError};
use sqlx::postgres::PgPoolOptions;
use support::postgres::{Schema, server};

struct Postgres;

impl Harness for Postgres {
    type Store = PostgresStore;

    async fn open(&self, shelf: &Shelf) -> PostgresStore {
        shelf.keep(Schema::new).open().await
    }
}

paygate::store_conformance!(Postgres);

/// Two nodes, each with a pool of its own.
async fn two_nodes(schema: &Schema) -> [PostgresStore; 2] {
    [schema.open().await, schema.open().await]
}

fn opening(id: &str, who: &str, what: &str, key: IdempotencyKey) -> Opening {
    Opening { payment: payment_for(id, who, what), key, asked: vec![] }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_of_two_nodes_have_no_gap_and_come_in_order() {
    let schema = Schema::new();
    let nodes = two_nodes(&schema).await;
    let mut writers = Vec::new();
    for number in 0..8 {
        let node = nodes[number % 2].clone();
        writers.push(tokio::spawn(async move {
            for round in 0..20 {
                let who = format!("user:{number}");
                let opening = opening(
                    &format!("p{number}-{round}"),
                    &who,
                    &format!("room:{round}"),
                    key(&format!("k{round}")),
                );
                assert!(matches!(node.open(opening).await, Ok(Opened::New(_))));
            }
        }));
    }
    let mut last = 0;
    while last < 160 {
        for (number, _) in nodes[0].events_after(last, 7).await.unwrap() {
            assert_eq!(number, last + 1, "the reader skipped an event");
            last = number;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_for_two_rooms_at_once_begins_one() {
    let schema = Schema::new();
    let nodes = two_nodes(&schema).await;
    for round in 0..10 {
        let both = ["a", "b"].map(|room| {
            let id = format!("p{round}{room}");
            opening(&id, "user:1", &format!("room:{round}{room}"), key(&format!("k{round}")))
        });
        let [first, second] = both;
        let (first, second) = tokio::join!(nodes[0].open(first), nodes[1].open(second));
        let answers = [first.unwrap(), second.unwrap()];
        assert_eq!(answers.iter().filter(|answer| matches!(answer, Opened::New(_))).count(), 1);
        assert_eq!(answers.iter().filter(|answer| **answer == Opened::KeyReused).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_share_out_what_is_due() {
    let schema = Schema::new();
    let nodes = Arc::new(two_nodes(&schema).await);
    for number in 0..40 {
        let opening = opening(&format!("p{number}"), &format!("user:{number}"), "room:7", key("k"));
        assert!(matches!(nodes[0].open(opening).await, Ok(Opened::New(_))));
    }
    let lease = jiff::SignedDuration::from_mins(1);
    let mut rounds = Vec::new();
    for number in 0..16 {
        let nodes = Arc::clone(&nodes);
        rounds.push(tokio::spawn(
            async move { nodes[number % 2].lease_due(minute(5), lease, 5).await.unwrap() },
        ));
    }
    let mut leased = Vec::new();
    for round in rounds {
        leased.extend(round.await.unwrap().into_iter().map(|payment| payment.intent.id));
    }
    leased.extend(nodes[0].lease_due(minute(5), lease, 40).await.unwrap().into_iter().map(|p| p.intent.id));
    leased.sort();
    assert_eq!(leased.len(), 40);
    leased.dedup();
    assert_eq!(leased.len(), 40, "a payment was leased twice");
}

#[tokio::test]
async fn migrations_live_beside_the_hosts_own_and_may_race() {
    let schema = Schema::new();
    let _store = schema.open().await;
    let pool = schema.pool().await;
    sqlx::query("CREATE TABLE _sqlx_migrations (version bigint, note text)").execute(&pool).await.unwrap();
    let (first, second) = tokio::join!(migrate(&pool), migrate(&pool));
    first.and(second).unwrap();
    let foreign: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.tables
         WHERE table_schema = current_schema() AND table_name NOT LIKE 'paygate\\_%'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(foreign, ["_sqlx_migrations"]);
}

#[tokio::test]
async fn a_row_that_contradicts_itself_is_a_typed_error() {
    let schema = Schema::new();
    let store = schema.open().await;
    let _ = store.open(opening("p", "user:1", "room:7", key("k"))).await.unwrap();
    sqlx::query("UPDATE paygate_payments SET state = 'paid'").execute(&schema.pool().await).await.unwrap();
    let error = store.load(&payment("p").intent.id).await.unwrap_err();
    let StoreError::Inconsistent { table, column, row } = error else { panic!("{error:?}") };
    assert_eq!((table, column, row.as_str()), ("paygate_payments", "rank", "p"));
}

#[tokio::test]
async fn the_database_itself_refuses_a_falling_rank_and_a_second_live_grant() {
    let schema = Schema::new();
    let _store = schema.open().await;
    let pool = schema.pool().await;
    for statement in [
        "INSERT INTO paygate_payments VALUES ('p','s','r',1,'NPR',NULL,'e','m',NULL,0,1,'paid',NULL,2,0,0,NULL,NULL,NULL,0,0,NULL,1,0,0,NULL,0,NULL,NULL)",
        "INSERT INTO paygate_grants VALUES ('g','p','s','r',0,NULL,NULL)",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    for (statement, refused) in [
        ("UPDATE paygate_payments SET rank = 1", "rank only rises"),
        ("INSERT INTO paygate_grants VALUES ('h','p','s','other',0,NULL,NULL)", "unique"),
    ] {
        let error = sqlx::query(statement).execute(&pool).await.unwrap_err().to_string();
        assert!(error.contains(refused), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_forgets_what_it_acknowledged_is_refused() {
    let schema = Schema::new();
    let _store = schema.open().await;
    let weak = server().options([("search_path", schema.name()), ("synchronous_commit", "off")]);
    let pool = PgPoolOptions::new().max_connections(1).connect_with(weak).await.unwrap();
    assert!(matches!(PostgresStore::new(pool).await, Err(OpenError::NotDurable { .. })));
}

#[tokio::test]
async fn a_server_without_the_tables_is_refused() {
    let pool = PgPoolOptions::new().max_connections(1).connect_with(server()).await.unwrap();
    assert!(matches!(PostgresStore::new(pool).await, Err(OpenError::Database(_))));
}
