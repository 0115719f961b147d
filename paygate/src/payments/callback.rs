//! What the payer's browser brings back, and every other reason to look at a payment again.

use super::ask::AskError;
use super::{CallbackError, Payments, RecheckError};
use crate::model::{Note, Outcome, Payment, Source, State, Why};
use crate::provider::{Callback, RawCallback, Trust};
use crate::store::{Change, Committed, GrantEffect, PaymentStore, StoreError};
use crate::{ID_BYTES_MAX, PaymentId, ProviderHandle, ProviderId};

/// How often keeping a handle is tried against other writers, each of whom has changed the payment.
const KEEP_ATTEMPTS_MAX: u32 = 8;
/// Handles that are kept of what callbacks brought. The provider is asked with each, so they are few.
const HANDLES_MAX: usize = 4;

impl<S: PaymentStore> Payments<S> {
    /// Takes a callback: reads it, loads our own record, asks the provider with our amount and id, and
    /// commits the answer. Nothing that the callback claims is believed, needs no session, and changes
    /// nothing by being repeated.
    ///
    /// If the provider cannot be asked, the payment comes back in flight and is asked about later.
    ///
    /// # Errors
    /// See [`CallbackError`]. The first three are the sender's fault and never ask anybody anything; nor does
    /// `UnknownPayment`.
    pub async fn callback(&self, via: &ProviderId, raw: RawCallback<'_>) -> Result<Payment, CallbackError> {
        let provider = self.provider(via).ok_or(CallbackError::UnknownProvider)?;
        let callback = provider.read_callback(raw)?;
        let ours = self.store.load(&callback.payment).await?;
        let ours =
            ours.filter(|payment| payment.intent.provider == *via).ok_or(CallbackError::UnknownPayment)?;
        let ours = self.keep_handle_of(ours, &callback).await?;
        if ours.state == State::Open && !ours.doubt.lasting && forbids_another_payment(&callback) {
            // Before anybody is asked: if this process dies over the question, the payment must not be
            // offered again. It grants nothing, and stands even if the provider then has never seen it.
            let signed = Outcome::Unknown(Why::Signed);
            self.observe(ours, &signed, Source::Callback, self.now()).await?;
        }
        match self.ask(&callback.payment, Source::Callback).await {
            Ok(payment) => Ok(payment),
            Err(AskError::Store(error)) => Err(CallbackError::Store(error)),
            Err(AskError::UnknownPayment) => Err(CallbackError::UnknownPayment),
            Err(AskError::UnknownProvider) => Err(CallbackError::UnknownProvider),
        }
    }

    /// Keeps what the callback brought for asking the provider, beside what others brought before.
    async fn keep_handle_of(&self, mut payment: Payment, callback: &Callback) -> Result<Payment, StoreError> {
        let Some(brought) = &callback.handle else { return Ok(payment) };
        for _ in 0..KEEP_ATTEMPTS_MAX {
            let kept = with_handle(payment.intent.handle.as_ref(), brought);
            if payment.intent.handle == kept || payment.state.rank() >= State::Paid.rank() {
                return Ok(payment);
            }
            payment.intent.handle = kept;
            payment.version += 1;
            // Not called a change, so that a flood of made up ones cannot fill the trail.
            let (at, seen) = (self.now(), "brought a reference".to_owned());
            let note = Some(Note { source: Source::Callback, seen, changed: false });
            let to = payment.clone();
            let events = Vec::new();
            let change = Change { to, claim: None, grant: GrantEffect::Keep, events, at, note };
            match self.store.commit(change).await? {
                Committed::Stale(fresh) => payment = fresh,
                _ => return Ok(payment),
            }
        }
        Err(StoreError::Contended)
    }

    /// Looks at a payment again: the payer came to the failure page, a webhook said something, an
    /// administrator wants to know. The provider is always asked.
    ///
    /// If it cannot be asked, the payment comes back in flight.
    ///
    /// # Errors
    /// See [`RecheckError`].
    pub async fn recheck(&self, id: &PaymentId) -> Result<Payment, RecheckError> {
        self.ask(id, Source::Recheck).await.map_err(|error| match error {
            AskError::UnknownPayment => RecheckError::UnknownPayment,
            AskError::UnknownProvider => RecheckError::UnknownProvider,
            AskError::Store(error) => RecheckError::Store(error),
        })
    }
}

/// Anybody can write an unsigned callback, so none may take the place of the payer's own: the first few stay, and the
/// last place is the newest one's.
fn with_handle(known: Option<&ProviderHandle>, brought: &ProviderHandle) -> Option<ProviderHandle> {
    let mut all: Vec<&str> = known.map(|known| known.as_str().split(',').collect()).unwrap_or_default();
    if all.contains(&brought.as_str()) {
        return known.cloned();
    }
    all.truncate(HANDLES_MAX - 1);
    all.push(brought.as_str());
    while all.len() > 1 && all.join(",").len() > ID_BYTES_MAX {
        all.remove(all.len() - 2);
    }
    ProviderHandle::new(all.join(",")).ok()
}

/// The provider signed that money moved or may move. Only the provider can say so.
fn forbids_another_payment(callback: &Callback) -> bool {
    callback.trust == Trust::Signed
        && matches!(callback.claims, Outcome::Paid { .. } | Outcome::Pending | Outcome::Unknown(_))
}
