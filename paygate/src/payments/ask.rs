//! Asking a provider and committing what it says.

use std::time::Duration;

use jiff::Timestamp;

use super::turns::Asked;
use super::{Payments, ProviderFailure};
use crate::PaymentId;
use crate::model::{Note, Outcome, Payment, Source, State, Why};
use crate::provider::ProviderError;
use crate::step::{self, AccessChange, Step, step};
use crate::store::{Change, Committed, GrantEffect, PaymentStore, StoreError};

/// How often a commit is tried against other writers. Every lost round is a round that somebody else won,
/// and the state can rise only a handful of times, so nobody who gets here waits long.
pub(super) const COMMIT_ATTEMPTS_MAX: u32 = 32;

/// Why a provider was not asked.
#[derive(Debug)]
pub(super) enum AskError {
    UnknownPayment,
    UnknownProvider,
    Store(StoreError),
}

impl From<StoreError> for AskError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What is to be written down beside a step.
pub(super) struct Entry {
    pub(super) source: Source,
    pub(super) at: Timestamp,
    /// Worth an entry in the trail.
    pub(super) seen: Option<String>,
}

impl<S: PaymentStore> Payments<S> {
    /// Asks what became of a payment and commits the answer. Callers at the same time share the question.
    pub(super) async fn ask(&self, id: &PaymentId, source: Source) -> Result<Payment, AskError> {
        // Boxed: next to a question over the network an allocation is nothing, and callers' futures stay small.
        Box::pin(async move {
            if matches!(source, Source::Callback | Source::Recheck) {
                self.note_return(id, &source).await?;
            }
            self.shared.turns.take(id, self.ask_now(id, source)).await
        })
        .await
    }

    async fn ask_now(&self, id: &PaymentId, source: Source) -> Result<Asked, AskError> {
        let payment = self.store.load(id).await?.ok_or(AskError::UnknownPayment)?;
        // The time of the question, not of the answer: an answer may have been true at any time since.
        let at = self.now();
        if is_needless(&payment, &source, at) {
            return Ok(Asked::Nobody(payment));
        }
        let provider = self.provider(&payment.intent.provider).ok_or(AskError::UnknownProvider)?;
        let after = match self.in_time(provider.query(&payment.intent)).await {
            Ok(outcome) => self.observe(payment, &outcome, source, at).await?,
            Err(failure) => self.observe_failure(payment, &failure, source, at).await?,
        };
        Ok(Asked::Provider(after))
    }

    /// Writes down that the payer is said to have come back, before anybody is asked: if this process dies over
    /// the question, or shares that of somebody who knows nothing of the payer, the payment must not be offered
    /// again. Anybody can say so, therefore it is not told, and "never seen" takes it back.
    async fn note_return(&self, id: &PaymentId, source: &Source) -> Result<(), AskError> {
        let payment = self.store.load(id).await?.ok_or(AskError::UnknownPayment)?;
        if payment.state != State::Open || payment.doubt.lasting {
            return Ok(());
        }
        let at = self.now();
        let entry = Entry { source: source.clone(), at, seen: None };
        let hinted = Outcome::Unknown(Why::Hinted);
        self.write(payment, entry, |payment| step(payment, &hinted, at, self.policy())).await?;
        Ok(())
    }

    /// Nobody could be asked. If the payer came back that must be taken for "may have paid"; the schedule's
    /// own failures say nothing about a payer who never went.
    async fn observe_failure(
        &self,
        payment: Payment,
        failure: &ProviderFailure,
        source: Source,
        at: Timestamp,
    ) -> Result<Payment, StoreError> {
        let why = match failure {
            ProviderFailure::Timeout | ProviderFailure::Error(ProviderError::Transient(_)) => {
                Why::Unreachable
            }
            ProviderFailure::Error(_) => Why::Refused,
        };
        let outcome = Outcome::Unknown(why);
        tracing::warn!(payment.id = %payment.intent.id, source = %source, why = %why, "the provider was not asked");
        if source == Source::Reconcile {
            return self.move_on(payment, outcome.to_string(), at).await;
        }
        self.observe(payment, &outcome, source, at).await
    }

