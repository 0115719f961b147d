//! The schedule: asking about payments whose callback never came.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join_all;

use super::Payments;
use super::ask::AskError;
use crate::model::{Payment, Source};
use crate::store::{PaymentStore, StoreError};

/// Payments that one round asks about at the same time. One that the provider leaves unanswered holds up one of them.
const AT_ONCE_PAYMENTS_MAX: u32 = 16;

const UNREGISTERED: &str = "its provider is not registered";

/// What one round of [`Payments::reconcile`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Report {
    /// Payments that were due and that this round followed up.
    pub asked: u32,
    /// Of these, how many changed.
    pub changed: u32,
    /// Of these, how many could not be asked about: their provider is gone or the store failed. They come up again,
    /// by their schedule or when their lease is over.
    pub failed: u32,
}

impl<S: PaymentStore> Payments<S> {
    /// Asks about at most `max` payments that are due, some at the same time. The caller owns the loop: every few
    /// seconds on every node is fine, because a payment is leased to one node from the moment it is taken up, and the
    /// lease is longer than the question. A node that dies leaves nothing behind but leases that end.
    ///
    /// # Errors
    /// The store cannot hand out what is due. A failure with one payment does not stop the others; it is
    /// counted in the report.
    pub async fn reconcile(&self, max: u32) -> Result<Report, StoreError> {
        let first = max.min(AT_ONCE_PAYMENTS_MAX);
        let due = self.lease(first).await?;
        let is_all = due.len() < first as usize;
        let left = AtomicU32::new(if is_all { 0 } else { max - first });
        let rounds = join_all(due.into_iter().map(|payment| self.follow_up_and_on(payment, &left))).await;
        let mut report = Report::default();
        for round in rounds {
            let round = round?;
            report.asked += round.asked;
            report.changed += round.changed;
            report.failed += round.failed;
        }
        Ok(report)
    }

    /// Follows up a payment, then the next that is due, one by one: what nobody works on yet is not leased.
    async fn follow_up_and_on(&self, first: Payment, left: &AtomicU32) -> Result<Report, StoreError> {
        let mut report = Report::default();
        let mut next = Some(first);
        while let Some(payment) = next {
            self.follow_up(payment, &mut report).await;
            let may_go_on = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            next = match may_go_on {
                Ok(_) => self.lease(1).await?.pop(),
                Err(_) => None,
            };
        }
        Ok(report)
    }

    async fn follow_up(&self, payment: Payment, report: &mut Report) {
        report.asked += 1;
        let after = match self.ask(&payment.intent.id, Source::Reconcile).await {
            Err(error @ AskError::UnknownProvider) => {
                log_failure(&payment, &error);
                report.failed += 1;
                // Nobody can answer. The schedule runs out all the same, and then an operator is called.
                self.move_on(payment.clone(), UNREGISTERED.to_owned(), self.now()).await.ok()
            }
            Err(error) => {
                log_failure(&payment, &error);
                report.failed += 1;
                None
            }
            Ok(after) => Some(after),
        };
        report.changed += u32::from(after.is_some_and(|after| is_news(&payment, &after)));
    }

    async fn lease(&self, max: u32) -> Result<Vec<Payment>, StoreError> {
        self.store.lease_due(self.now(), self.policy().lease(), max).await
    }
}

fn is_news(before: &Payment, after: &Payment) -> bool {
    before.state != after.state || before.in_flight != after.in_flight || before.review != after.review
}

fn log_failure(payment: &Payment, error: &AskError) {
    let what = match error {
        AskError::UnknownPayment => "it is gone from the store",
        AskError::UnknownProvider => UNREGISTERED,
        AskError::Store(_) => "the store did not answer",
    };
    tracing::error!(payment.id = %payment.intent.id, what, "a payment could not be followed up");
}
