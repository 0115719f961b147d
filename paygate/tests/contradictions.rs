//! A row that contradicts itself or its neighbors is a typed error on both databases, never a guess.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use paygate::testing::{actor, minute, payment_id, resource, subject};
use paygate::{PaymentStore, StoreError, Verdict};
#[cfg(feature = "postgres")]
use support::postgres::Schema;
use support::service::World;
use support::sqlite::File;

/// What is done to a payment that stands so, and the column that is named.
const BENT: [(&str, &str, &str); 17] = [
    ("pay-1", "state = 'lapsed'", "state"),
    ("pay-1", "state = 'refunded'", "rank"),
    ("pay-1", "paid_at = NULL, entitled = 0", "paid_at"),
    ("pay-1", "paid_seen_at = NULL", "paid_seen_at"),
    ("pay-1", "reference = NULL", "reference"),
    ("pay-1", "refunded_at = 7", "refunded_at"),
    ("pay-1", "entitled = 0", "entitled"),
    ("pay-1", "entitled = 2", "entitled"),
    ("pay-1", "doubt_lasting = 1", "doubt_lasting"),
    ("pay-1", "hinted_at = 7", "hinted_at"),
    ("pay-1", "unseen_at = 7", "unseen_at"),
    ("pay-2", "paid_at = 7", "paid_at"),
    ("pay-2", "in_flight = 1", "in_flight"),
    ("pay-2", "in_flight = -1", "in_flight"),
    ("pay-2", "doubt_lasting = 1", "in_flight"),
    ("pay-2", "doubt_lasting = 9", "doubt_lasting"),
    ("pay-2", "hinted_at = 7", "in_flight"),
];

/// What is done to the grant of the paid one, or to its payment, and who knocks.
const UNBACKED: [(&str, &str); 3] = [
    ("UPDATE paygate_grants SET subject = 'user:2'", "user:2"),
    ("UPDATE paygate_grants SET payment = 'pay-2'", "user:1"),
    ("UPDATE paygate_payments SET entitled = 0 WHERE id = 'pay-1'", "user:1"),
];

/// One payment is paid, another is open.
async fn two_payments<S: PaymentStore>(store: S) -> World<S> {
    let world = World::new(store);
    let first = world.begun().await;
    world.is_paid(&first, "R1");
    world.signed(&first.intent.id).await;
    world.start("user:2", "room:8", "k2").await.unwrap();
    world
}

async fn is_refused<S: PaymentStore>(world: &World<S>, (id, change, named): (&str, &str, &str)) {
    let error = world.payments.payment(&payment_id(id)).await.unwrap_err();
    let StoreError::Inconsistent { table, column, row } = error else { panic!("{change}: {error:?}") };
    assert_eq!((table, column, row.as_str()), ("paygate_payments", named, id), "{change}");
    // Nobody acts on it either.
    let ruled = world.payments.resolve(&payment_id(id), Verdict::Noted, actor("admin:1")).await;
    assert!(ruled.is_err(), "{change}");
}

async fn lets_nobody_in<S: PaymentStore>(world: &World<S>, (change, who): (&str, &str)) {
    let error =
        world.payments.store().access(&subject(who), &resource("room:7"), minute(1)).await.unwrap_err();
    let StoreError::Inconsistent { table, column, .. } = error else { panic!("{change}: {error:?}") };
    assert_eq!((table, column), ("paygate_grants", "payment"), "{change}");
}

#[tokio::test]
async fn contradictions_are_typed_errors_in_sqlite() {
    for bent in BENT {
        let file = File::new();
        let world = two_payments(file.open().await).await;
        let update = format!("UPDATE paygate_payments SET {} WHERE id = '{}'", bent.1, bent.0);
        sqlx::query(sqlx::AssertSqlSafe(update)).execute(&file.pool(1).await).await.unwrap();
        is_refused(&world, bent).await;
    }
    for unbacked in UNBACKED {
        let file = File::new();
        let world = two_payments(file.open().await).await;
        sqlx::query(unbacked.0).execute(&file.pool(1).await).await.unwrap();
        lets_nobody_in(&world, unbacked).await;
    }
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn contradictions_are_typed_errors_in_postgres() {
    let schema = Schema::new();
    let store = schema.open().await;
    let pool = schema.pool().await;
    for bent in BENT {
        schema.empty().await;
        let world = two_payments(store.clone()).await;
        let update = format!("UPDATE paygate_payments SET {} WHERE id = '{}'", bent.1, bent.0);
        sqlx::query(sqlx::AssertSqlSafe(update)).execute(&pool).await.unwrap();
        is_refused(&world, bent).await;
    }
    for unbacked in UNBACKED {
        schema.empty().await;
        let world = two_payments(store.clone()).await;
        sqlx::query(unbacked.0).execute(&pool).await.unwrap();
        lets_nobody_in(&world, unbacked).await;
    }
}
