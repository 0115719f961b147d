//! The schedule on several nodes, with providers that are slow, hang, or are not there any more.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use paygate::testing::{Answer, ScriptedProvider, key, paid, provider_id, resource, start_of_time, subject};
use paygate::{
    Access, Anomaly, Clock, ManualClock, MemoryStore, Money, NotPaid, Offer, Outcome, Payment,
    PaymentProvider, Payments, Policy, RandomIds, RawCallback, Report, SequentialIds, StartError, Verdict,
};
use support::hooked::Hooked;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

/// Goes with the runtime's own time, which a test holds.
struct Running(Instant);

impl Clock for Running {
    fn now(&self) -> Timestamp {
        start_of_time() + self.0.elapsed()
    }
}

fn node(
    store: &MemoryStore,
    provider: Arc<dyn PaymentProvider>,
    clock: Arc<dyn Clock>,
) -> Payments<MemoryStore> {
    Payments::new(store.clone(), vec![provider], clock, Arc::new(RandomIds), Policy::default())
}

async fn started(payments: &Payments<MemoryStore>, who: &str) -> Payment {
    let offer = Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
    payments.start(&subject(who), offer, &provider_id("scripted"), key("k")).await.unwrap().payment
}

/// Longer than a lease, one after the other.
#[tokio::test(start_paused = true)]
async fn t08_two_nodes_with_a_slow_provider_ask_about_each_payment_once() {
    let slow = Arc::new(Hooked::new(|call, _| {
        async move { sleep(Duration::from_secs(if call == "query" { 9 } else { 0 })).await }.boxed()
    }));
    let (store, clock) = (MemoryStore::new(), Arc::new(Running(Instant::now())));
    let nodes = [0, 1].map(|_| node(&store, slow.clone(), clock.clone()));
    for number in 0..60 {
        let payment = started(&nodes[0], &format!("user:{number}")).await;
        let reference = format!("R{number}");
        slow.scripted.always(&payment.intent.id, Answer::Says(paid(&payment, &reference)));
    }
    sleep(Duration::from_mins(2)).await;
    let rounds = nodes.map(|node| async move {
        for _ in 0..40 {
            node.reconcile(50).await.unwrap();
            sleep(Duration::from_secs(5)).await;
        }
    });
    futures_util::future::join_all(rounds).await;
    let queries = slow.queries();
    assert_eq!(queries.len(), 60);
    assert!(queries.values().all(|count| *count == 1), "{queries:?}");
}

#[tokio::test(start_paused = true)]
async fn t08_a_payer_who_waits_does_not_stand_behind_those_that_hang() {
    let hanging = Arc::new(ScriptedProvider::new());
    let (store, clock) = (MemoryStore::new(), Arc::new(Running(Instant::now())));
    let node = node(&store, hanging.clone(), clock);
    for number in 0..15 {
        let payment = started(&node, &format!("user:{number}")).await;
        hanging.always(&payment.intent.id, Answer::Hangs);
    }
    let waits = started(&node, "user:99").await;
    hanging.always(&waits.intent.id, Answer::Says(paid(&waits, "R1")));
    sleep(Duration::from_mins(2)).await;
    let round = node.reconcile(50);
    assert!(tokio::time::timeout(Duration::from_secs(1), round).await.is_err(), "the others hang");
    let access = node.access(&subject("user:99"), &resource("room:7")).await.unwrap();
    assert!(matches!(access, Access::Granted(_)), "{access:?}");
}

#[tokio::test]
async fn i13_payments_of_a_provider_that_is_gone_come_to_an_operator() {
    let (store, clock) = (MemoryStore::new(), Arc::new(ManualClock::new(start_of_time())));
    let before = node(&store, Arc::new(ScriptedProvider::new()), clock.clone());
    let id = started(&before, "user:1").await.intent.id;
    let ids = Arc::new(SequentialIds::default());
    let after = Payments::new(store, vec![], clock.clone(), ids, Policy::default());
    for _ in 0..12 {
        clock.advance(SignedDuration::from_hours(6));
        let report = after.reconcile(10).await.unwrap();
        assert_eq!(report.asked, report.failed);
    }
    let [stuck] = after.in_review(10).await.unwrap().try_into().unwrap();
    assert_eq!((&stuck.intent.id, stuck.review), (&id, Some(Anomaly::Unanswered)));
    assert_eq!(stuck.next_check_at, None);
    // The operator's word is all there is.
    let verdict = Verdict::Paid(paygate::testing::reference("As-He-Typed-It"));
    let solved = after.resolve(&id, verdict, paygate::testing::actor("admin:1")).await.unwrap();
    assert!(solved.entitled);
}

