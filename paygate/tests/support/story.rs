//! A story that makes every kind of call, and what must be true after it, wherever it was interrupted.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use jiff::SignedDuration;
use paygate::testing::{actor, key, minute, provider_id, resource, subject};
use paygate::{
    Access, Anomaly, EventKind, ManualClock, Money, Offer, Payment, PaymentStore, Payments, Policy,
    RandomIds, RawCallback, RefundOrder, StartError, State, Verdict,
};

use super::books::{Booked, Books};
use super::interrupt::{Interrupting, Plan};

/// Five payers, each at a door of his own.
const PAYERS: std::ops::RangeInclusive<u32> = 1..=5;

pub struct Story<S> {
    pub payments: Payments<Interrupting<S>>,
    /// The same store, past the plan: for looking.
    store: S,
    books: Arc<Books>,
    clock: Arc<ManualClock>,
}

impl<S: PaymentStore> Story<S> {
    /// A process that begins at this minute, with the provider's books in a folder.
    pub fn new(store: S, books: &Path, plan: Arc<Plan>, at: i64) -> Self {
        let books = Arc::new(Books::new(books.to_owned()));
        let clock = Arc::new(ManualClock::new(minute(at)));
        let provider = Arc::new(Interrupting { inner: Arc::clone(&books), plan: Arc::clone(&plan) });
        let interrupting = Interrupting { inner: store.clone(), plan };
        let payments = Payments::new(
            interrupting,
            vec![provider],
            clock.clone(),
            Arc::new(RandomIds),
            Policy::default(),
        );
        Self { payments, store, books, clock }
    }

    /// From the first start to the last look. Whoever is refused, interrupted or kept waiting goes on with what he
    /// does next, as people do.
    pub async fn tell(&self) {
        self.bought_and_refunded(1).await;
        self.came_back_without_paying(2).await;
        self.paid_and_never_came_back(3).await;
        self.paid_during_an_outage(4).await;
        self.clock.advance(SignedDuration::from_mins(5));
        patiently(self.payments.reconcile(10)).await;
        self.paid_twice(5).await;
        self.looked().await;
    }

    async fn bought_and_refunded(&self, payer: u32) {
        self.start(payer).await;
        self.pay(payer).await;
        self.come_back(payer, "signed").await;
        for payment in self.of(payer).await {
            let order =
                RefundOrder { total: payment.intent.offer.price, key: key("refund"), by: actor("admin:1") };
            patiently(self.payments.refund(&payment.intent.id, order)).await;
        }
    }

    async fn came_back_without_paying(&self, payer: u32) {
        self.start(payer).await;
        self.come_back(payer, "hint").await;
    }

    async fn paid_and_never_came_back(&self, payer: u32) {
        self.start(payer).await;
        self.pay(payer).await;
    }

    async fn paid_during_an_outage(&self, payer: u32) {
        self.start(payer).await;
        self.pay(payer).await;
        self.books.is_out_of_order(true);
        for payment in self.of(payer).await {
            patiently(self.payments.recheck(&payment.intent.id)).await;
        }
        self.books.is_out_of_order(false);
    }

    async fn paid_twice(&self, payer: u32) {
        self.start(payer).await;
        self.clock.advance(SignedDuration::from_mins(31));
        self.start(payer).await;
        for payment in self.of(payer).await {
            self.books.pay(&payment.intent.id);
        }
        self.come_back(payer, "signed").await;
        for payment in self.of(payer).await {
            patiently(self.payments.resolve(&payment.intent.id, Verdict::Noted, actor("admin:1"))).await;
        }
    }

    async fn looked(&self) {
        patiently(self.payments.access(&subject("user:1"), &resource("room:1"))).await;
        patiently(self.payments.events_after(0, 1_000)).await;
        patiently(self.payments.newest_event()).await;
        patiently(self.payments.payments_of(&subject("user:1"), None, 10)).await;
        patiently(self.payments.in_review(10)).await;
        for payment in self.of(1).await {
            patiently(self.payments.trail(&payment.intent.id)).await;
        }
    }

    /// Presses the button; with a new key, if the old one is used up.
    async fn start(&self, payer: u32) {
        for name in ["k", "k-again"] {
            let answer = self.start_with(payer, name);
            if !matches!(patiently(answer).await, Some(Err(StartError::KeyReused))) {
                return;
            }
        }
    }

