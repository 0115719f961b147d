//! Random lists of operations: the reference against a plain list, `SQLite` and `PostgreSQL` against the reference, and
//! clients that come and go against the store.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chat_core::{
    Append, ChatStore, Conversation, Event, HistoryPage, InboxEntry, MemoryStore, MessageId, Op, Page,
    PushOutcome, Seq, UserId,
};
use jiff::Timestamp;
use proptest::prelude::*;
use support::chat::{ALICE, BOB, Client, EVE, ROOM, id, node, say, unhurried, who};
use uuid::Uuid;

/// One step of a run.
#[derive(Clone, Debug)]
enum Step {
    /// A batch.
    Append(Vec<Entry>),
    Mark {
        by: usize,
        read: u64,
    },
    Purge {
        up_to: u64,
    },
    /// Claims what is due so many seconds after this step; every other job is finished, or put off.
    Push {
        after_s: i64,
        done: bool,
    },
}

/// The client id is drawn from few, so that retries and reuses are common, within a batch too.
#[derive(Clone, Debug)]
struct Entry {
    by: usize,
    client_id: u8,
    op: Op,
}

const USERS: [UserId; 3] = [ALICE, BOB, EVE];

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let op = prop_oneof![
        4 => (0..3_u8).prop_map(|word| say(&format!("word {word}"))),
        2 => (0..12_u64, 0..3_u8).prop_map(|(target, word)| Op::Edit { target: Seq(target), content: format!("new {word}") }),
        1 => (0..12_u64).prop_map(|target| Op::Delete { target: Seq(target) }),
    ];
    let entry = (by(), 0..40_u8, op).prop_map(|(by, client_id, op)| Entry { by, client_id, op });
    prop::collection::vec(entry, 1..6)
}

fn by() -> impl Strategy<Value = usize> + Clone {
    prop_oneof![5 => Just(0_usize), 5 => Just(1_usize), 1 => Just(2_usize)]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => entries().prop_map(Step::Append),
        1 => (by(), 0..40_u64).prop_map(|(by, read)| Step::Mark { by, read }),
    ];
    prop::collection::vec(step, 1..40)
}

/// With everything that a store can be asked to do.
fn all_steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => entries().prop_map(Step::Append),
        2 => (by(), 0..40_u64).prop_map(|(by, read)| Step::Mark { by, read }),
        1 => (0..30_u64).prop_map(|up_to| Step::Purge { up_to }),
        2 => (0..20_i64, any::<bool>()).prop_map(|(after_s, done)| Step::Push { after_s, done }),
    ];
    prop::collection::vec(step, 1..40)
}

/// How long after its post a push is due.
const PUSH_AFTER_S: i64 = 5;

fn instant(number: usize, after_s: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + i64::try_from(number).unwrap() + after_s).unwrap()
}

/// Does the step and says everything that the store answered.
async fn apply(store: &impl ChatStore, number: usize, step: &Step) -> String {
    match step {
        Step::Append(entries) => {
            let item = |(place, entry): (usize, &Entry)| Append {
                conversation: ROOM,
                by: USERS[entry.by],
                client_id: id(&entry.client_id.to_string()),
                message: MessageId(Uuid::from_u128((number * 10 + place + 1) as u128)),
                at: instant(number, 0),
                op: entry.op.clone(),
                target_not_before: None,
                push_due: Some(instant(number, PUSH_AFTER_S)),
            };
            let answers = store.append(entries.iter().enumerate().map(item).collect()).await;
            let said = answers.into_iter().map(|answer| match answer {
                Ok(appended) => format!("{:?} {} {:?}", appended.event, appended.duplicate, appended.members),
                Err(error) => error.to_string(),
            });
            said.collect::<Vec<_>>().join("; ")
        }
        Step::Mark { by, read } => match store.mark(ROOM, USERS[*by], Seq(*read)).await {
            Ok(mark) => format!("{mark:?}"),
            Err(error) => error.to_string(),
        },
        Step::Purge { up_to } => format!("{:?}", store.purge(ROOM, Seq(*up_to)).await),
        Step::Push { after_s, done } => {
            let now = instant(number, *after_s);
            let mut jobs = store.claim_push(now, instant(number, after_s + 3), 10).await.unwrap();
            jobs.sort_by_key(|job| job.to);
            for job in jobs.iter().step_by(2) {
                let outcome = if *done {
                    PushOutcome::Done
                } else {
                    PushOutcome::RetryAt(instant(number, after_s + 7))
                };
                store.finish_push(job, outcome).await.unwrap();
            }
            format!("{jobs:?}")
        }
    }
}

