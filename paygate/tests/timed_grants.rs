//! T18: the end of what was bought for a time, by clocks that disagree, jump, and stand on the very instant.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use paygate::testing::{
    Answer, ScriptedProvider, key, minute, paid, provider_id, reference, resource, start_of_time, subject,
};
use paygate::{
    Access, EventKind, ManualClock, MemoryStore, Money, Offer, Outcome, Payment, Payments, Policy, RandomIds,
    RefundSize,
};
use proptest::prelude::*;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Two nodes with clocks of their own, over one store.
struct Nodes {
    provider: Arc<ScriptedProvider>,
    clocks: [Arc<ManualClock>; 2],
    payments: [Payments<MemoryStore>; 2],
}

impl Nodes {
    fn new() -> Self {
        let (provider, store) = (Arc::new(ScriptedProvider::new()), MemoryStore::new());
        let clocks = [0, 1].map(|_| Arc::new(ManualClock::new(start_of_time())));
        let payments = clocks.clone().map(|clock| {
            let ids = Arc::new(RandomIds);
            Payments::new(store.clone(), vec![provider.clone()], clock, ids, Policy::default())
        });
        Self { provider, clocks, payments }
    }

    /// An hour in room 7.
    async fn started(&self, name: &str) -> Payment {
        let mut offer = Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
        offer.grant_for = Some(HOUR);
        let (who, via) = (subject("user:1"), provider_id("scripted"));
        self.payments[0].start(&who, offer, &via, key(name)).await.unwrap().payment
    }

    fn is_paid(&self, payment: &Payment) {
        let named = format!("REF-{}", payment.intent.id).to_ascii_uppercase();
        self.provider.always(&payment.intent.id, Answer::Says(paid(payment, &named)));
    }

    /// What a node sees whose clock stands there.
    async fn at(&self, node: usize, at: Timestamp) -> Access {
        self.clocks[node].set(at);
        self.payments[node].access(&subject("user:1"), &resource("room:7")).await.unwrap()
    }

    async fn grants(&self) -> usize {
        let events = self.payments[0].events_after(0, 1_000).await.unwrap();
        events.iter().filter(|(_, event)| matches!(event.kind, EventKind::Granted(_))).count()
    }
}

#[tokio::test]
async fn t18_a_grant_ends_at_its_very_instant_on_every_node() {
    let nodes = Nodes::new();
    let payment = nodes.started("k1").await;
    nodes.is_paid(&payment);
    nodes.clocks[0].set(minute(1));
    nodes.payments[0].recheck(&payment.intent.id).await.unwrap();
    let last = minute(61) - SignedDuration::from_micros(1);
    for node in [0, 1] {
        assert!(matches!(nodes.at(node, last).await, Access::Granted(_)));
        assert_eq!(nodes.at(node, minute(61)).await, Access::Locked);
    }
}

proptest! {
    /// Whatever the clocks say when a payment is looked at again, the end of what it bought stays where it was; once
    /// it is over nothing but another payment opens the door.
    #[test]
    fn t18_the_end_of_a_grant_never_moves(
        looks in proptest::collection::vec((0_usize..2, -10_i64..=200), 1..24),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let nodes = Nodes::new();
            let payment = nodes.started("k1").await;
            nodes.is_paid(&payment);
            let mut end = None;
            for (node, at) in looks {
                nodes.clocks[node].set(minute(at));
                nodes.payments[node].recheck(&payment.intent.id).await.unwrap();
                nodes.payments[node].reconcile(10).await.unwrap();
                let end = *end.get_or_insert(minute(at) + HOUR);
                match nodes.at(node, minute(at)).await {
                    Access::Granted(grant) => {
                        assert_eq!(grant.until, Some(end));
                        assert!(minute(at) < end);
                    }
                    other => assert_eq!((other, minute(at) >= end), (Access::Locked, true)),
                }
            }
            assert_eq!(nodes.grants().await, 1);
        });
    }
}

/// I5: the first one's hour is over, so it inherits nothing, though nobody took its payment back.
#[tokio::test]
async fn t16_a_refund_hands_access_past_what_is_over_to_what_is_still_paid() {
    let nodes = Nodes::new();
    let over = nodes.started("k1").await;
    nodes.is_paid(&over);
    nodes.payments[0].recheck(&over.intent.id).await.unwrap();
    nodes.clocks[0].set(minute(61));
    let holds = nodes.started("k2").await;
    nodes.clocks[0].set(minute(92));
    let covered = nodes.started("k3").await;
    for payment in [&holds, &covered] {
        nodes.is_paid(payment);
        nodes.payments[0].recheck(&payment.intent.id).await.unwrap();
    }
    let named = reference(&format!("REF-{}", holds.intent.id).to_ascii_uppercase());
    let back = Outcome::Refunded { reference: Some(named), size: RefundSize::Full };
    nodes.provider.always(&holds.intent.id, Answer::Says(back));
    nodes.payments[0].recheck(&holds.intent.id).await.unwrap();
    let Access::Granted(grant) = nodes.at(0, minute(92)).await else { panic!("access was lost") };
    assert_eq!((grant.payment, grant.until), (covered.intent.id, Some(minute(152))));
}