    /// Nobody answered the schedule: the next check comes, or an operator is called.
    pub(super) async fn move_on(
        &self,
        payment: Payment,
        seen: String,
        at: Timestamp,
    ) -> Result<Payment, StoreError> {
        let entry = Entry { source: Source::Reconcile, at, seen: Some(seen) };
        self.write(payment, entry, |payment| step::step_unanswered(payment, at, self.policy())).await
    }

    /// Steps a payment by an outcome and commits it, against whoever else does the same.
    pub(super) async fn observe(
        &self,
        payment: Payment,
        outcome: &Outcome,
        source: Source,
        at: Timestamp,
    ) -> Result<Payment, StoreError> {
        let entry = Entry { source, at, seen: Some(outcome.to_string()) };
        self.write(payment, entry, |payment| step(payment, outcome, at, self.policy())).await
    }

    /// Commits what `propose` makes of a payment; makes it again when somebody else was faster.
    pub(super) async fn write(
        &self,
        mut payment: Payment,
        entry: Entry,
        propose: impl Fn(&Payment) -> Step,
    ) -> Result<Payment, StoreError> {
        for _ in 0..COMMIT_ATTEMPTS_MAX {
            let step = propose(&payment);
            let mut to = step.to.clone();
            let mut committed = self.commit(step.clone(), &entry, false).await?;
            let second = match &committed {
                Committed::Covered { .. } => Some((step::step_covered(step), true)),
                Committed::ReferenceTaken { by } => {
                    tracing::error!(payment.id = %payment.intent.id, owner.id = %by, "a reference was named twice");
                    Some((step::step_reference_taken(&payment, entry.at, self.policy()), false))
                }
                Committed::Applied | Committed::Stale(_) => None,
            };
            if let Some((step, covered)) = second {
                to = step.to.clone();
                committed = self.commit(step, &entry, covered).await?;
            }
            match committed {
                Committed::Applied => return Ok(to),
                // Whoever won has written as much already: there is nothing to add.
                Committed::Stale(fresh) if adds_nothing(&propose(&fresh), &fresh) => return Ok(fresh),
                Committed::Stale(fresh) => payment = fresh,
                Committed::Covered { .. } | Committed::ReferenceTaken { .. } => {}
            }
        }
        Err(StoreError::Contended)
    }

    async fn commit(&self, step: Step, entry: &Entry, covered: bool) -> Result<Committed, StoreError> {
        let grant = match step.access {
            AccessChange::Keep => GrantEffect::Keep,
            AccessChange::Give if covered => GrantEffect::Covered,
            AccessChange::Give => GrantEffect::Give(step.to.grant(self.shared.ids.grant_id(), entry.at)),
            AccessChange::Withdraw => GrantEffect::Recompute { spare: self.shared.ids.grant_id() },
        };
        let note = |seen| Note { source: entry.source.clone(), seen, changed: step.changed };
        let note = entry.seen.clone().map(note);
        let change =
            Change { to: step.to, claim: step.claim, grant, events: step.events, at: entry.at, note };
        let committed = self.store.commit(change).await?;
        if committed == Committed::Applied {
            self.tell_commit();
        }
        Ok(committed)
    }

    /// Gives a provider the policy's time and no more.
    pub(super) async fn in_time<T>(
        &self,
        call: impl Future<Output = Result<T, ProviderError>>,
    ) -> Result<T, ProviderFailure> {
        let limit = Duration::from_millis(self.policy().provider_timeout_ms());
        match tokio::time::timeout(limit, call).await {
            Ok(answer) => answer.map_err(ProviderFailure::Error),
            Err(_) => Err(ProviderFailure::Timeout),
        }
    }
}

/// Whether there is nothing to ask. A callback about what is proven costs the provider nothing; and a payment that
/// somebody else has asked about since it was leased is not due any more.
fn is_needless(payment: &Payment, source: &Source, now: Timestamp) -> bool {
    match source {
        Source::Callback => payment.state.rank() >= State::Paid.rank() && !payment.in_flight,
        Source::Reconcile => payment.next_check_at.is_none_or(|due| due > now),
        _ => false,
    }
}

fn adds_nothing(step: &Step, to: &Payment) -> bool {
    !step.changed && step.to.in_flight == to.in_flight
}
