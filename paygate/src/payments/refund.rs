//! Giving money back.

use super::ask::{AskError, Entry};
use super::{Payments, ProviderFailure, RefundError};
use crate::model::{Payment, Source};
use crate::provider::ProviderError;
use crate::step::step_refund_ordered;
use crate::store::PaymentStore;
use crate::{Actor, IdempotencyKey, Money, PaymentId};

/// What is to go back, and on whose word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundOrder {
    /// How much of the payment goes back in total.
    pub total: Money,
    /// Names the order, so that giving it again moves no money twice.
    pub key: IdempotencyKey,
    /// Who ordered it; kept in the audit trail.
    pub by: Actor,
}

impl<S: PaymentStore> Payments<S> {
    /// Gives money back. With a provider that refunds by a call it is called; with one that does not
    /// (eSewa: in the merchant's portal) the order is written down and the provider is asked, so that a
    /// refund made there shows at once. From then on it is waited for: the provider is asked after minutes, hours and
    /// days ([`Policy::with_refund_checks`](crate::Policy::with_refund_checks)). Access ends when the refund is seen,
    /// not when it is ordered.
    ///
    /// # Errors
    /// See [`RefundError`].
    pub async fn refund(&self, id: &PaymentId, order: RefundOrder) -> Result<Payment, RefundError> {
        let payment = self.store.load(id).await?.ok_or(RefundError::UnknownPayment)?;
        let price = payment.intent.offer.price;
        let possible =
            order.total.currency == price.currency && (1..=price.minor).contains(&order.total.minor);
        if payment.paid_at.is_none() || !possible {
            return Err(RefundError::NotPaid);
        }
        let provider = self.provider(&payment.intent.provider).ok_or(RefundError::UnknownProvider)?;
        let at = self.now();
        let seen = format!("refund ordered: {}", order.total);
        let source = Source::Operator(order.by);
        let entry = Entry { source: source.clone(), at, seen: Some(seen) };
        // Before anything else: if the answer is lost, or there is nobody to call, it is looked for all the same.
        let ordered = |payment: &Payment| step_refund_ordered(payment, at, self.policy());
        let payment = self.write(payment, entry, ordered).await?;
        if provider.capabilities().refund {
            match self.in_time(provider.refund(&payment.intent, order.total, &order.key)).await {
                Ok(outcome) => return Ok(self.observe(payment, &outcome, source, at).await?),
                Err(ProviderFailure::Error(ProviderError::Unsupported)) => {}
                Err(failure) => return Err(RefundError::Provider(failure)),
            }
        }
        self.ask(id, Source::Recheck).await.map_err(|error| match error {
            AskError::UnknownPayment => RefundError::UnknownPayment,
            AskError::UnknownProvider => RefundError::UnknownProvider,
            AskError::Store(error) => RefundError::Store(error),
        })
    }
}