/// A provider of which each question waits for a permit, and says when it began.
fn held() -> (Arc<Hooked>, Arc<Semaphore>, Arc<Semaphore>) {
    let (asked, may_answer) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let hook = (Arc::clone(&asked), Arc::clone(&may_answer));
    let provider = Hooked::new(move |call, _| {
        let (asked, may_answer) = (Arc::clone(&hook.0), Arc::clone(&hook.1));
        async move {
            if call == "query" {
                asked.add_permits(1);
                may_answer.acquire().await.unwrap().forget();
            }
        }
        .boxed()
    });
    (Arc::new(provider), asked, may_answer)
}

/// Polls until it gives way for good: whoever waits for something waits for it now.
async fn settled() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

/// A round whose question is on its way for longer than its lease, and another that takes the payment up again.
async fn two_rounds(
    node: &Payments<MemoryStore>,
    clock: &ManualClock,
    asked: &Semaphore,
) -> [tokio::task::JoinHandle<Report>; 2] {
    let round = || {
        let node = node.clone();
        tokio::spawn(async move { node.reconcile(10).await.unwrap() })
    };
    clock.advance(SignedDuration::from_mins(3));
    let first = round();
    asked.acquire().await.unwrap().forget();
    clock.advance(SignedDuration::from_secs(61));
    let second = round();
    settled().await;
    [first, second]
}

#[tokio::test]
async fn t08_what_was_asked_about_since_it_was_leased_is_not_asked_about_again() {
    let (provider, asked, may_answer) = held();
    let (store, clock) = (MemoryStore::new(), Arc::new(ManualClock::new(start_of_time())));
    let node = node(&store, provider.clone(), clock.clone());
    let id = started(&node, "user:1").await.intent.id;
    provider.scripted.always(&id, Answer::Says(Outcome::Pending));
    let rounds = two_rounds(&node, &clock, &asked).await;
    may_answer.add_permits(9);
    for round in rounds {
        assert_eq!(round.await.unwrap().asked, 1, "both had it in hand");
    }
    assert_eq!(provider.queries()[&id], 1);
}

/// I7: the schedule's question, which he shares, fails, and says nothing about a payer who came back.
#[tokio::test]
async fn t10_a_payer_whose_callback_shares_the_schedules_failure_is_not_asked_to_pay_again() {
    let (provider, asked, may_answer) = held();
    let (store, clock) = (MemoryStore::new(), Arc::new(ManualClock::new(start_of_time())));
    let node = node(&store, provider.clone(), clock.clone());
    let id = started(&node, "user:1").await.intent.id;
    provider.scripted.once(&id, Answer::Says(Outcome::NotPaid(NotPaid::Unseen)));
    provider.scripted.once(&id, Answer::Fails);
    let rounds = two_rounds(&node, &clock, &asked).await;
    clock.advance(SignedDuration::from_secs(1));
    let callback = tokio::spawn({
        let (node, query) = (node.clone(), format!("hint={id}"));
        async move {
            let headers = HeaderMap::new();
            let raw = RawCallback::from_query(&query, &headers);
            node.callback(&provider_id("scripted"), raw).await.unwrap()
        }
    });
    settled().await;
    // The next check is due by the time the first question is answered.
    clock.advance(SignedDuration::from_mins(3));
    may_answer.add_permits(2);
    for round in rounds {
        round.await.unwrap();
    }
    assert!(callback.await.unwrap().in_flight);
    assert_eq!(provider.queries()[&id], 2, "the callback shared the second round's question");
    let offer = Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
    let again = node.start(&subject("user:1"), offer, &provider_id("scripted"), key("k2")).await;
    assert!(matches!(&again, Err(StartError::InProgress(at)) if *at == id), "{again:?}");
}
