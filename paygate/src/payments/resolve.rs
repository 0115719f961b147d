//! An operator's word.

use super::ask::Entry;
use super::{Payments, RecheckError};
use crate::model::{NotPaid, Outcome, Payment, RefundSize, Source};
use crate::step::{step, step_settle, step_unanswered};
use crate::store::PaymentStore;
use crate::{Actor, PaymentId, ProviderRef};

/// What an operator found out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The money is there, in full: the operator has seen it at the provider under this reference, however he
    /// spells it.
    Paid(ProviderRef),
    /// Nothing was paid. A payment that was proven paid is not taken back by that.
    NotPaid,
    /// Money went back to the payer, outside of what the provider tells.
    Refunded(RefundSize),
    /// Looked at, and good as it is.
    Noted,
}

impl Verdict {
    fn code(&self) -> &'static str {
        match self {
            Self::Paid(_) => "verdict: paid",
            Self::NotPaid => "verdict: not paid",
            Self::Refunded(RefundSize::Full) => "verdict: refunded",
            Self::Refunded(RefundSize::Part(_)) => "verdict: partly refunded",
            Self::Noted => "verdict: noted",
        }
    }

    fn outcome(&self, payment: &Payment) -> Option<Outcome> {
        match self {
            Self::Paid(reference) => Some(Outcome::Paid {
                reference: reference.clone(),
                amount: payment.intent.offer.price,
                payee: payment.intent.payee.clone(),
            }),
            Self::NotPaid => Some(Outcome::NotPaid(NotPaid::Canceled)),
            Self::Refunded(size) => {
                Some(Outcome::Refunded { reference: payment.reference.clone(), size: *size })
            }
            Self::Noted => None,
        }
    }
}

impl<S: PaymentStore> Payments<S> {
    /// Takes an operator's verdict on a payment: it counts like an observation, under the same rules, and
    /// settles everything that was up for review until now. The actor is kept in the audit trail. A reference is
    /// brought to the spelling of its provider first, so that it is claimed once, whoever names it.
    ///
    /// # Errors
    /// The payment does not exist, its provider has no such references, or the store did not answer.
    pub async fn resolve(
        &self,
        id: &PaymentId,
        verdict: Verdict,
        by: Actor,
    ) -> Result<Payment, RecheckError> {
        let payment = self.store.load(id).await?.ok_or(RecheckError::UnknownPayment)?;
        let verdict = self.in_one_spelling(verdict, &payment)?;
        let at = self.now();
        let entry = Entry { source: Source::Operator(by), at, seen: Some(verdict.code().to_owned()) };
        let propose = |payment: &Payment| {
            step_settle(match verdict.outcome(payment) {
                Some(outcome) => step(payment, &outcome, at, self.policy()),
                None => step_unanswered(payment, at, self.policy()),
            })
        };
        Ok(self.write(payment, entry, propose).await?)
    }

    fn in_one_spelling(&self, verdict: Verdict, of: &Payment) -> Result<Verdict, RecheckError> {
        match (verdict, self.provider(&of.intent.provider)) {
            (Verdict::Paid(typed), Some(provider)) => {
                let reference = provider.reference(typed.as_str());
                reference.map(Verdict::Paid).map_err(|_| RecheckError::BadReference)
            }
            // A provider that is gone names no references any more: the operator's word stands as it is.
            (verdict, _) => Ok(verdict),
        }
    }
}