async fn prepared(store: &impl ChatStore) {
    store
        .create_conversation(ROOM, &[ALICE, BOB], Timestamp::from_second(1_700_000_000).unwrap())
        .await
        .unwrap();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Unread by its definition, and history as the fold of the log.
    #[test]
    fn memory_store_agrees_with_the_definitions(steps in steps()) {
        runtime().block_on(async {
            let store = MemoryStore::new();
            prepared(&store).await;
            for (number, step) in steps.iter().enumerate() {
                apply(&store, number, step).await;
            }
            let log = store.log(ROOM, Page::After(Seq::ZERO), 1_000).await.unwrap();
            let seqs: Vec<u64> = log.iter().map(|event| event.seq.0).collect();
            assert_eq!(seqs, (1..=log.len() as u64).collect::<Vec<_>>());
            for member in store.conversation(ROOM).await.unwrap().unwrap().members {
                let posts = log.iter().filter(|event| matches!(event.op, Op::Post { .. }));
                let unread = posts.filter(|event| event.seq > member.read && event.by != member.user && !event.erased).count();
                assert_eq!(store.unread(member.user).await.unwrap(), unread as u64);
            }
            let mut folded: Vec<_> = log.iter().filter_map(chat_core::Message::from_post).collect();
            for event in &log {
                folded.iter_mut().for_each(|message| message.apply(event));
            }
            assert_eq!(store.history(ROOM, Page::LATEST, 1_000).await.unwrap().messages, folded);
        });
    }

    /// For any schedule of pulls, reconnects and slow reads, both clients got exactly the log.
    #[test]
    fn any_schedule_of_reconnects_shows_the_log(
        steps in steps(),
        schedule in prop::collection::vec((0..2_usize, 0..4_u8), 1..60),
        ring_frames_max in 1..12_usize,
    ) {
        runtime().block_on(async {
            let store = MemoryStore::new();
            let limits = chat_core::Limits { ring_frames_max, backlog_items_max: 3, ..unhurried() };
            let node = node(store.clone(), chat_core::InProcessBus::new(), limits);
            prepared(&store).await;
            let mut heard: [Vec<Event>; 2] = [Vec::new(), Vec::new()];
            let mut clients = [
                Client::open(&node.engine, ALICE, None).await.unwrap(),
                Client::open(&node.engine, BOB, None).await.unwrap(),
            ];
            let mut moves = schedule.iter().cycle();
            for step in &steps {
                if let Step::Append(entries) = step {
                    for Entry { by, client_id, op } in entries {
                        let wish = (id(&client_id.to_string()), op.clone());
                        let _refusals_are_part_of_it = node.engine.append_all(&who(USERS[*by]), ROOM, vec![wish]).await;
                    }
                }
                let (which, what) = *moves.next().unwrap();
                match what {
                    0 => clients[which].pull(200).await,
                    1 => {
                        let cursor = clients[which].cursor();
                        heard[which].append(&mut clients[which].log);
                        clients[which] = Client::open(&node.engine, USERS[which], Some(cursor)).await.unwrap();
                        assert!(clients[which].session.ready().resumed);
                    }
                    _ => {}
                }
            }
            let log = store.log(ROOM, Page::After(Seq::ZERO), 1_000).await.unwrap();
            for (client, mut heard) in clients.into_iter().zip(heard) {
                let mut client = client;
                client.pull(1_000).await;
                heard.append(&mut client.log);
                assert_eq!(heard.len(), log.len());
                for (heard, stored) in heard.iter().zip(&log) {
                    // What was deleted meanwhile was shown with its words, or is gone.
                    assert_eq!((heard.seq, &heard.client_id), (stored.seq, &stored.client_id));
                    assert!(stored.erased || heard == stored);
                }
            }
        });
    }
}

/// Everything that can be read.
#[derive(Debug, PartialEq)]
struct View {
    log: Vec<Event>,
    log_page: Vec<Event>,
    history: [HistoryPage; 2],
    conversation: Option<Conversation>,
    inbox: Vec<InboxEntry>,
    unread: [u64; 2],
}

async fn view(store: &impl ChatStore) -> View {
    View {
        log: store.log(ROOM, Page::After(Seq::ZERO), 1_000).await.unwrap(),
        log_page: store.log(ROOM, Page::Before(Seq(7)), 3).await.unwrap(),
        history: [
            store.history(ROOM, Page::LATEST, 5).await.unwrap(),
            store.history(ROOM, Page::After(Seq(2)), 4).await.unwrap(),
        ],
        conversation: store.conversation(ROOM).await.unwrap(),
        inbox: store.inbox(BOB, None, 10).await.unwrap(),
        unread: [store.unread(ALICE).await.unwrap(), store.unread(BOB).await.unwrap()],
    }
}

/// The same steps on an empty store and on the reference, with the same answers.
async fn agrees_with_the_reference(store: &impl ChatStore, steps: &[Step]) {
    let memory = MemoryStore::new();
    prepared(store).await;
    prepared(&memory).await;
    for (number, step) in steps.iter().enumerate() {
        assert_eq!(apply(store, number, step).await, apply(&memory, number, step).await, "{step:?}");
    }
    assert_eq!(view(store).await, view(&memory).await);
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use chat_core::sqlite::{Durability, SqliteStore, migrate};
    use sqlx::sqlite::SqlitePoolOptions;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn sqlite_store_agrees_with_the_reference(steps in all_steps()) {
            runtime().block_on(async {
                let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
                migrate(&pool).await.unwrap();
                let sqlite = SqliteStore::with_durability(pool.clone(), pool, Durability::ProcessCrash).await.unwrap();
                agrees_with_the_reference(&sqlite, &steps).await;
            });
        }
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use chat_core::postgres::{PostgresStore, migrate};
    use proptest::test_runner::TestRunner;
    use sqlx::postgres::PgPoolOptions;

    use super::*;
    use crate::support::postgres::Database;

    #[test]
    fn postgres_store_agrees_with_the_reference() {
        let runtime = runtime();
        let (_database, pool) = runtime.block_on(async {
            let database = Database::make().await;
            let pool =
                PgPoolOptions::new().max_connections(2).connect_with(database.options()).await.unwrap();
            migrate(&pool).await.unwrap();
            (database, pool)
        });
        let mut runner = TestRunner::new(ProptestConfig::with_cases(24));
        let ran = runner.run(&all_steps(), |steps| {
            runtime.block_on(async {
                let empty = "TRUNCATE chat_push, chat_events, chat_members, chat_conversations";
                sqlx::raw_sql(empty).execute(&pool).await.unwrap();
                let postgres = PostgresStore::new(pool.clone()).await.unwrap();
                agrees_with_the_reference(&postgres, &steps).await;
            });
            Ok(())
        });
        ran.unwrap_or_else(|failure| panic!("{failure}"));
    }
}
