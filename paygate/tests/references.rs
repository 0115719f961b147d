//! T2: whatever order references and callbacks of several payers come in, a reference pays for one of them. T9: two
//! who begin one checkout at once, and a payer who is faster than that.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::FutureExt as _;
use http::HeaderMap;
use paygate::testing::{
    Answer, handle, key, paid, payment_id, provider_id, reference, resource, start_of_time, subject,
};
use paygate::{
    Access, Anomaly, ManualClock, MemoryStore, Money, Offer, Payments, Policy, RawCallback, SequentialIds,
    StartError, Started, State,
};
use proptest::prelude::*;
use support::hooked::Hooked;
use support::service::World;
use tokio::sync::Semaphore;

const PAYERS: usize = 4;

proptest! {
    #[test]
    fn t02_a_reference_pays_for_whoever_it_was_named_for_first(
        named in proptest::collection::vec((0..PAYERS, 0_u32..3, 0..PAYERS), 1..16),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let world = World::new(MemoryStore::new());
            let mut payments = Vec::new();
            for payer in 0..PAYERS {
                let started = world.start(&format!("user:{payer}"), "room:7", "k").await;
                payments.push(started.unwrap().payment);
            }
            let mut owners = HashMap::new();
            for (payer, number, replayed) in named {
                let name = format!("R{number}");
                let of = &payments[payer];
                world.provider.once(&of.intent.id, Answer::Says(paid(of, &name)));
                let before = all(&world).await;
                let seen = world.payments.recheck(&of.intent.id).await.unwrap();
                let is_own = *owners.entry(name.clone()).or_insert(payer) == payer;
                assert!(is_own || seen.raised.contains(Anomaly::ReferenceTaken), "{seen:?}");
                if is_own {
                    assert!(seen.state == State::Paid, "{seen:?}");
                }
                // A callback of one payment, sent again beside another's, changes neither a third nor who is paid.
                world.callback(&format!("hint={}", payments[replayed].intent.id)).await.unwrap();
                for (place, (was, is)) in before.iter().zip(all(&world).await).enumerate() {
                    let is_touched = place == payer || (place == replayed && was.state == State::Open);
                    assert!(is_touched || *was == is, "I2: {was:?} became {is:?}");
                }
            }
            for (payer, payment) in all(&world).await.into_iter().enumerate() {
                let owns = |name: &String| owners.get(name) == Some(&payer);
                let paid_by = payment.reference.map(|reference| reference.as_str().to_owned());
                assert_eq!(payment.state == State::Paid, paid_by.as_ref().is_some_and(owns), "I2");
            }
        });
    }
}

async fn all(world: &World<MemoryStore>) -> Vec<paygate::Payment> {
    let mut all = Vec::new();
    for payer in 0..PAYERS {
        let of = subject(&format!("user:{payer}"));
        all.extend(world.payments.payments_of(&of, None, 10).await.unwrap());
    }
    all
}

/// A provider that gives out handles, each of whose `begin`s waits for a permit.
fn held() -> (Payments<MemoryStore>, Arc<Hooked>, Arc<Semaphore>, Arc<Semaphore>) {
    let (began, may_answer) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let hook = (Arc::clone(&began), Arc::clone(&may_answer));
    let provider = Hooked::new(move |call, _| {
        let (began, may_answer) = (Arc::clone(&hook.0), Arc::clone(&hook.1));
        async move {
            if call == "begin" {
                began.add_permits(1);
                may_answer.acquire().await.unwrap().forget();
            }
        }
        .boxed()
    });
    let provider = Arc::new(provider.with_handles());
    let clock = Arc::new(ManualClock::new(start_of_time()));
    let ids = Arc::new(SequentialIds::default());
    let payments = Payments::new(MemoryStore::new(), vec![provider.clone()], clock, ids, Policy::default());
    (payments, provider, began, may_answer)
}

fn pressed(
    payments: &Payments<MemoryStore>,
    name: &str,
) -> tokio::task::JoinHandle<Result<Started, StartError>> {
    let (payments, key) = (payments.clone(), key(name));
    tokio::spawn(async move {
        let offer = Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
        payments.start(&subject("user:1"), offer, &provider_id("scripted"), key).await
    })
}

#[tokio::test]
async fn t09_two_who_begin_one_checkout_at_once_are_sent_to_the_same_one() {
    let (payments, _provider, began, may_answer) = held();
    let both = [pressed(&payments, "k1"), pressed(&payments, "k2")];
    began.acquire_many(2).await.unwrap().forget();
    // Both have begun without a handle; whoever is second must begin again, with the first one's.
    may_answer.add_permits(3);
    let [first, second] = both;
    let (first, second) = (first.await.unwrap().unwrap(), second.await.unwrap().unwrap());
    assert_eq!(first.next, second.next);
    let kept = payments.payment(&payment_id("pay-1")).await.unwrap().unwrap().intent.handle;
    assert_eq!(kept, Some(handle("checkout-0")));
    assert_eq!(began.available_permits(), 1, "the loser began once more");
    assert_eq!((first.payment.intent.handle, second.payment.intent.handle), (kept.clone(), kept));
}

#[tokio::test]
async fn t09_a_payer_who_is_faster_than_begin_keeps_the_handle_and_gets_in_once() {
    let (payments, provider, began, may_answer) = held();
    let starting = pressed(&payments, "k1");
    began.acquire().await.unwrap().forget();
    let row = payments.payment(&payment_id("pay-1")).await.unwrap().unwrap();
    provider.scripted.always(&row.intent.id, Answer::Says(paid(&row, "R1")));
    let headers = HeaderMap::new();
    let raw = RawCallback::from_query("signed=pay-1", &headers);
    assert_eq!(payments.callback(&provider_id("scripted"), raw).await.unwrap().state, State::Paid);
    may_answer.add_permits(1);
    let started = starting.await.unwrap();
    assert!(matches!(started, Err(StartError::AlreadyGranted(_))), "{started:?}");
    let kept = payments.payment(&row.intent.id).await.unwrap().unwrap();
    // Without its handle nobody could ask for a refund.
    assert_eq!((kept.state, kept.intent.handle), (State::Paid, Some(handle("checkout-0"))));
    assert_eq!(kept.reference, Some(reference("R1")));
    let access = payments.access(&subject("user:1"), &resource("room:7")).await.unwrap();
    assert!(matches!(access, Access::Granted(_)));
}
