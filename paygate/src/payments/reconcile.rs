//! The schedule: asking about payments whose callback never came.

use super::Payments;
use super::ask::AskError;
use crate::model::{Payment, Source};
use crate::store::{PaymentStore, StoreError};

/// What one round of [`Payments::reconcile`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Report {
    /// Payments that were due and that this round asked about.
    pub asked: u32,
    /// Of these, how many changed.
    pub changed: u32,
    /// Of these, how many could not be followed up: their provider is gone or the store failed. They come
    /// up again when their lease is over.
    pub failed: u32,
}

impl<S: PaymentStore> Payments<S> {
    /// Asks about at most `max` payments that are due. The caller owns the loop: every few seconds on every
    /// node is fine, because a payment that one node works on is leased to it. A node that dies leaves
    /// nothing behind but leases that end.
    ///
    /// # Errors
    /// The store cannot hand out what is due. A failure with one payment does not stop the others; it is
    /// counted in the report.
    pub async fn reconcile(&self, max: u32) -> Result<Report, StoreError> {
        let now = self.now();
        let due = self.store.lease_due(now, self.policy().lease(), max).await?;
        let mut report = Report::default();
        for payment in due {
            report.asked += 1;
            match self.ask(&payment.intent.id, Source::Reconcile).await {
                Ok(after) if is_news(&payment, &after) => report.changed += 1,
                Ok(_) => {}
                Err(error) => {
                    log_failure(&payment, &error);
                    report.failed += 1;
                }
            }
        }
        Ok(report)
    }
}

fn is_news(before: &Payment, after: &Payment) -> bool {
    before.state != after.state || before.in_flight != after.in_flight || before.review != after.review
}

fn log_failure(payment: &Payment, error: &AskError) {
    let what = match error {
        AskError::UnknownPayment => "it is gone from the store",
        AskError::UnknownProvider => "its provider is not registered",
        AskError::Store(_) => "the store did not answer",
    };
    tracing::error!(payment.id = %payment.intent.id, what, "a payment could not be followed up");
}
