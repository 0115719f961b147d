//! Starting a payment, and leading the payer to the checkout of an open one again.

use super::ask::{AskError, COMMIT_ATTEMPTS_MAX};
use super::{Payments, ProviderFailure, ResumeError, StartError};
use crate::clock::later;
use crate::model::{Access, Intent, Note, Offer, Payment, Source, State};
use crate::provider::{NextStep, PaymentProvider};
use crate::store::{Change, Committed, GrantEffect, Opened, Opening, PaymentStore, StoreError};
use crate::{IdempotencyKey, PaymentId, ProviderHandle, ProviderId, SubjectId};

/// How often expired attempts are asked about before a start gives up.
const ASK_ROUNDS_MAX: u32 = 4;

/// A payment that is ready for the payer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The payment.
    pub payment: Payment,
    /// Where the payer goes.
    pub next: NextStep,
    /// Whether this call began it; otherwise it was open already and is offered again.
    pub fresh: bool,
}

impl<S: PaymentStore> Payments<S> {
    /// Starts a payment, or leads back to the one that is open for the same subject and resource.
    ///
    /// The same key gives the same payment again. Attempts that have expired are asked about first, so that
    /// a lost callback never becomes a second payment.
    ///
    /// # Errors
    /// See [`StartError`]. `AlreadyGranted` and `InProgress` are answers rather than failures: nothing is to
    /// be paid now.
    pub async fn start(
        &self,
        who: &SubjectId,
        offer: Offer,
        via: &ProviderId,
        key: IdempotencyKey,
    ) -> Result<Started, StartError> {
        let provider = self.provider(via).ok_or(StartError::UnknownProvider)?;
        if !provider.capabilities().charges(offer.price) {
            return Err(StartError::UnknownProvider);
        }
        let mut asked = Vec::new();
        for _ in 0..ASK_ROUNDS_MAX {
            let payment = Payment::new(self.new_intent(who, offer.clone(), provider), self.policy());
            let opening = Opening { payment, key: key.clone(), asked: asked.clone() };
            match self.store.open(opening).await? {
                Opened::New(payment) => {
                    self.tell_commit();
                    return self.offer(payment, true).await;
                }
                Opened::AlreadyOpen(payment) => return self.offer(payment, false).await,
                Opened::SameKey(payment) => return self.same_key(payment).await,
                Opened::AlreadyGranted(grant) => return Err(StartError::AlreadyGranted(grant)),
                Opened::KeyReused => return Err(StartError::KeyReused),
                Opened::AskFirst(expired) => {
                    for payment in expired {
                        self.ask_before_start(&payment.intent.id).await?;
                        asked.push(payment.intent.id);
                    }
                }
            }
        }
        // More expired attempts than anybody makes: let the schedule work them off first.
        Err(asked.pop().map_or(StartError::Store(StoreError::Contended), StartError::InProgress))
    }

    /// Leads to the checkout of an open payment again: the form is signed anew, nothing is started.
    ///
    /// # Errors
    /// See [`ResumeError`]; `NotOpen` carries the payment as it stands.
    pub async fn resume(&self, id: &PaymentId) -> Result<(Payment, NextStep), ResumeError> {
        let payment = self.store.load(id).await?.ok_or(ResumeError::UnknownPayment)?;
        if !payment.is_offered(self.now()) {
            return Err(ResumeError::NotOpen(Box::new(payment)));
        }
        let provider = self.provider(&payment.intent.provider).ok_or(ResumeError::UnknownProvider)?;
        let (payment, next) = self.begin(provider, payment).await?;
        // Somebody may have paid while the provider was preparing.
        if may_be_paid(&payment) { Err(ResumeError::NotOpen(Box::new(payment))) } else { Ok((payment, next)) }
    }

    async fn offer(&self, payment: Payment, fresh: bool) -> Result<Started, StartError> {
        if !payment.is_offered(self.now()) {
            return Err(StartError::InProgress(payment.intent.id));
        }
        let provider = self.provider(&payment.intent.provider).ok_or(StartError::UnknownProvider)?;
        let (payment, next) = self.begin(provider, payment).await?;
        // Somebody may have paid while the provider was preparing.
        if may_be_paid(&payment) {
            Err(self.why_not(payment).await)
        } else {
            Ok(Started { payment, next, fresh })
        }
    }

