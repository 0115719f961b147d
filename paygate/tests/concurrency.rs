//! T1, T13, T24: sixty-four at once behind a barrier, on each store.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::sync::Arc;

use paygate::testing::{Answer, subject};
use paygate::{MemoryStore, Outcome, PaymentId, PaymentStore, StartError, State};
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

/// One key, and as many who say that it is for another room.
async fn bodies_of_one_key<S: PaymentStore>(store: S) {
    let world = Arc::new(World::new(store));
    let answers = crowd(&world, |world, number| async move {
        let room = if number % 2 == 0 { "room:7" } else { "room:8" };
        (room, world.start("user:1", room, "k").await)
    })
    .await;
    let begun: Vec<_> =
        answers.iter().filter_map(|(room, answer)| Some((room, answer.as_ref().ok()?))).collect();
    assert_eq!(begun.len(), CROWD / 2, "all of one room, and none of the other");
    assert_eq!(begun.iter().filter(|(_, started)| started.fresh).count(), 1);
    let (room, first) = begun[0];
    assert!(begun.iter().all(|(of, one)| *of == room && one.payment.intent.id == first.payment.intent.id));
    let refused = answers.iter().filter(|(_, answer)| matches!(answer, Err(StartError::KeyReused)));
    assert_eq!(refused.count(), CROWD / 2);
    assert_eq!(world.events().await.len(), 1);
}

/// Begins sixty-four acts and cuts them off somewhere on their way, as the end of the process does.
async fn cut_off<S: PaymentStore, F>(world: &Arc<World<S>>, patience: u32, act: fn(Arc<World<S>>, usize) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let tasks: Vec<_> = (0..CROWD).map(|number| tokio::spawn(act(Arc::clone(world), number))).collect();
    for _ in 0..patience {
        tokio::task::yield_now().await;
    }
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
    for task in tasks {
        let _cut_off_or_done = task.await;
    }
}

/// How far the first process gets.
const PATIENCE: [u32; 4] = [1, 30, 300, 3_000];

async fn the_only_one<S: PaymentStore>(world: &World<S>) -> PaymentId {
    let all = world.payments.payments_of(&subject("user:1"), None, 10).await.unwrap();
    let [payment] = all.try_into().unwrap();
    payment.intent.id
}

/// T1 and T13, each with the end of the process in the middle. `open` opens the same database again.
async fn restarts<S: PaymentStore>(open: impl AsyncFn(u32) -> S) {
    for patience in PATIENCE {
        let world = Arc::new(World::new(open(patience).await));
        cut_off(&world, patience, |world, number| async move {
            let _ = world.start("user:1", "room:7", &format!("k{}", number % 2)).await;
        })
        .await;
        drop(world);
        let world = Arc::new(World::new(open(patience).await));
        let answers = crowd(&world, |world, number| async move {
            world.start("user:1", "room:7", &format!("k{}", number % 4)).await.map(|started| started.payment)
        })
        .await;
        let payments: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        assert!(payments.iter().all(|payment| payment.intent.id == payments[0].intent.id), "{patience}");
        assert_eq!(world.events().await.len(), 1, "{patience}");

        world.is_paid(&payments[0], "R1");
        cut_off(&world, patience, |world, _| async move {
            let _ = world.signed(&the_only_one(&world).await).await;
        })
        .await;
        drop(world);
        let world = Arc::new(World::new(open(patience).await));
        world.is_paid(&payments[0], "R1");
        let answers =
            crowd(&world, |world, _| async move { world.signed(&the_only_one(&world).await).await.state })
                .await;
        assert_eq!(answers, [State::Paid; CROWD], "{patience}");
        assert_eq!(world.grants().await, 1, "{patience}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t01_t13_sixty_four_at_once_with_a_restart_in_the_middle_in_sqlite() {
    let files: Vec<_> = PATIENCE.iter().map(|patience| (*patience, File::new())).collect();
    let open = async |patience| {
        let file = files.iter().find(|(of, _)| *of == patience).map(|(_, file)| file);
        file.unwrap().open().await
    };
    Box::pin(restarts(open)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t01_t13_sixty_four_at_once_with_a_restart_in_the_middle_in_postgres() {
    let schemas: Vec<_> = PATIENCE.iter().map(|patience| (*patience, Schema::new())).collect();
    let open = async |patience| {
        let schema = schemas.iter().find(|(of, _)| *of == patience).map(|(_, schema)| schema);
        schema.unwrap().open().await
    };
    Box::pin(restarts(open)).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t13_one_key_with_two_bodies_at_once_begins_one_in_memory() {
    bodies_of_one_key(MemoryStore::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t13_one_key_with_two_bodies_at_once_begins_one_in_sqlite() {
    let file = File::new();
    Box::pin(bodies_of_one_key(file.open().await)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t13_one_key_with_two_bodies_at_once_begins_one_in_postgres() {
    let schema = Schema::new();
    Box::pin(bodies_of_one_key(schema.open().await)).await;
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
