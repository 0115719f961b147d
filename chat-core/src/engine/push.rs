//! Telling members who are not there, once it is certain that they have not read it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::{
    task::{JoinError, JoinSet},
    time::{MissedTickBehavior, timeout},
};

use super::{ChatEngine, Inner};
use crate::{ChatStore, Encoder, Message, Page, PushJob, PushOutcome, StoreError};

/// The way to a member who has no connection: web push, mail, anything.
#[async_trait]
pub trait Notifier: Send + Sync + 'static {
    /// Tells `job.to` that something waits. `newest` is the newest post of another, as it now reads.
    ///
    /// It is called for who has unread posts and no connection to any node at the job's time; who has one is looked at
    /// again when the connection has outlived the post by
    /// [`push_presence_ms`](crate::Limits::push_presence_ms), and told then if it has not.
    ///
    /// It is dropped, as if it had failed, when it takes longer than [`push_notify_ms`](crate::Limits::push_notify_ms).
    ///
    /// It may be called again for the same job: after a crash, when it took too long, and after it answered
    /// [`Notified::Failed`]. Who has several ways to a member, and got through on some of them, remembers on which:
    /// up to [`PushJob::newest`] they have been told.
    async fn notify(&self, job: &PushJob, newest: &Message) -> Notified;
}

/// What became of telling someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notified {
    /// They were told, or there is no way to them. Not tried again.
    Done,
    /// It failed for now. Tried again after a growing wait, or after `retry_ms` milliseconds.
    Failed {
        /// When the other side wants to be asked again, if it said so.
        retry_ms: Option<u64>,
    },
}

/// The wait after the first failure, in milliseconds; doubled each time.
const RETRY_MS_MIN: u64 = 15_000;
/// The longest wait, in milliseconds.
const RETRY_MS_MAX: u64 = 3_600_000;

impl<S: ChatStore, E: Encoder> ChatEngine<S, E> {
    /// Deals with push jobs as they fall due, [`push_jobs_max`](crate::Limits::push_jobs_max) at a time. It never returns:
    /// the host runs it in a task. On every node, if it likes: a job is leased to one of them at a time.
    ///
    /// When one job ends, the next takes its place: one that is slow holds up no other. What is being dealt with when this
    /// is dropped comes again when its lease ends.
    pub async fn run_push(&self, notifier: Arc<dyn Notifier>) {
        let limits = &self.inner.limits;
        let mut ticks = tokio::time::interval(Duration::from_millis(limits.push_every_ms.max(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let places = limits.push_jobs_max;
        let mut dealing = JoinSet::new();
        // As long as more is due than there are places, the end of a job is not left to wait for a tick.
        let mut more = false;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                Some(ended) = dealing.join_next() => {
                    report(ended);
                    while let Some(ended) = dealing.try_join_next() {
                        report(ended);
                    }
                    if !more {
                        continue;
                    }
                }
            }
            let free = places.saturating_sub(u32::try_from(dealing.len()).unwrap_or(u32::MAX));
            if free == 0 {
                more = true;
                continue;
            }
            let claimed = self.claim_push(free).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "push jobs wait");
                Vec::new()
            });
            more = claimed.len() >= free as usize;
            for (job, online) in claimed {
                // In a task of its own: while the store is slow to give the next ones, it goes on.
                let (inner, notifier) = (Arc::clone(&self.inner), Arc::clone(&notifier));
                dealing.spawn(async move { inner.deal(&job, online, &*notifier).await });
            }
        }
    }

    /// Deals with the push jobs that are due now, at most `push_jobs_max`, waits for all of them, and answers how many
    /// those were.
    ///
    /// # Errors
    /// [`StoreError`] when jobs can't be claimed or finished; they come again when their lease ends.
    pub async fn push_due(&self, notifier: &dyn Notifier) -> Result<usize, StoreError> {
        let inner = &self.inner;
        let claimed = self.claim_push(inner.limits.push_jobs_max).await?;
        let dealing = claimed.iter().map(|(job, online)| inner.deal(job, *online, notifier));
        // All of them to their end, whatever becomes of one: who was told in vain would be told again.
        futures_util::future::join_all(dealing).await.into_iter().collect::<Result<(), _>>()?;
        Ok(claimed.len())
    }

    /// Jobs that are due, and whether whom they are for is there.
    async fn claim_push(&self, limit: u32) -> Result<Vec<(PushJob, bool)>, StoreError> {
        let inner = &self.inner;
        let now = inner.now();
        let leased_until = later(now, inner.limits.push_lease_ms);
        let jobs = inner.store.claim_push(now, leased_until, limit).await?;
        let users: Vec<_> = jobs.iter().map(|job| job.to).collect();
        let online = self.online(&users).await;
        Ok(jobs.into_iter().map(|job| (job, online.contains(&job.to))).collect())
    }
}

