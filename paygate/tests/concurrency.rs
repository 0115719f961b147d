//! T1, T13, T24: sixty-four at once behind a barrier, on each store.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::sync::Arc;

use paygate::{MemoryStore, PaymentStore, StartError, State};
#[cfg(feature = "postgres")]
use support::postgres::Schema;
use support::service::World;
use support::sqlite::File;
use tokio::sync::Barrier;

const CROWD: usize = 64;

async fn crowd<S: PaymentStore, T, F>(world: &Arc<World<S>>, act: fn(Arc<World<S>>, usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(CROWD));
    let tasks: Vec<_> = (0..CROWD)
        .map(|number| {
            let (barrier, world) = (Arc::clone(&barrier), Arc::clone(world));
            tokio::spawn(async move {
                barrier.wait().await;
                act(world, number).await
            })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

async fn callbacks<S: PaymentStore>(store: S) {
    let world = Arc::new(World::new(store));
    let payment = world.begun().await;
    world.is_paid(&payment, "R1");
    let answers = crowd(&world, |world, _| async move {
        let id = paygate::testing::payment_id("pay-1");
        world.signed(&id).await.state
    })
    .await;
    assert_eq!(answers, [State::Paid; CROWD]);
    assert_eq!(world.grants().await, 1);
    assert!(world.provider.queries() <= 2, "one question on its way at a time: {}", world.provider.queries());
}

async fn starts<S: PaymentStore>(store: S) {
    let world = Arc::new(World::new(store));
    let answers = crowd(&world, |world, number| async move {
        // Half of them press the same button twice, the other half have a key of their own.
        world.start("user:1", "room:7", &format!("k{}", if number % 2 == 0 { 0 } else { number })).await
    })
    .await;
    let started: Vec<_> = answers.into_iter().map(|answer: Result<_, StartError>| answer.unwrap()).collect();
    assert_eq!(started.iter().filter(|started| started.fresh).count(), 1);
    assert!(started.iter().all(|one| one.payment.intent.id == started[0].payment.intent.id));
    assert_eq!(world.events().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t1_sixty_four_callbacks_at_once_grant_once_in_memory() {
    callbacks(MemoryStore::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t1_sixty_four_callbacks_at_once_grant_once_in_sqlite() {
    let file = File::new();
    Box::pin(callbacks(file.open().await)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t1_sixty_four_callbacks_at_once_grant_once_in_postgres() {
    let schema = Schema::new();
    Box::pin(callbacks(schema.open().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t13_sixty_four_starts_at_once_begin_once_in_memory() {
    starts(MemoryStore::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t13_sixty_four_starts_at_once_begin_once_in_sqlite() {
    let file = File::new();
    Box::pin(starts(file.open().await)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t13_sixty_four_starts_at_once_begin_once_in_postgres() {
    let schema = Schema::new();
    Box::pin(starts(schema.open().await)).await;
}

#[tokio::test]
async fn t24_a_flood_of_callbacks_for_unknown_ids_writes_and_asks_nothing() {
    let world = World::new(MemoryStore::new());
    for number in 0..1_000 {
        assert!(world.callback(&format!("signed=ghost-{number}")).await.is_err());
    }
    assert_eq!((world.provider.queries(), world.events().await.len()), (0, 0));
}
