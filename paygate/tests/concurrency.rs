//! T1, T13, T24: sixty-four at once behind a barrier, on each store.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::sync::Arc;

use paygate::testing::Answer;
use paygate::{MemoryStore, Outcome, PaymentStore, StartError, State};
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
async fn t01_sixty_four_callbacks_at_once_grant_once_in_memory() {
    callbacks(MemoryStore::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t01_sixty_four_callbacks_at_once_grant_once_in_sqlite() {
    let file = File::new();
    Box::pin(callbacks(file.open().await)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t01_sixty_four_callbacks_at_once_grant_once_in_postgres() {
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

/// A flood from outside: so many callbacks, all on their way at once.
const FLOOD: usize = 1_000;

async fn flood<S: PaymentStore>(world: &Arc<World<S>>, query: fn(usize) -> String) -> Vec<Option<State>> {
    let calls: Vec<_> = (0..FLOOD)
        .map(|number| {
            let world = Arc::clone(world);
            tokio::spawn(
                async move { world.callback(&query(number)).await.ok().map(|payment| payment.state) },
            )
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    answers
}

/// Nothing is written and nobody is asked for what is not ours; for what is ours and pending, one question is on
/// its way at a time, and what the flood leaves behind is what the first callback left.
async fn floods<S: PaymentStore>(store: S) {
    let world = Arc::new(World::new(store));
    assert_eq!(flood(&world, |number| format!("signed=ghost-{number}")).await, [None; FLOOD]);
    assert_eq!((world.provider.queries(), world.events().await.len()), (0, 0));

    let payment = world.begun().await;
    let id = &payment.intent.id;
    world.provider.always(id, Answer::Says(Outcome::Pending));
    world.signed(id).await;
    let (events, trail) = (world.events().await, world.payments.trail(id).await.unwrap());
    let query = |number| format!("{}=pay-1", if number % 2 == 0 { "signed" } else { "hint" });
    assert_eq!(flood(&world, query).await, [Some(State::Open); FLOOD]);
    assert_eq!(world.provider.queries_at_once_max(), 1);
    assert_eq!(world.events().await, events);
    let kept = world.payments.trail(id).await.unwrap();
    assert!(kept.len() <= trail.len() + 1, "the trail repeats nothing: {kept:?}");
    assert!(matches!(world.access("user:1", "room:7").await, paygate::Access::InFlight(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t24_a_thousand_callbacks_for_unknown_and_for_pending_ids_in_memory() {
    floods(MemoryStore::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t24_a_thousand_callbacks_for_unknown_and_for_pending_ids_in_sqlite() {
    let file = File::new();
    Box::pin(floods(file.open().await)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t24_a_thousand_callbacks_for_unknown_and_for_pending_ids_in_postgres() {
    let schema = Schema::new();
    Box::pin(floods(schema.open().await)).await;
}
