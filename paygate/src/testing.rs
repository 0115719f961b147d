//! Values and a scripted provider for tests: of this crate, of its conformance suite, and of whoever writes
//! a store or a host. Nothing here is meant for money.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::model::{Intent, Offer, Outcome, Payment};
use crate::provider::{
    Begun, Callback, CallbackRefused, Capabilities, NextStep, PaymentProvider, ProviderError, RawCallback,
    Trust,
};
use crate::{
    Actor, Currency, GrantId, IdError, IdempotencyKey, Money, PayeeId, PaymentId, Policy, ProviderHandle,
    ProviderId, ProviderRef, ResourceId, SubjectId,
};

/// The moment at which tests begin: 2026-01-01T00:00:00Z.
pub fn start_of_time() -> Timestamp {
    Timestamp::constant(1_767_225_600, 0)
}

/// `minutes` after [`start_of_time`].
pub fn minute(minutes: i64) -> Timestamp {
    crate::clock::later(start_of_time(), SignedDuration::from_mins(minutes))
}

/// Declares a short constructor of an identifier, for literals in tests.
macro_rules! literal {
    ($(#[$doc:meta])* $function:ident, $name:ident) => {
        $(#[$doc])*
        ///
        /// # Panics
        /// The text is not an identifier.
        pub fn $function(text: &str) -> $name {
            match $name::new(text) {
                Ok(id) => id,
                Err(error) => panic!("{text:?}: {error}"),
            }
        }
    };
}
literal!(/// A payment's id.
    payment_id, PaymentId);
literal!(/// A subject.
    subject, SubjectId);
literal!(/// A resource.
    resource, ResourceId);
literal!(/// A provider's reference.
    reference, ProviderRef);
literal!(/// An idempotency key.
    key, IdempotencyKey);
literal!(/// A provider's id.
    provider_id, ProviderId);
literal!(/// A payee.
    payee, PayeeId);
literal!(/// An actor.
    actor, Actor);
literal!(/// A provider's handle.
    handle, ProviderHandle);
literal!(/// A grant's id.
    grant_id, GrantId);

/// A payment of `user:1` for `room:7` at 30 rupees, begun at [`start_of_time`].
pub fn payment(id: &str) -> Payment {
    payment_for(id, "user:1", "room:7")
}

/// A payment of anybody for anything at 30 rupees, begun at [`start_of_time`], good for 30 minutes.
pub fn payment_for(id: &str, who: &str, what: &str) -> Payment {
    let intent = Intent {
        id: payment_id(id),
        subject: subject(who),
        offer: Offer::permanent(resource(what), Money::npr_paisa(3000)),
        provider: provider_id("scripted"),
        payee: payee("US"),
        handle: None,
        created_at: start_of_time(),
        expires_at: minute(30),
    };
    Payment::new(intent, &Policy::default())
}

/// The right money, to the right payee.
pub fn paid(payment: &Payment, by: &str) -> Outcome {
    Outcome::Paid {
        reference: reference(by),
        amount: payment.intent.offer.price,
        payee: payment.intent.payee.clone(),
    }
}

/// A provider that says what it is told to say. It keeps no books; it answers from a script.
#[derive(Debug, Default)]
pub struct ScriptedProvider {
    script: Mutex<Script>,
    queries: AtomicU64,
    asking: AtomicU64,
    asking_max: AtomicU64,
}

#[derive(Debug, Default)]
struct Script {
    /// Answers to be given once, in order.
    once: HashMap<PaymentId, VecDeque<Answer>>,
    /// What is answered after that.
    always: HashMap<PaymentId, Answer>,
}

/// What a scripted provider answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// This outcome.
    Says(Outcome),
    /// It is out of order.
    Fails,
    /// It never answers.
    Hangs,
}

impl ScriptedProvider {
    /// A provider called `scripted` that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on this is what it says about a payment.
    pub fn always(&self, id: &PaymentId, answer: Answer) {
        self.script().always.insert(id.clone(), answer);
    }

    /// It says this once, before anything else; several are said in their order.
    pub fn once(&self, id: &PaymentId, answer: Answer) {
        self.script().once.entry(id.clone()).or_default().push_back(answer);
    }

    /// What it was still to say once is forgotten: its faults are over.
    pub fn is_in_order(&self) {
        self.script().once.clear();
    }

    /// How often it was asked.
    pub fn queries(&self) -> u64 {
        self.queries.load(Ordering::SeqCst)
    }

    /// How many were asking it at once, at most.
    pub fn queries_at_once_max(&self) -> u64 {
        self.asking_max.load(Ordering::SeqCst)
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, id: &PaymentId) -> Answer {
        let mut script = self.script();
        let next = script.once.get_mut(id).and_then(VecDeque::pop_front);
        let unseen = Answer::Says(Outcome::NotPaid(crate::NotPaid::Unseen));
        next.or_else(|| script.always.get(id).cloned()).unwrap_or(unseen)
    }
}

/// A question that is on its way, until it is answered or given up.
struct Asking<'a>(&'a ScriptedProvider);