impl<S: ChatStore, E: Encoder> Inner<S, E> {
    async fn deal(&self, job: &PushJob, online: bool, notifier: &dyn Notifier) -> Result<(), StoreError> {
        let outcome = match self.newest_for(job).await? {
            // What was deleted in this moment needs no telling.
            None => PushOutcome::Done,
            Some(message) if online => self.seen_by_who_is_there(&message),
            Some(message) => match self.tell_in_time(job, &message, notifier).await {
                // It is another's by now, who tells them.
                None => return Ok(()),
                Some(Notified::Done) => PushOutcome::Done,
                Some(Notified::Failed { .. }) if job.tries >= self.limits.push_tries_max => PushOutcome::Done,
                Some(Notified::Failed { retry_ms }) => {
                    let doubled = RETRY_MS_MIN.saturating_mul(1 << job.tries.saturating_sub(1).min(16));
                    let wait_ms = retry_ms.unwrap_or(doubled).clamp(1, RETRY_MS_MAX);
                    PushOutcome::RetryAt(later(self.now(), wait_ms))
                }
            },
        };
        self.store.finish_push(job, outcome).await
    }

    /// Within `push_notify_ms`, and within what is left of the lease: after that it may be told by another. `None` when
    /// nothing is left.
    async fn tell_in_time(
        &self,
        job: &PushJob,
        newest: &Message,
        notifier: &dyn Notifier,
    ) -> Option<Notified> {
        let left = Duration::try_from(job.leased_until.duration_since(self.now())).unwrap_or_default();
        let within = left.min(Duration::from_millis(self.limits.push_notify_ms));
        if within.is_zero() {
            return None;
        }
        let told = timeout(within, notifier.notify(job, newest)).await;
        Some(told.unwrap_or_else(|_| {
            tracing::warn!(?within, "telling someone took too long");
            Notified::Failed { retry_ms: None }
        }))
    }

    /// Who is there sees it by themselves. But a phone that went to sleep looks as if it were there, until its
    /// connection fails to answer: then it is looked at once more.
    fn seen_by_who_is_there(&self, newest: &Message) -> PushOutcome {
        let proven = later(newest.posted_at, self.limits.push_presence_ms);
        if self.now() >= proven { PushOutcome::Done } else { PushOutcome::RetryAt(proven) }
    }

    async fn newest_for(&self, job: &PushJob) -> Result<Option<Message>, StoreError> {
        let page = Page::Before(job.newest.next());
        let page = self.store.history(job.conversation, page, self.limits.page_items_max).await?;
        Ok(page.messages.into_iter().rev().find(|message| message.sender != job.to && !message.deleted))
    }
}

fn report(ended: Result<Result<(), StoreError>, JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "a push job comes again"),
        Err(error) => tracing::error!(%error, "a push job broke off, and comes again"),
    }
}

/// So many milliseconds after `at`.
pub(super) fn later(at: Timestamp, by_ms: u64) -> Timestamp {
    let by = SignedDuration::from_millis(i64::try_from(by_ms).unwrap_or(i64::MAX));
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}
