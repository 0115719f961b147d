//! Promises under concurrency: sixty-four at once, released together.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::Barrier;

use super::*;
use crate::GrantStore as _;
use crate::model::Access;
use crate::testing::{resource, subject};

const CROWD: usize = 64;

/// Runs `act` in sixty-four tasks that begin at the same time.
async fn at_once<T, F>(act: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(CROWD));
    let tasks: Vec<_> = (0..CROWD)
        .map(|number| {
            let (barrier, act) = (Arc::clone(&barrier), act(number));
            tokio::spawn(async move {
                barrier.wait().await;
                act.await
            })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap_or_else(|error| panic!("a task died: {error}")));
    }
    answers
}

/// T13: a door is opened once, however many knock.
///
/// # Panics
/// The promise is broken.
pub async fn of_sixty_four_starts_one_begins<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let answers = at_once(|number| {
        let store = store.clone();
        let opening = Opening {
            payment: payment(&format!("p{number}")),
            key: key(&format!("k{number}")),
            asked: Vec::new(),
        };
        async move { store.open(opening).await.unwrap_or_else(|error| panic!("{error}")) }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Opened::New(_))).count(), 1);
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Opened::AlreadyOpen(_))).count(), CROWD - 1);
    assert_eq!(events(&store).await.len(), 1);
}

/// T1: one grant, one telling of it.
///
/// # Panics
/// The promise is broken.
pub async fn of_sixty_four_commits_one_wins<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let first = opened(&store, payment("p")).await;
    let change = change(&first, &paid(&first, "R1"), minute(1));
    let answers = at_once(|_| {
        let (store, change) = (store.clone(), change.clone());
        async move { store.commit(change).await.unwrap_or_else(|error| panic!("{error}")) }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| **answer == Committed::Applied).count(), 1);
    let told = events(&store).await;
    assert_eq!(told.iter().filter(|(_, kind)| matches!(kind, EventKind::Granted(_))).count(), 1);
    assert_eq!(told.len(), 3);
}

/// I2: of many payments one gets the reference.
///
/// # Panics
/// The promise is broken.
pub async fn of_sixty_four_claims_one_wins<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    let mut changes = Vec::new();
    for number in 0..CROWD {
        let who = format!("user:{number}");
        let first = opened(&store, payment_for(&format!("p{number}"), &who, "room:7")).await;
        changes.push(change(&first, &paid(&first, "R1"), minute(1)));
    }
    let answers = at_once(|number| {
        let (store, change) = (store.clone(), changes[number].clone());
        async move { store.commit(change).await.unwrap_or_else(|error| panic!("{error}")) }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| **answer == Committed::Applied).count(), 1);
    let mut open = 0;
    for number in 0..CROWD {
        let access = store.access(&subject(&format!("user:{number}")), &resource("room:7"), minute(1)).await;
        open += usize::from(matches!(access, Ok(Access::Granted(_))));
    }
    assert_eq!(open, 1);
}

/// Work is handed out once.
///
/// # Panics
/// The promise is broken.
pub async fn of_sixty_four_nodes_one_gets_the_lease<H: Harness>(harness: &H) {
    let shelf = Shelf::new();
    let store = harness.open(&shelf).await;
    opened(&store, payment("p")).await;
    let answers = at_once(|_| {
        let store = store.clone();
        async move {
            let due = store.lease_due(minute(5), SignedDuration::from_mins(1), 10).await;
            due.map(|due| due.len()).unwrap_or_else(|error| panic!("{error}"))
        }
    })
    .await;
    assert_eq!(answers.iter().sum::<usize>(), 1);
}
