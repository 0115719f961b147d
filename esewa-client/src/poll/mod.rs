//! When to ask about a payment again: eSewa's five-minute rule, as a pure decision.
//!
//! Nothing here waits or asks. Give it what is known and the time, and it says what to do next; so
//! the same schedule serves a loop in a program, a row in a database, and a test without a clock.

use jiff::{SignedDuration, Timestamp};

use crate::status::Status;

/// How a payment that is not settled is asked about.
///
/// ```
/// use esewa_client::{NextPoll, PollSchedule, Status};
/// use jiff::{SignedDuration, Timestamp};
///
/// let schedule = PollSchedule::default();
/// let started: Timestamp = "2026-11-22T10:00:00Z".parse()?;
/// // Nothing was heard after the payer left: eSewa wants to be asked after five minutes.
/// let next = schedule.first(started, 0);
/// assert_eq!(next, started + SignedDuration::from_mins(5));
/// // A paid one is not asked about again.
/// assert_eq!(schedule.next(&Status::Complete, started, next, 0), NextPoll::Settled);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollSchedule {
    /// How long after the start a payment that nothing was heard of is first asked about.
    pub first_after: SignedDuration,
    /// The pause between questions at first; it grows with the payment's age.
    pub pause_min: SignedDuration,
    /// The longest pause between questions.
    pub pause_max: SignedDuration,
    /// How old a payment must be before `NOT_FOUND` settles it: as long as a payer can still pay.
    pub window: SignedDuration,
    /// How old a payment may become before a person has to look.
    pub deadline: SignedDuration,
}

impl Default for PollSchedule {
    /// First after five minutes, as eSewa asks for; then every 15 seconds to 10 minutes; `NOT_FOUND` counts
    /// after an hour; a person looks after a day.
    fn default() -> Self {
        Self {
            first_after: SignedDuration::from_mins(5),
            pause_min: SignedDuration::from_secs(15),
            pause_max: SignedDuration::from_mins(10),
            window: SignedDuration::from_hours(1),
            deadline: SignedDuration::from_hours(24),
        }
    }
}

/// What to do about a payment next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextPoll {
    /// Ask again then.
    At(Timestamp),
    /// Its state is final; there is nothing more to ask.
    Settled,
    /// It never became final. Its state is unknown, not failed: a person has to look.
    Escalate,
}

/// How a state that eSewa told bears on asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PollStanding {
    /// Nothing more comes.
    Final,
    /// eSewa never saw it, or no longer knows it (`NOT_FOUND`). That settles it only after the window, since the
    /// payer may still be on the page.
    Unseen,
    /// Under way, or in a word that this crate does not know.
    Open,
    /// Halted at eSewa (`AMBIGUOUS`): asked about with the longest pause from the start.
    Halted,
    /// A person has to look at once: of `PARTIAL_REFUND` eSewa does not tell the part.
    Unclear,
}

impl From<&Status> for PollStanding {
    fn from(status: &Status) -> Self {
        match status {
            status if status.is_final() => Self::Final,
            Status::NotFound => Self::Unseen,
            Status::Ambiguous => Self::Halted,
            Status::PartialRefund => Self::Unclear,
            _ => Self::Open,
        }
    }
}

#[cfg(feature = "intent")]
impl From<&crate::intent::IntentStatus> for PollStanding {
    fn from(status: &crate::intent::IntentStatus) -> Self {
        if status.is_final() { Self::Final } else { Self::Open }
    }
}

impl PollSchedule {
    /// When a payment that was started then is first asked about, if nothing is heard before.
    #[must_use]
    pub fn first(&self, started: Timestamp, random: u64) -> Timestamp {
        later(started, jittered(self.first_after, random))
    }

    /// What to do after eSewa said this at `now`: give it a [`Status`] or, of Intent,
    /// an `IntentStatus`.
    #[must_use]
    pub fn next(
        &self,
        status: impl Into<PollStanding>,
        started: Timestamp,
        now: Timestamp,
        random: u64,
    ) -> NextPoll {
        match status.into() {
            PollStanding::Final => NextPoll::Settled,
            PollStanding::Unseen if now.duration_since(started) >= self.window => NextPoll::Settled,
            PollStanding::Unclear => NextPoll::Escalate,
            PollStanding::Halted => self.after(self.pause_max, started, now, random),
            PollStanding::Unseen | PollStanding::Open => self.again(started, now, random),
        }
    }

    /// What to do after eSewa could not be asked, which says nothing about the payment.
    #[must_use]
    pub fn again(&self, started: Timestamp, now: Timestamp, random: u64) -> NextPoll {
        // A tenth of its age: often while the payer waits, rarely once they are gone.
        let pause = (now.duration_since(started) / 10).max(self.pause_min).min(self.pause_max);
        self.after(pause, started, now, random)
    }

    fn after(&self, pause: SignedDuration, started: Timestamp, now: Timestamp, random: u64) -> NextPoll {
        if now.duration_since(started) >= self.deadline {
            return NextPoll::Escalate;
        }
        // The last question comes no later than the deadline.
        NextPoll::At(later(now, jittered(pause, random)).min(later(started, self.deadline)).max(now))
    }
}

/// Up to a fifth longer, so that payments that began together are not asked about together.
fn jittered(pause: SignedDuration, random: u64) -> SignedDuration {
    let milliseconds = u64::try_from(pause.as_millis()).unwrap_or_default();
    let more = random % (milliseconds / 5 + 1);
    // The jitter of zero is the pause itself.
    pause.saturating_add(SignedDuration::from_millis(i64::try_from(more).unwrap_or_default()))
}

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
