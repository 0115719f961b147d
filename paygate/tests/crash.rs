//! T11: the process is killed before and after each call of the store and the provider; T12: each call fails, hangs,
//! or succeeds with its answer lost. Whoever restarts begins the story again and lets the schedule run; then the
//! provider's books and ours agree, and nobody was asked to pay twice.
//!
//! A kill is signal 9 to a process of its own: this test starts itself again for each point.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]
#![allow(clippy::large_futures, reason = "a story is told once, on a stack that has room for it")]

mod support;

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use paygate::{Access, MemoryStore, PaymentStore};
use support::interrupt::{How, Plan};
use support::story::Story;

/// Every call at which the story can be cut. A call that is made but not listed here fails the tests, and so does
/// one that is listed and never made.
const CALLS: [&str; 13] = [
    "provider.begin",
    "provider.query",
    "provider.refund",
    "store.access",
    "store.commit",
    "store.events_after",
    "store.in_review",
    "store.lease_due",
    "store.load",
    "store.newest_event",
    "store.open",
    "store.payments_of",
    "store.trail",
];

/// Tells the process that is to be killed where that shall be.
const POINT: &str = "PAYGATE_TEST_POINT";
const PLACE: &str = "PAYGATE_TEST_PLACE";

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Tells the story to its end and names the calls on the way, each twice.
async fn points<S: PaymentStore>(store: S) -> Vec<&'static str> {
    let books = tempfile::tempdir().unwrap();
    let plan = Plan::none();
    let story = Story::new(store, books.path(), Arc::clone(&plan), 0);
    story.tell().await;
    let points = plan.passed();
    assert_eq!(points.iter().copied().collect::<BTreeSet<_>>(), BTreeSet::from(CALLS));
    story.heal().await;
    story.everything_is_right().await;
    points
}

/// The process that dies; it returns only if the point was never reached.
async fn tell_and_die<S: PaymentStore>(store: S, books: &Path, point: usize) {
    Story::new(store, books, Plan::at(point, How::Kill), 0).tell().await;
}

/// The next process: an hour later, the same people, then the schedule.
async fn restart<S: PaymentStore>(store: S, books: &Path, over_the_question: bool) {
    let story = Story::new(store, books, Plan::none(), 60);
    if over_the_question {
        assert!(matches!(story.access(1).await, Access::InFlight(_)), "I7");
    }
    story.nobody_is_asked_to_pay_again().await;
    story.tell().await;
    story.heal().await;
    story.everything_is_right().await;
}

/// The next process, when nobody comes again: the schedule alone.
async fn only_heal<S: PaymentStore>(store: S, books: &Path) {
    let story = Story::new(store, books, Plan::none(), 60);
    story.heal().await;
    story.everything_is_right().await;
}

/// What a killed process left behind, once more.
fn copied(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copied(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Four at a time: most of it is waiting for disks and processes.
fn share_out(points: usize, work: impl Fn(std::iter::StepBy<std::ops::Range<usize>>) + Sync) {
    std::thread::scope(|scope| {
        for first in 0..4 {
            let work = &work;
            scope.spawn(move || work((first..points).step_by(4)));
        }
    });
}

/// Runs the test of this name again, as a process that is killed at a point.
fn kill_at(test: &str, point: usize, place: &str) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(POINT, point.to_string())
        .env(PLACE, place)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.signal(), Some(9), "point {point} was not reached: {status}");
}

/// In the process that is to be killed: where, and on what.
fn doomed() -> Option<(usize, String)> {
    let point = std::env::var(POINT).ok()?;
    Some((point.parse().unwrap(), std::env::var(PLACE).unwrap()))
}

/// The first question is about a payer who came back with the provider's signed word: cut there, the payment must
/// be in flight.
fn first_question(points: &[&str]) -> [usize; 2] {
    let before = points.iter().position(|point| *point == "provider.query").unwrap();
    [before, before + 1]
}

#[test]
fn t11_killed_before_and_after_every_call_on_sqlite() {
    use support::sqlite::File;
    const NAME: &str = "t11_killed_before_and_after_every_call_on_sqlite";
    if let Some((point, folder)) = doomed() {
        let folder = Path::new(&folder);
        return runtime().block_on(async {
            tell_and_die(support::sqlite::open(folder).await, &folder.join("books"), point).await;
        });
    }
    let points = runtime().block_on(async { points(File::new().open().await).await });
    share_out(points.len(), |mine| {
        for point in mine {
            let file = File::new();
            let books = file.folder().join("books");
            std::fs::create_dir(&books).unwrap();
            kill_at(NAME, point, file.folder().to_str().unwrap());
            let left_alone = File::new();
            copied(file.folder(), left_alone.folder());
            runtime().block_on(async {
                only_heal(left_alone.open().await, &left_alone.folder().join("books")).await;
                restart(file.open().await, &books, first_question(&points).contains(&point)).await;
            });
        }
    });
}

#[cfg(feature = "postgres")]
#[test]
fn t11_killed_before_and_after_every_call_on_postgres() {
    use support::postgres::Schema;
    const NAME: &str = "t11_killed_before_and_after_every_call_on_postgres";
    if let Some((point, place)) = doomed() {
        let (schema, books) = place.split_once(' ').unwrap();
        return runtime().block_on(async {
            tell_and_die(support::postgres::open(schema).await, Path::new(books), point).await;
        });
    }
    let points = runtime().block_on(async { points(Schema::new().open().await).await });
    share_out(points.len(), |mine| {
        let schema = Schema::new();
        runtime().block_on(schema.open());
        for point in mine {
            let books = tempfile::tempdir().unwrap();
            runtime().block_on(schema.empty());
            kill_at(NAME, point, &format!("{} {}", schema.name(), books.path().display()));
            runtime().block_on(async {
                let store = support::postgres::open(schema.name()).await;
                restart(store, books.path(), first_question(&points).contains(&point)).await;
            });
        }
    });
}

#[tokio::test(start_paused = true)]
async fn t12_every_call_fails_hangs_or_loses_its_answer() {
    let points = points(MemoryStore::new()).await;
    for point in 0..points.len() {
        for how in [How::Fail, How::Hang] {
            let store = MemoryStore::new();
            let books = tempfile::tempdir().unwrap();
            // The fault passes, and the same process goes on; then another one takes over.
            Story::new(store.clone(), books.path(), Plan::at(point, how), 0).tell().await;
            restart(store, books.path(), false).await;
            let (store, books) = (MemoryStore::new(), tempfile::tempdir().unwrap());
            Story::new(store.clone(), books.path(), Plan::at(point, how), 0).tell().await;
            only_heal(store, books.path()).await;
        }
    }
}
