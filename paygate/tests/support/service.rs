//! A payment service over a scripted provider and a clock that stands still.

use std::sync::Arc;

use http::HeaderMap;
use paygate::testing::{Answer, ScriptedProvider, key, paid, provider_id, resource, start_of_time, subject};
use paygate::{
    Access, CallbackError, Event, EventKind, ManualClock, Money, Offer, Payment, PaymentId, PaymentStore,
    Payments, Policy, RawCallback, SequentialIds, StartError, Started,
};

pub struct World<S> {
    pub payments: Payments<S>,
    pub provider: Arc<ScriptedProvider>,
    pub clock: Arc<ManualClock>,
}

impl<S: PaymentStore> World<S> {
    pub fn new(store: S) -> Self {
        let provider = Arc::new(ScriptedProvider::new());
        let clock = Arc::new(ManualClock::new(start_of_time()));
        let ids = Arc::new(SequentialIds::default());
        let payments = Payments::new(store, vec![provider.clone()], clock.clone(), ids, Policy::default());
        Self { payments, provider, clock }
    }

    pub fn advance_min(&self, minutes: i64) {
        self.clock.advance(jiff::SignedDuration::from_mins(minutes));
    }

    pub async fn start(&self, who: &str, what: &str, name: &str) -> Result<Started, StartError> {
        let offer = Offer::permanent(resource(what), Money::npr_paisa(3000));
        self.payments.start(&subject(who), offer, &provider_id("scripted"), key(name)).await
    }

    /// A payment that user 1 has begun for room 7.
    pub async fn begun(&self) -> Payment {
        self.start("user:1", "room:7", "k1").await.expect("a start").payment
    }

    pub fn is_paid(&self, payment: &Payment, by: &str) {
        self.provider.always(&payment.intent.id, Answer::Says(paid(payment, by)));
    }

    pub async fn callback(&self, query: &str) -> Result<Payment, CallbackError> {
        self.payments
            .callback(&provider_id("scripted"), RawCallback::from_query(query, &HeaderMap::new()))
            .await
    }

    pub async fn signed(&self, id: &PaymentId) -> Payment {
        self.callback(&format!("signed={id}")).await.expect("a callback")
    }

    pub async fn access(&self, who: &str, what: &str) -> Access {
        self.payments.access(&subject(who), &resource(what)).await.expect("an answer")
    }

    pub async fn events(&self) -> Vec<Event> {
        let events = self.payments.events_after(0, 1_000).await.expect("events");
        assert!(events.iter().zip(1..).all(|((number, _), place)| *number == place), "I11: no gaps");
        events.into_iter().map(|(_, event)| event).collect()
    }

    pub async fn grants(&self) -> usize {
        self.events().await.iter().filter(|event| matches!(event.kind, EventKind::Granted(_))).count()
    }
}