    async fn start_with(&self, payer: u32, name: &str) -> Result<paygate::Started, StartError> {
        let (who, what) = door(payer);
        let offer = Offer::permanent(resource(&what), Money::npr_paisa(3000));
        self.payments.start(&subject(&who), offer, &provider_id("books"), key(name)).await
    }

    /// Pays what he was offered last.
    async fn pay(&self, payer: u32) {
        if let Some(payment) = self.of(payer).await.last() {
            self.books.pay(&payment.intent.id);
        }
    }

    async fn come_back(&self, payer: u32, word: &str) {
        for payment in self.of(payer).await {
            let query = format!("{word}={}", payment.intent.id);
            let headers = HeaderMap::new();
            let raw = RawCallback::from_query(&query, &headers);
            patiently(self.payments.callback(&provider_id("books"), raw)).await;
        }
    }

    async fn of(&self, payer: u32) -> Vec<Payment> {
        let mut payments =
            self.store.payments_of(&subject(&door(payer).0), None, 100).await.expect("payments");
        payments.reverse();
        payments
    }

    pub async fn access(&self, payer: u32) -> Access {
        let (who, what) = door(payer);
        self.store.access(&subject(&who), &resource(&what), minute(0)).await.expect("an answer")
    }

    /// I7, right after a restart, while the provider cannot be asked.
    pub async fn nobody_is_asked_to_pay_again(&self) {
        self.books.is_out_of_order(true);
        for payer in PAYERS {
            let in_flight = self.of(payer).await.iter().any(|payment| payment.in_flight);
            if in_flight {
                let again = self.start_with(payer, "probe").await;
                let refused = matches!(again, Err(StartError::InProgress(_) | StartError::AlreadyGranted(_)));
                assert!(refused, "I7: {again:?}");
            }
        }
        self.books.is_out_of_order(false);
    }

    /// The faults are over, and time goes on to the last check.
    pub async fn heal(&self) {
        for hours in [1, 23, 24, 24] {
            self.clock.advance(SignedDuration::from_hours(hours));
            let report = self.payments.reconcile(100).await.expect("a round");
            assert_eq!(report.failed, 0);
        }
    }

    pub async fn everything_is_right(&self) {
        for payer in PAYERS {
            let mut paid = Vec::new();
            for payment in self.of(payer).await {
                let id = &payment.intent.id;
                let as_booked = match self.books.of(id) {
                    Some(Booked::Paid) => payment.state == State::Paid,
                    Some(Booked::Refunded) => payment.state == State::Refunded,
                    Some(Booked::Begun) | None => matches!(payment.state, State::Lapsed(_)),
                };
                assert!(as_booked, "I13, I14: {payment:?} is booked {:?}", self.books.of(id));
                if payment.state == State::Paid {
                    paid.push(payment);
                }
            }
            assert!(payer == 5 || paid.len() <= 1, "I7: payer {payer} was asked to pay again");
            match self.access(payer).await {
                Access::Granted(grant) => {
                    let (backing, others): (Vec<_>, Vec<_>) =
                        paid.into_iter().partition(|payment| payment.intent.id == grant.payment);
                    assert_eq!(backing.len(), 1, "I1, I5: {grant:?}");
                    let told = others.iter().all(|other| other.raised.contains(Anomaly::PaidTwice));
                    assert!(told, "I4: {others:?}");
                }
                other => assert_eq!((other, paid), (Access::Locked, vec![]), "I4"),
            }
        }
        self.events_are_right().await;
    }

    /// I3 and I11.
    async fn events_are_right(&self) {
        let mut open = HashMap::new();
        let events = self.store.events_after(0, 1_000).await.expect("events");
        for ((number, event), expected) in events.into_iter().zip(1..) {
            assert_eq!(number, expected, "I11");
            match event.kind {
                EventKind::Granted(grant) => assert_eq!(open.insert(event.resource, grant), None, "I3"),
                EventKind::Revoked(grant) => assert_eq!(open.remove(&event.resource), Some(grant), "I3"),
                _ => {}
            }
        }
    }
}

fn door(payer: u32) -> (String, String) {
    (format!("user:{payer}"), format!("room:{payer}"))
}

/// Waits a minute, not longer. What came of it is seen later.
async fn patiently<T>(act: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(Duration::from_secs(60), act).await.ok()
}
