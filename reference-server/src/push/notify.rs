//! Telling a member's browsers that something waits for them, each once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chat_core::{Action, Denied, Message, Notified, Notifier, PushJob};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::encrypt::{Fresh, Recipient, SALT_BYTES, encrypt};
use super::key::fresh_secret;
use super::payload::{Told, padded_bytes};
use super::send::Sent;
use crate::chat::member;
use crate::db::conversations::{self, Listed};
use crate::db::push_subscriptions::{self as subscriptions, Subscription};
use crate::metrics::PushOutcome;
use crate::state::AppState;

/// How often a message is tried where another browser of the same person has it: the next message to them waits for
/// the tries of this one.
const TRIES_BESIDE_TOLD_MAX: u32 = 3;
/// The longest wait that is waited for there.
const WAIT_BESIDE_TOLD_S_MAX: u64 = 60;

/// Messages to one person that are on their way to one service: many browsers of theirs do not take all its places.
const PER_PERSON_MAX: usize = 8;

/// The engine's way to browsers.
#[derive(Debug, Clone)]
pub struct WebPush(pub AppState);

/// What became of one browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// Nothing more to do: it was told, or never can be.
    Finished,
    /// To be tried again, after so many seconds if that is known.
    Waits(Option<u64>),
}

#[async_trait]
impl Notifier for WebPush {
    async fn notify(&self, job: &PushJob, newest: &Message) -> Notified {
        self.tell(job, newest).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "who is to be told can't be read now");
            Notified::Failed { retry_ms: None }
        })
    }
}

impl WebPush {
    async fn tell(&self, job: &PushJob, newest: &Message) -> Result<Notified, sqlx::Error> {
        let state = &self.0;
        let (to, id, now) = (job.to.0, job.conversation.0, state.clock.now());
        let known = subscriptions::of(&state.db, to, id, now).await?;
        if known.is_empty() {
            return Ok(Notified::Done);
        }
        let Some(listed) = conversations::lookup_listed(&state.db, id).await? else {
            return Ok(Notified::Done);
        };
        // Only who could answer: a refund or a block ends this too.
        match state.chat.engine.check(&member(to), job.conversation, Action::Send).await {
            Ok(_) => {}
            Err(Denied::Unavailable) => return Ok(Notified::Failed { retry_ms: None }),
            Err(_) => return Ok(Notified::Done),
        }
        let told = told(state, &listed, job, newest);
        let seq = i64::try_from(job.newest.0).unwrap_or(i64::MAX);
        let has_it = |one: &Subscription| one.told_seq.is_some_and(|told| told >= seq);
        let (had, waiting): (Vec<_>, Vec<_>) = known.into_iter().partition(has_it);
        let mut by_service = BTreeMap::<_, Vec<_>>::new();
        for one in &waiting {
            by_service.entry(state.push.service_of(&one.endpoint)).or_default().push(one);
        }
        let telling = by_service.values().map(|browsers| self.tell_some(browsers, &told, now));
        let outcomes: Vec<_> = join_all(telling).await.concat();
        let waits: Vec<_> = outcomes.iter().filter_map(|(_, done)| done.waits()).collect();
        let beside_told = !had.is_empty() || waits.len() < outcomes.len();
        if !worth_waiting(&waits, beside_told, job.tries) {
            if !had.is_empty() {
                subscriptions::forget_told(&state.db, to, id).await?;
            }
            return Ok(Notified::Done);
        }
        for (one, _) in outcomes.iter().filter(|(_, done)| *done == Done::Finished) {
            subscriptions::remember_told(&state.db, &one.endpoint_hash, id, seq).await?;
        }
        let known: Option<Vec<u64>> = waits.into_iter().collect();
        let retry_ms = known.and_then(|seconds| seconds.into_iter().min()).map(|s| s.saturating_mul(1_000));
        Ok(Notified::Failed { retry_ms })
    }

    /// Those at one service, a few at a time. When it has taken nothing from the first of them, the others wait as well: it
    /// would be as slow with each, and the job has a lease.
    async fn tell_some<'a>(
        &self,
        browsers: &[&'a Subscription],
        told: &Told,
        now: Timestamp,
    ) -> Vec<(&'a Subscription, Done)> {
        let mut outcomes = Vec::with_capacity(browsers.len());
        let mut stuck = false;
        for some in browsers.chunks(PER_PERSON_MAX) {
            let done = match stuck {
                true => vec![Done::Waits(None); some.len()],
                false => join_all(some.iter().map(|one| self.tell_one(one, told, now))).await,
            };
            stuck = done.iter().all(|done| done.waits().is_some());
            outcomes.extend(some.iter().copied().zip(done));
        }
        outcomes
    }