impl<'a> Asking<'a> {
    fn begin(provider: &'a ScriptedProvider) -> Self {
        provider.queries.fetch_add(1, Ordering::SeqCst);
        let asking = provider.asking.fetch_add(1, Ordering::SeqCst) + 1;
        provider.asking_max.fetch_max(asking, Ordering::SeqCst);
        Self(provider)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.asking.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl PaymentProvider for ScriptedProvider {
    fn id(&self) -> ProviderId {
        provider_id("scripted")
    }

    fn payee(&self) -> PayeeId {
        payee("US")
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::charging(vec![Currency::Npr]).with_signed_callback()
    }

    async fn begin(&self, intent: &Intent) -> Result<Begun, ProviderError> {
        let page = format!("https://pay.example/{}", intent.id);
        let page = page.parse().map_err(|error| ProviderError::Misconfigured(Box::new(error)))?;
        Ok(Begun { handle: None, next: NextStep::Redirect(page) })
    }

    /// The query is `signed=<id>`, `hint=<id>`, `forged=` or `foreign=`; the claim is always "paid".
    fn read_callback(&self, raw: RawCallback<'_>) -> Result<Callback, CallbackRefused> {
        let (word, id) = raw.query.split_once('=').ok_or(CallbackRefused::Malformed)?;
        let trust = match word {
            "signed" => Trust::Signed,
            "hint" => Trust::Hint,
            "forged" => return Err(CallbackRefused::InvalidSignature),
            "foreign" => return Err(CallbackRefused::ForeignPayee),
            _ => return Err(CallbackRefused::Malformed),
        };
        let payment = PaymentId::new(id).map_err(|_| CallbackRefused::Malformed)?;
        let claims = Outcome::Paid {
            reference: reference("CLAIM"),
            amount: Money::npr_paisa(1),
            payee: payee("CLAIM"),
        };
        Ok(Callback { payment, trust, claims, handle: None })
    }

    fn reference(&self, typed: &str) -> Result<ProviderRef, IdError> {
        ProviderRef::new(typed.to_ascii_uppercase())
    }

    async fn query(&self, intent: &Intent) -> Result<Outcome, ProviderError> {
        let _asking = Asking::begin(self);
        // A real question takes time in which others run.
        tokio::task::yield_now().await;
        match self.answer(&intent.id) {
            Answer::Says(outcome) => Ok(outcome),
            Answer::Fails => Err(ProviderError::Transient("out of order".into())),
            Answer::Hangs => std::future::pending().await,
        }
    }

    async fn refund(&self, _: &Intent, _: Money, _: &IdempotencyKey) -> Result<Outcome, ProviderError> {
        Err(ProviderError::Unsupported)
    }
}
