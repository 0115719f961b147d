//! Jobs to tell members who are not there.

use jiff::{SignedDuration, Timestamp};

use super::{StoreHarness, kit::*};
use crate::{Append, ChatStore, PushJob, PushOutcome, Seq};

/// A post that asks for it leaves a job for each other member, and nothing is due before its time.
pub async fn job_is_due_at_its_time<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, pushed(1, ALICE)).await;
    add(store, post(2, ALICE, "asks for no job")).await;
    let early = at(11) - SignedDuration::from_micros(1);
    assert_eq!(claim(store, early).await, []);
    let jobs = claim(store, at(11)).await;
    assert_eq!(jobs.len(), 1);
    let job = jobs[0];
    assert_eq!((job.to, job.conversation, job.newest, job.unread, job.tries), (BOB, ROOM, Seq(1), 2, 1));
}

/// Posts that come before the job is done share it: at the time of the first, up to the newest.
pub async fn posts_share_a_job<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    store.append(vec![pushed(1, ALICE), pushed(2, ALICE)]).await.into_iter().for_each(|a| drop(must(a)));
    add(store, pushed(5, ALICE)).await;
    let jobs = claim(store, at(11)).await;
    assert_eq!(jobs.iter().map(|job| (job.newest, job.unread)).collect::<Vec<_>>(), [(Seq(3), 3)]);
    assert_eq!(claim(store, at(15)).await, []);
}

/// What was read or deleted by then is told to nobody, and leaves nothing behind.
pub async fn job_ends_when_nothing_is_unread<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, pushed(1, ALICE)).await;
    must(store.mark(ROOM, BOB, Seq(1)).await);
    assert_eq!(claim(store, at(20)).await, []);
    add(store, pushed(2, ALICE)).await;
    add(store, delete(3, ALICE, 2)).await;
    assert_eq!(claim(store, at(20)).await, []);
    add(store, pushed(14, ALICE)).await;
    assert_eq!(claim(store, at(20)).await, [], "the job before it has ended, so this one has its own time");
    assert_eq!(claim(store, at(24)).await.len(), 1);
}

/// A job that is claimed is given to nobody else until its lease ends; then it is given again.
pub async fn lease_keeps_others_out<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, pushed(1, ALICE)).await;
    let first = claim(store, at(20)).await.remove(0);
    assert_eq!(claim(store, at(49)).await, []);
    let second = claim(store, at(50)).await.remove(0);
    assert_eq!((first.tries, second.tries), (1, 2));
    // The first comes too late: the second has it.
    must(store.finish_push(&first, PushOutcome::Done).await);
    assert_eq!(claim(store, at(80)).await.len(), 1);
}

/// A job that is done is gone; one that is put off comes back at its time.
pub async fn finished_jobs_are_gone<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, pushed(1, ALICE)).await;
    let job = claim(store, at(20)).await.remove(0);
    must(store.finish_push(&job, PushOutcome::RetryAt(at(30))).await);
    assert_eq!(claim(store, at(29)).await, []);
    let again = claim(store, at(30)).await.remove(0);
    assert_eq!(again.tries, 2);
    must(store.finish_push(&again, PushOutcome::Done).await);
    assert_eq!(claim(store, at(9_000)).await, []);
}

/// A post that comes while a job is being done gets its own, at its own time.
pub async fn newer_post_outlives_the_job<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, pushed(1, ALICE)).await;
    let job = claim(store, at(20)).await.remove(0);
    add(store, pushed(21, ALICE)).await;
    must(store.finish_push(&job, PushOutcome::Done).await);
    assert_eq!(claim(store, at(30)).await, []);
    let next = claim(store, at(31)).await.remove(0);
    assert_eq!((next.newest, next.tries), (Seq(2), 1));
}

/// A retry of a send leaves no second job.
pub async fn retries_leave_no_second_job<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, pushed(1, ALICE)).await;
    let job = claim(store, at(20)).await.remove(0);
    must(store.finish_push(&job, PushOutcome::Done).await);
    assert!(add(store, pushed(1, ALICE)).await.duplicate);
    assert_eq!(claim(store, at(9_000)).await, []);
}

/// The oldest come first, and no more than asked for.
pub async fn claims_are_bounded<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    room(store, OTHER).await;
    add(store, within(OTHER, pushed(2, ALICE))).await;
    add(store, pushed(1, ALICE)).await;
    let first = must(store.claim_push(at(20), at(50), 1).await);
    let second = must(store.claim_push(at(20), at(50), 9).await);
    assert_eq!(first.iter().map(|job| job.conversation).collect::<Vec<_>>(), [ROOM]);
    assert_eq!(second.iter().map(|job| job.conversation).collect::<Vec<_>>(), [OTHER]);
}

/// Jobs survive what messages survive.
pub async fn jobs_survive_reopening<H: StoreHarness>() {
    let harness = H::fresh().await;
    room(harness.store(), ROOM).await;
    add(harness.store(), pushed(1, ALICE)).await;
    let harness = harness.reopen().await;
    assert_eq!(claim(harness.store(), at(20)).await.len(), 1);
}

/// A post that is due ten seconds later.
fn pushed(number: u32, by: crate::UserId) -> Append {
    Append { push_due: Some(at(number + 10)), ..post(number, by, "x") }
}

/// With a lease of thirty seconds.
async fn claim(store: &impl ChatStore, now: Timestamp) -> Vec<PushJob> {
    must(store.claim_push(now, now + SignedDuration::from_secs(30), 100).await)
}
