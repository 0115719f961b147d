//! A paid payment whose host can't deliver.

use super::ask::Entry;
use super::{Payments, RecheckError};
use crate::model::{Anomaly, Payment, Source, State};
use crate::step::step_undeliverable;
use crate::store::PaymentStore;
use crate::{Actor, PaymentId};

impl<S: PaymentStore> Payments<S> {
    /// The host can't deliver what was paid for: it went away while the payment was on its way. The payment goes
    /// to review, once, so that an operator gives the money back; state and access stay as they are. Where nothing is
    /// known to be paid, or all of it went back, nothing changes.
    ///
    /// # Errors
    /// The payment does not exist or the store did not answer.
    pub async fn undeliverable(&self, id: &PaymentId, by: Actor) -> Result<Payment, RecheckError> {
        let payment = self.store.load(id).await?.ok_or(RecheckError::UnknownPayment)?;
        let is_owed = payment.paid_at.is_some() && payment.state != State::Refunded;
        if !is_owed || payment.raised.contains(Anomaly::Undeliverable) {
            return Ok(payment);
        }
        let at = self.now();
        let entry = Entry { source: Source::Operator(by), at, seen: Some("undeliverable".to_owned()) };
        Ok(self.write(payment, entry, |payment| step_undeliverable(payment, at, self.policy())).await?)
    }
}