    async fn tell_one(&self, one: &Subscription, told: &Told, now: Timestamp) -> Done {
        if let Some(retry_at) = one.retry_at.filter(|at| *at > now) {
            return Done::Waits(Some(seconds_until(retry_at, now)));
        }
        let sent = match self.send(one, &told.whole(one.lang), told, now).await {
            Sent::TooLong => self.send(one, &told.short(one.lang), told, now).await,
            sent => sent,
        };
        let (outcome, done) = match sent {
            Sent::Taken => (PushOutcome::Sent, Done::Finished),
            Sent::Gone | Sent::Forbidden => {
                self.note(subscriptions::remove(&self.0.db, &one.endpoint_hash).await);
                (PushOutcome::Gone, Done::Finished)
            }
            Sent::TooLong | Sent::Refused { .. } => (PushOutcome::Refused, Done::Finished),
            Sent::Later { retry_after_s } => {
                if let Some(seconds) = retry_after_s {
                    let wait = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
                    let retry_at = now.checked_add(wait).unwrap_or(now);
                    self.note(subscriptions::put_off(&self.0.db, &one.endpoint_hash, retry_at).await);
                }
                (PushOutcome::PutOff, Done::Waits(retry_after_s))
            }
        };
        self.0.metrics.pushed(outcome);
        done
    }

    async fn send(&self, one: &Subscription, text: &str, told: &Told, now: Timestamp) -> Sent {
        // What can't be encrypted for these keys can't be for as long as they are the browser's.
        let Some(body) = seal(text, one) else { return Sent::Forbidden };
        self.0.push.send(&one.endpoint, &told.tag, body, now).await
    }

    /// What is written beside a push may fail without harm: the service says it again next time.
    fn note(&self, written: Result<(), sqlx::Error>) {
        if let Err(error) = written {
            tracing::warn!(%error, "what a push service said can't be written down now");
        }
    }
}

impl Done {
    fn waits(&self) -> Option<Option<u64>> {
        match self {
            Self::Finished => None,
            Self::Waits(seconds) => Some(*seconds),
        }
    }
}

/// Whether the job should come back for those who wait. Where the person was told on another browser it does so for a
/// short while only.
fn worth_waiting(waits: &[Option<u64>], beside_told: bool, tries: u32) -> bool {
    let soon = |wait: &Option<u64>| wait.is_none_or(|seconds| seconds <= WAIT_BESIDE_TOLD_S_MAX);
    match beside_told {
        true => tries < TRIES_BESIDE_TOLD_MAX && waits.iter().any(soon),
        false => !waits.is_empty(),
    }
}

fn told(state: &AppState, listed: &Listed, job: &PushJob, newest: &Message) -> Told {
    let pairing = &listed.pairing;
    let from = if newest.sender.0 == pairing.client_id { &listed.client_name } else { &listed.owner_name };
    let url = match job.to.0 == pairing.client_id {
        true => format!("/rooms/{}/chat/", pairing.room_id),
        false => format!("/rooms/{}/chat/{}/", pairing.room_id, pairing.client_id),
    };
    let tag = state.push.vapid().key().topic(job.conversation.0, job.to.0);
    Told { from: from.clone(), room: listed.room_title.clone(), url, tag }
}

fn seal(text: &str, one: &Subscription) -> Option<Vec<u8>> {
    let recipient = Recipient::new(&one.p256dh, &one.auth)?;
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).ok()?;
    let fresh = Fresh { salt, ephemeral: fresh_secret().ok()? };
    encrypt(text.as_bytes(), padded_bytes(text), &recipient, &fresh).ok()
}

fn seconds_until(at: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(at.as_second().saturating_sub(now.as_second())).unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_message_does_not_wait_long_for_a_browser_that_fails() {
        assert!(worth_waiting(&[None], false, 20), "nobody else was told");
        assert!(worth_waiting(&[Some(3_600)], false, 1));
        assert!(!worth_waiting(&[], true, 1), "everybody was told");
        assert!(worth_waiting(&[Some(30), None], true, 1));
        assert!(!worth_waiting(&[Some(3_600)], true, 1));
        assert!(!worth_waiting(&[None], true, TRIES_BESIDE_TOLD_MAX));
    }
}
