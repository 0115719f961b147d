//! The poller: asks about one payment by the schedule until it is settled, or a person has to look.

use std::time::Duration;

use jiff::Timestamp;

use super::Client;
use crate::order::Order;
use crate::poll::{NextPoll, PollSchedule};
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

/// What asking about a payment to the end came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Settlement {
    /// Paid, and everything agrees with the order.
    Paid(ConfirmedPayment),
    /// It ended unpaid or given back: see its status.
    Ended(StatusReport),
    /// eSewa answered about something else than the order. Do not deliver; show it to a person.
    Mismatch(Mismatch),
    /// It never settled, or went back in part. Its state is unknown, not failed: show it to a person. Here is
    /// the last that eSewa said of it, if it said anything.
    Escalate(Option<StatusReport>),
}

impl Client {
    /// Asks about `order`, which was started at `started`, when `schedule` says so, until there is nothing more
    /// to ask. An outage only means another question later.
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
    ///     Settlement::Escalate(last) => println!("show it to a person: {last:?}"),
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
        let mut next = schedule.first(started, (self.jitter.0)());
        let mut last = None;
        loop {
            clock.sleep_until(next).await;
            let answer = self.confirm(order).await;
            let (now, random) = (clock.now(), (self.jitter.0)());
            let poll = match answer {
                Ok(Confirmation::Paid(payment)) => return Settlement::Paid(payment),
                Ok(Confirmation::Mismatch(mismatch)) => return Settlement::Mismatch(mismatch),
                Ok(Confirmation::Other(report)) => {
                    let poll = schedule.next(report.status(), started, now, random);
                    if poll == NextPoll::Settled {
                        return Settlement::Ended(report);
                    }
                    last = Some(report);
                    poll
                }
                Err(_) => schedule.again(started, now, random),
            };
            match poll {
                NextPoll::At(at) => next = at,
                NextPoll::Settled | NextPoll::Escalate => return Settlement::Escalate(last),
            }
        }
    }
}