    /// The key named this payment before. What it says now depends on what became of the payment.
    async fn same_key(&self, payment: Payment) -> Result<Started, StartError> {
        if payment.is_offered(self.now()) {
            self.offer(payment, false).await
        } else {
            Err(self.why_not(payment).await)
        }
    }

    async fn why_not(&self, payment: Payment) -> StartError {
        let (who, what) = (&payment.intent.subject, &payment.intent.offer.resource);
        match self.store.access(who, what, self.now()).await {
            Ok(Access::Granted(grant)) => StartError::AlreadyGranted(grant),
            Ok(_) if payment.in_flight => StartError::InProgress(payment.intent.id),
            Ok(_) => StartError::KeyReused,
            Err(error) => StartError::Store(error),
        }
    }

    async fn ask_before_start(&self, id: &PaymentId) -> Result<(), StartError> {
        match self.ask(id, Source::Start).await {
            Ok(_) => Ok(()),
            Err(AskError::Store(error)) => Err(StartError::Store(error)),
            Err(AskError::UnknownPayment) => Err(StartError::Store(StoreError::NoSuchPayment)),
            // It cannot be asked any more, so it may have been paid: no second one.
            Err(AskError::UnknownProvider) => Err(StartError::InProgress(id.clone())),
        }
    }

    fn new_intent(&self, who: &SubjectId, offer: Offer, provider: &dyn PaymentProvider) -> Intent {
        let created_at = self.now();
        Intent {
            id: self.shared.ids.payment_id(),
            subject: who.clone(),
            offer,
            provider: provider.id(),
            payee: provider.payee(),
            handle: None,
            created_at,
            expires_at: later(created_at, self.policy().checkout_ttl()),
        }
    }

    /// Prepares the checkout. What the provider wants back is stored before the payer is sent away, or the
    /// payment could never be asked about.
    async fn begin(
        &self,
        provider: &dyn PaymentProvider,
        payment: Payment,
    ) -> Result<(Payment, NextStep), BeginError> {
        let begun = self.in_time(provider.begin(&payment.intent)).await?;
        if begun.handle.is_none() || begun.handle == payment.intent.handle {
            // As it stands now: the payer may have been faster than the provider's answer.
            let now = self.store.load(&payment.intent.id).await?.ok_or(StoreError::NoSuchPayment)?;
            return Ok((now, begun.next));
        }
        let payment = self.keep_handle(payment, &begun.handle).await?;
        if payment.intent.handle == begun.handle {
            return Ok((payment, begun.next));
        }
        // Somebody else began it at the same time: both payers must go to the same checkout.
        let again = self.in_time(provider.begin(&payment.intent)).await?;
        Ok((payment, again.next))
    }

    /// Stores a handle, unless another one came first; the payment has one afterwards. It may have been paid
    /// meanwhile: the handle is kept all the same, or nobody could ask for a refund.
    async fn keep_handle(
        &self,
        mut payment: Payment,
        handle: &Option<ProviderHandle>,
    ) -> Result<Payment, StoreError> {
        for _ in 0..COMMIT_ATTEMPTS_MAX {
            payment.intent.handle.clone_from(handle);
            payment.version += 1;
            let change = Change {
                to: payment.clone(),
                claim: None,
                grant: GrantEffect::Keep,
                events: Vec::new(),
                at: self.now(),
                note: Some(Note { source: Source::Start, seen: "begun".to_owned(), changed: true }),
            };
            match self.store.commit(change).await? {
                Committed::Stale(fresh) if fresh.intent.handle.is_none() => payment = fresh,
                Committed::Stale(fresh) => return Ok(fresh),
                _ => return Ok(payment),
            }
        }
        Err(StoreError::Contended)
    }
}

fn may_be_paid(payment: &Payment) -> bool {
    payment.state != State::Open || payment.in_flight
}

enum BeginError {
    Provider(ProviderFailure),
    Store(StoreError),
}

impl From<ProviderFailure> for BeginError {
    fn from(failure: ProviderFailure) -> Self {
        Self::Provider(failure)
    }
}

impl From<StoreError> for BeginError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<BeginError> for StartError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Provider(failure) => Self::Provider(failure),
            BeginError::Store(error) => Self::Store(error),
        }
    }
}

impl From<BeginError> for ResumeError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Provider(failure) => Self::Provider(failure),
            BeginError::Store(error) => Self::Store(error),
        }
    }
}
