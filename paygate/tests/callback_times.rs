//! Callbacks that come never, late, again and again, or too early, on the memory store.

mod support;

use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderMap;
use paygate::testing::{
    Answer, ScriptedProvider, key, minute, paid, payment_id, provider_id, resource, start_of_time, subject,
};
use paygate::{
    Access, Begun, Callback, CallbackError, CallbackRefused, Capabilities, Clock as _, EventKind, IdError,
    IdempotencyKey, Intent, ManualClock, MemoryStore, Money, Offer, Outcome, PayeeId, PaymentProvider,
    Payments, Policy, ProviderError, ProviderId, ProviderRef, RawCallback, SequentialIds, StartError, State,
};
use support::service::World;
use tokio::sync::Semaphore;

fn world() -> World<MemoryStore> {
    World::new(MemoryStore::new())
}

#[tokio::test]
async fn t08_a_lost_callback_is_repaired_by_the_schedule() {
    let world = world();
    let payment = world.begun().await;
    world.is_paid(&payment, "R1");
    assert_eq!(world.payments.reconcile(10).await.unwrap().asked, 0, "nothing is due yet");
    world.advance_min(2);
    let report = world.payments.reconcile(10).await.unwrap();
    assert_eq!((report.asked, report.changed, report.failed), (1, 1, 0));
    assert!(matches!(world.access("user:1", "room:7").await, Access::Granted(_)));
}

#[tokio::test]
async fn t08_a_payer_who_waits_is_asked_about_again_within_the_minute() {
    let world = world();
    let payment = world.begun().await;
    world.advance_min(3);
    world.provider.always(&payment.intent.id, Answer::Says(Outcome::Pending));
    assert!(world.signed(&payment.intent.id).await.in_flight, "eSewa itself is not sure yet");
    let mut asked = Vec::new();
    for second in 1..=120 {
        world.clock.advance(jiff::SignedDuration::from_secs(1));
        if world.payments.reconcile(10).await.unwrap().asked == 1 {
            asked.push(second);
        }
    }
    assert_eq!(asked, [10, 30, 60, 120], "the last is the five-minute rule");
}

#[tokio::test]
async fn t08_hints_without_end_put_off_no_scheduled_question() {
    let world = world();
    let payment = world.begun().await;
    for _ in 0..24 {
        world.clock.advance(jiff::SignedDuration::from_secs(5));
        world.provider.once(&payment.intent.id, Answer::Fails);
        let hinted = world.callback("hint=pay-1").await.unwrap();
        assert!(hinted.next_check_at.unwrap() <= minute(if world.clock.now() < minute(2) { 2 } else { 5 }));
    }
}

#[tokio::test]
async fn t08_a_lost_callback_does_not_become_a_second_payment() {
    let world = world();
    let payment = world.begun().await;
    world.is_paid(&payment, "R1");
    world.advance_min(31);
    let again = world.start("user:1", "room:7", "k2").await;
    assert!(matches!(again, Err(StartError::AlreadyGranted(_))), "{again:?}");
}

/// Its payers are back before `begin` has answered.
struct SlowToBegin {
    scripted: ScriptedProvider,
    began: Semaphore,
    may_answer: Semaphore,
}

#[async_trait]
impl PaymentProvider for SlowToBegin {
    fn id(&self) -> ProviderId {
        self.scripted.id()
    }

    fn payee(&self) -> PayeeId {
        self.scripted.payee()
    }

    fn capabilities(&self) -> Capabilities {
        self.scripted.capabilities()
    }

    async fn begin(&self, intent: &Intent) -> Result<Begun, ProviderError> {
        self.began.add_permits(1);
        // It is never closed.
        if let Ok(permit) = self.may_answer.acquire().await {
            permit.forget();
        }
        self.scripted.begin(intent).await
    }

    fn read_callback(&self, raw: RawCallback<'_>) -> Result<Callback, CallbackRefused> {
        self.scripted.read_callback(raw)
    }

    fn reference(&self, typed: &str) -> Result<ProviderRef, IdError> {
        self.scripted.reference(typed)
    }

    async fn query(&self, intent: &Intent) -> Result<Outcome, ProviderError> {
        self.scripted.query(intent).await
    }

    async fn refund(
        &self,
        intent: &Intent,
        total: Money,
        key: &IdempotencyKey,
    ) -> Result<Outcome, ProviderError> {
        self.scripted.refund(intent, total, key).await
    }
}

#[tokio::test]
async fn t09_a_callback_that_overtakes_its_start_opens_the_room_once() {
    let provider = Arc::new(SlowToBegin {
        scripted: ScriptedProvider::new(),
        began: Semaphore::new(0),
        may_answer: Semaphore::new(0),
    });
    let payments = Payments::new(
        MemoryStore::new(),
        vec![provider.clone()],
        Arc::new(ManualClock::new(start_of_time())),
        Arc::new(SequentialIds::default()),
        Policy::default(),
    );
    let scripted = provider_id("scripted");
    let headers = HeaderMap::new();
    let callback = RawCallback::from_query("signed=pay-1", &headers);
    let early = payments.callback(&scripted, callback).await;
    assert!(matches!(early, Err(CallbackError::UnknownPayment)), "before its row: {early:?}");

    let starting = tokio::spawn({
        let payments = payments.clone();
        let offer = Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
        async move { payments.start(&subject("user:1"), offer, &provider_id("scripted"), key("k1")).await }
    });
    provider.began.acquire().await.unwrap().forget();
    let row = payments.payment(&payment_id("pay-1")).await.unwrap().unwrap();
    provider.scripted.always(&row.intent.id, Answer::Says(paid(&row, "R1")));
    let answered = payments.callback(&scripted, callback).await.unwrap();
    assert_eq!(answered.state, State::Paid, "before `begin` has answered");

    provider.may_answer.add_permits(1);
    let started = starting.await.unwrap();
    assert!(matches!(started, Err(StartError::AlreadyGranted(_))), "nobody pays again: {started:?}");
    let events = payments.events_after(0, 10).await.unwrap();
    let grants = events.iter().filter(|(_, event)| matches!(event.kind, EventKind::Granted(_)));
    assert_eq!(grants.count(), 1);
}
