//! T16: money that goes back, ordered here and made elsewhere, in full and in part, on each store.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::sync::Arc;

use futures_util::FutureExt as _;
use jiff::SignedDuration;
use paygate::testing::{
    Answer, actor, key, minute, paid, provider_id, reference, resource, start_of_time, subject,
};
use paygate::{
    Access, EventKind, ManualClock, MemoryStore, Money, Offer, Outcome, PartialRefund, Payment, PaymentStore,
    Payments, Policy, RandomIds, RefundError, RefundOrder, RefundSize, State,
};
use support::hooked::Hooked;
#[cfg(feature = "postgres")]
use support::postgres::Schema;
use support::sqlite::File;

/// A shop in which user 1 has paid for room 7.
struct Shop<S> {
    payments: Payments<S>,
    provider: Arc<Hooked>,
    clock: Arc<ManualClock>,
    payment: Payment,
}

impl<S: PaymentStore> Shop<S> {
    async fn new(store: S, provider: Hooked, policy: Policy) -> Self {
        let (provider, clock) = (Arc::new(provider), Arc::new(ManualClock::new(start_of_time())));
        let payments =
            Payments::new(store, vec![provider.clone()], clock.clone(), Arc::new(RandomIds), policy);
        let offer = Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
        let who = subject("user:1");
        let started = payments.start(&who, offer, &provider_id("scripted"), key("k")).await.unwrap();
        provider.scripted.always(&started.payment.intent.id, Answer::Says(paid(&started.payment, "R1")));
        let payment = payments.recheck(&started.payment.intent.id).await.unwrap();
        assert_eq!(payment.state, State::Paid);
        Self { payments, provider, clock, payment }
    }

    async fn order(&self) -> Result<Payment, RefundError> {
        let order = RefundOrder { total: Money::npr_paisa(3000), key: key("r1"), by: actor("admin:1") };
        self.payments.refund(&self.payment.intent.id, order).await
    }

    fn goes_back(&self, size: RefundSize) {
        let back = Outcome::Refunded { reference: Some(reference("R1")), size };
        self.provider.scripted.always(&self.payment.intent.id, Answer::Says(back));
    }

    async fn minutes_later(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
        self.payments.reconcile(10).await.unwrap();
    }

    async fn access(&self) -> Access {
        self.payments.access(&subject("user:1"), &resource("room:7")).await.unwrap()
    }

    async fn orders(&self) -> usize {
        let trail = self.payments.trail(&self.payment.intent.id).await.unwrap();
        trail.iter().filter(|entry| entry.seen.starts_with("refund ordered") && entry.times == 1).count()
    }

    async fn revoked(&self) -> usize {
        let events = self.payments.events_after(0, 100).await.unwrap();
        events.iter().filter(|(_, event)| matches!(event.kind, EventKind::Revoked(_))).count()
    }
}

fn provider() -> Hooked {
    Hooked::new(|_, _| std::future::ready(()).boxed())
}

/// The portal is an operator's browser: it takes him some minutes, or till next week.
async fn ordered_and_made_in_the_portal<S: PaymentStore>(store: S) {
    let shop = Shop::new(store, provider(), Policy::default()).await;
    let ordered = shop.order().await.unwrap();
    assert_eq!((ordered.state, ordered.refund_ordered_at), (State::Paid, Some(minute(0))));
    assert_eq!(ordered.next_check_at, Some(minute(2)));
    shop.minutes_later(3).await;
    assert!(matches!(shop.access().await, Access::Granted(_)), "an order is no refund");
    shop.goes_back(RefundSize::Full);
    shop.minutes_later(2).await;
    assert_eq!(shop.access().await, Access::Locked, "seen five minutes after the order");
    assert_eq!(shop.revoked().await, 1);
}

async fn ordered_by_a_call_whose_answer_is_lost<S: PaymentStore>(store: S) {
    let shop = Shop::new(store, provider().with_refunds_whose_answer_is_lost(), Policy::default()).await;
    for _ in 0..2 {
        assert!(matches!(shop.order().await, Err(RefundError::Provider(_))));
    }
    assert_eq!(shop.orders().await, 2, "each order is an entry of its own");
    shop.goes_back(RefundSize::Full);
    shop.minutes_later(2).await;
    assert_eq!(shop.access().await, Access::Locked);
}

async fn by_policy<S: PaymentStore>(store: S, partial: PartialRefund, size: RefundSize) {
    let shop = Shop::new(store, provider(), Policy::default().with_partial_refund(partial)).await;
    shop.goes_back(size);
    for _ in 0..2 {
        shop.payments.recheck(&shop.payment.intent.id).await.unwrap();
    }
    let keeps = size != RefundSize::Full && partial == PartialRefund::KeepsAccess;
    assert_eq!(matches!(shop.access().await, Access::Granted(_)), keeps, "{partial:?} {size:?}");
    assert_eq!(shop.revoked().await, usize::from(!keeps), "told once: {partial:?} {size:?}");
    let in_review = shop.payments.in_review(10).await.unwrap().len();
    assert_eq!(in_review, usize::from(size != RefundSize::Full), "an operator hears of a part");
}

const POLICIES: [PartialRefund; 2] = [PartialRefund::KeepsAccess, PartialRefund::ClosesAccess];
const SIZES: [RefundSize; 2] = [RefundSize::Full, RefundSize::Part(None)];

#[tokio::test]
async fn t16_refunds_in_memory() {
    ordered_and_made_in_the_portal(MemoryStore::new()).await;
    ordered_by_a_call_whose_answer_is_lost(MemoryStore::new()).await;
    for (policy, size) in POLICIES.into_iter().flat_map(|policy| SIZES.map(|size| (policy, size))) {
        by_policy(MemoryStore::new(), policy, size).await;
    }
}

#[tokio::test]
async fn t16_refunds_in_sqlite() {
    let file = || File::new();
    Box::pin(ordered_and_made_in_the_portal(file().open().await)).await;
    Box::pin(ordered_by_a_call_whose_answer_is_lost(file().open().await)).await;
    for (policy, size) in POLICIES.into_iter().flat_map(|policy| SIZES.map(|size| (policy, size))) {
        Box::pin(by_policy(file().open().await, policy, size)).await;
    }
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn t16_refunds_in_postgres() {
    let schema = Schema::new();
    Box::pin(ordered_and_made_in_the_portal(schema.open().await)).await;
    schema.empty().await;
    Box::pin(ordered_by_a_call_whose_answer_is_lost(schema.open().await)).await;
    for (policy, size) in POLICIES.into_iter().flat_map(|policy| SIZES.map(|size| (policy, size))) {
        schema.empty().await;
        Box::pin(by_policy(schema.open().await, policy, size)).await;
    }
}
