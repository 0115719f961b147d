//! The poller: asks about one payment by the schedule until it is settled, or a person has to look.

use std::time::Duration;

use jiff::Timestamp;

use super::{Client, RequestError};
use crate::order::Order;
use crate::poll::{NextPoll, PollSchedule, PollStanding};
use crate::status::{Confirmation, ConfirmedPayment, Mismatch, StatusReport};

/// Where a poller takes its time from, and how it waits: the system's clock, or a test's.
pub trait PollClock {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Waits until `at`, or not at all where that is past.
    fn sleep_until(&self, at: Timestamp) -> impl Future<Output = ()> + Send;
}

/// The system's clock, waiting on tokio's timer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemPollClock;

impl PollClock for SystemPollClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the poller's system clock")]
        Timestamp::now()
    }

    async fn sleep_until(&self, at: Timestamp) {
        // A duration below zero is no time at all.
        let pause = Duration::try_from(at.duration_since(self.now())).unwrap_or_default();
        tokio::time::sleep(pause).await;
    }
}

/// What asking about a payment to the end came to: with the reports of ePay v2, or with Intent's.
#[derive(Debug)]
#[must_use]
pub enum Settlement<R = StatusReport, M = Mismatch> {
    /// Paid, and everything agrees with the order.
    Paid(ConfirmedPayment),
    /// It ended unpaid or given back: see its status.
    Ended(R),
    /// eSewa answered about something else than the order. Do not deliver; show it to a person.
    Mismatch(M),
    /// It never settled, went back in part, or cannot be asked about. Its state is unknown, not failed: show it to
    /// a person.
    Escalate {
        /// The last that eSewa said of it, if it said anything.
        report: Option<R>,
        /// Why the last question brought no answer, if it brought none.
        error: Option<RequestError>,
    },
}

/// What one question about a payment came to.
pub(crate) enum Asked<R, M> {
    Paid(ConfirmedPayment),
    Mismatch(M),
    Other(PollStanding, R),
}

impl Client {
    /// Asks about `order`, which was started at `started`, when `schedule` says so, until there is nothing more
    /// to ask. An outage only means another question later; a refusal of the request itself, such as for an unknown
    /// merchant, ends it at once.
    ///
    /// It lives as long as its future: after a restart begin again with the same `started`. Where many payments
    /// wait, keep their next question in your database instead, by [`PollSchedule`].
    ///
    /// ```no_run
    /// use esewa_client::{Client, Order, PollSchedule, Settlement, SystemPollClock};
    ///
    /// # async fn follow(client: Client, order: Order, started: jiff::Timestamp) {
    /// match client.settle(&order, started, &PollSchedule::default(), &SystemPollClock).await {
    ///     Settlement::Paid(payment) => println!("deliver, once, for {}", payment.reference()),
    ///     Settlement::Ended(report) => println!("release the order: {}", report.status()),
    ///     Settlement::Mismatch(mismatch) => println!("show it to a person: {mismatch}"),
    ///     Settlement::Escalate { report, error } => println!("show it to a person: {report:?} {error:?}"),
    /// }
    /// # }
    /// ```
    pub async fn settle(
        &self,
        order: &Order,
        started: Timestamp,
        schedule: &PollSchedule,
        clock: &impl PollClock,
    ) -> Settlement {
        let ask = || async move {
            Ok(match self.confirm(order).await? {
                Confirmation::Paid(payment) => Asked::Paid(payment),
                Confirmation::Mismatch(mismatch) => Asked::Mismatch(mismatch),
                Confirmation::Other(report) => Asked::Other(report.status().into(), report),
            })
        };
        self.ask_until_settled(started, schedule, clock, ask).await
    }

    pub(crate) async fn ask_until_settled<R, M, F>(
        &self,
        started: Timestamp,
        schedule: &PollSchedule,
        clock: &impl PollClock,
        ask: impl Fn() -> F,
    ) -> Settlement<R, M>
    where
        F: Future<Output = Result<Asked<R, M>, RequestError>>,
    {
        let mut next = schedule.first(started, (self.jitter.0)());
        let mut last = None;
        loop {
            clock.sleep_until(next).await;
            let answer = ask().await;
            let (now, random) = (clock.now(), (self.jitter.0)());
            let (poll, error) = match answer {
                Ok(Asked::Paid(payment)) => return Settlement::Paid(payment),
                Ok(Asked::Mismatch(mismatch)) => return Settlement::Mismatch(mismatch),
                Ok(Asked::Other(standing, report)) => {
                    let poll = schedule.next(standing, started, now, random);
                    if poll == NextPoll::Settled {
                        return Settlement::Ended(report);
                    }
                    last = Some(report);
                    (poll, None)
                }
                Err(error) if error.is_about_the_request() => (NextPoll::Escalate, Some(error)),
                Err(error) => (schedule.again(started, now, random), Some(error)),
            };
            match poll {
                NextPoll::At(at) => next = at,
                NextPoll::Settled | NextPoll::Escalate => {
                    return Settlement::Escalate { report: last, error };
                }
            }
        }
    }
}
