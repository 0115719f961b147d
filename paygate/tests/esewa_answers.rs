//! T2, T4, T7, T10: what eSewa's status API answers, word for word, and what becomes of a payment by it.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::sync::{Arc, Mutex};

use axum::Router;
use esewa_client::{Client, Merchant};
use http::header::CONTENT_TYPE;
use paygate::esewa::{EsewaV2, ReturnUrls};
use paygate::testing::{actor, key, payment_for, reference, resource, start_of_time, subject};
use paygate::{
    Anomaly, Intent, ManualClock, MemoryStore, Money, NotPaid, Offer, Outcome, Payment, PaymentProvider as _,
    Payments, Policy, RandomIds, RecheckError, RefundSize, State, Verdict, Why,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use support::esewa::Shop;
use url::Url;

/// A status API that answers every question with the body that it was given last.
#[derive(Clone, Default)]
struct Says(Arc<Mutex<String>>);

impl Says {
    fn body(&self, body: &Value) {
        *self.0.lock().unwrap() = body.to_string();
    }

    async fn serve(&self) -> Arc<EsewaV2> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let said = Arc::clone(&self.0);
        let answer =
            move || async move { ([(CONTENT_TYPE, "application/json")], said.lock().unwrap().clone()) };
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        let client = Client::builder(Merchant::sandbox(&origin)).attempts_max(1).build().unwrap();
        let back = |path: &str| format!("http://shop.example/{path}/").parse().unwrap();
        Arc::new(EsewaV2::new(client, ReturnUrls { success: back("paid"), failure: back("failed") }))
    }
}

/// `COMPLETE`, as eSewa says it of a payment of 30 rupees.
fn complete(id: &str) -> Value {
    json!({
        "product_code": "EPAYTEST", "transaction_uuid": id, "total_amount": 30.0, "status": "COMPLETE",
        "ref_id": "000AWEO",
    })
}

fn intent(esewa: &EsewaV2) -> Intent {
    let mut intent = payment_for("250610-162413", "user:1", "room:7").intent;
    (intent.provider, intent.payee) = (esewa.id(), esewa.payee());
    intent
}

#[tokio::test]
async fn t04_money_of_another_sum_or_for_somebody_else_is_handed_over_as_it_is() {
    let says = Says::default();
    let esewa = says.serve().await;
    let intent = intent(&esewa);
    let paid = |paisa, to: &str| Outcome::Paid {
        reference: reference("000AWEO"),
        amount: Money::npr_paisa(paisa),
        payee: paygate::testing::payee(to),
    };
    let malformed = || Outcome::Unknown(Why::Malformed);
    for (field, value, outcome) in [
        ("total_amount", json!(30.0), paid(3_000, "EPAYTEST")),
        ("total_amount", json!("30"), paid(3_000, "EPAYTEST")),
        ("total_amount", json!(29.99), paid(2_999, "EPAYTEST")),
        ("total_amount", json!("3,000.0"), paid(300_000, "EPAYTEST")),
        ("total_amount", Value::Null, malformed()),
        ("product_code", json!("OTHERSHOP"), paid(3_000, "OTHERSHOP")),
        ("product_code", Value::Null, malformed()),
        // About another payment: it says nothing about this one.
        ("transaction_uuid", json!("250610-162414"), malformed()),
        ("transaction_uuid", Value::Null, malformed()),
        ("ref_id", Value::Null, malformed()),
    ] {
        let mut body = complete(intent.id.as_str());
        body[field] = value.clone();
        says.body(&body);
        assert_eq!(esewa.query(&intent).await.unwrap(), outcome, "{field} {value}");
    }
}

#[tokio::test]
async fn t02_each_word_of_the_status_is_what_it_means() {
    let says = Says::default();
    let esewa = says.serve().await;
    let intent = intent(&esewa);
    let refunded = |size| Outcome::Refunded { reference: Some(reference("000AWEO")), size };
    for (word, outcome) in [
        ("PENDING", Outcome::Pending),
        ("CANCELED", Outcome::NotPaid(NotPaid::Canceled)),
        ("NOT_FOUND", Outcome::NotPaid(NotPaid::Unseen)),
        ("AMBIGUOUS", Outcome::Unknown(Why::Ambiguous)),
        ("FULL_REFUND", refunded(RefundSize::Full)),
        ("PARTIAL_REFUND", refunded(RefundSize::Part(None))),
        ("SETTLED", Outcome::Unknown(Why::UnknownWord)),
    ] {
        let mut body = complete(intent.id.as_str());
        body["status"] = word.into();
        says.body(&body);
        assert_eq!(esewa.query(&intent).await.unwrap(), outcome, "{word}");
        // Another shop's payment that is not even paid is none to look into.
        body["product_code"] = "OTHERSHOP".into();
        says.body(&body);
        assert_eq!(esewa.query(&intent).await.unwrap(), Outcome::Unknown(Why::Malformed), "{word}");
    }
}

#[tokio::test]
async fn t04_such_money_goes_to_review_grants_nothing_and_is_not_asked_for_again() {
    for (field, value, anomaly) in [
        ("total_amount", json!(30.01), Anomaly::AmountMismatch),
        ("product_code", json!("OTHERSHOP"), Anomaly::PayeeMismatch),
    ] {
        let says = Says::default();
        let esewa = says.serve().await;
        let clock = Arc::new(ManualClock::new(start_of_time()));
        let (store, ids) = (MemoryStore::new(), Arc::new(RandomIds));
        let via = esewa.id();
        let payments = Payments::new(store, vec![esewa], clock, ids, Policy::default());
        let offer = || Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
        let payment = payments.start(&subject("user:1"), offer(), &via, key("k1")).await.unwrap().payment;
        let mut body = complete(payment.intent.id.as_str());
        body[field] = value;
        says.body(&body);
        let seen = payments.recheck(&payment.intent.id).await.unwrap();
        assert_eq!((seen.state, seen.review, seen.entitled), (State::Open, Some(anomaly), false));
        assert!(payments.start(&subject("user:1"), offer(), &via, key("k2")).await.is_err());
    }
}

/// T7: however eSewa spells a reference, it is the one reference or none.
#[test]
fn t07_a_reference_of_a_status_answer_has_one_spelling() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let says = Says::default();
    let esewa = runtime.block_on(says.serve());
    let intent = intent(&esewa);
    let spelled = ("[0-9A-Z-]{1,12}", any::<u16>(), "[ %+_./]{0,1}", 0_usize..12);
    let cases = Config { cases: 96, failure_persistence: None, ..Config::default() };
    TestRunner::new(cases)
        .run(&spelled, |(reference, lowered, put, place)| {
            let lower = |(at, letter): (usize, char)| {
                if lowered & (1 << at) == 0 { letter } else { letter.to_ascii_lowercase() }
            };
            let mut text: String = reference.chars().enumerate().map(lower).collect();
            text.insert_str(place.min(text.len()), &put);
            let mut body = complete(intent.id.as_str());
            body["ref_id"] = text.clone().into();
            says.body(&body);
            let named = match runtime.block_on(esewa.query(&intent)).unwrap() {
                Outcome::Paid { reference, .. } => Some(reference.as_str().to_owned()),
                other => {
                    prop_assert_eq!(other, Outcome::Unknown(Why::Malformed));
                    None
                }
            };
            prop_assert_eq!(named, put.is_empty().then_some(reference), "{}", text);
            Ok(())
        })
        .unwrap();
}

/// A payment of which eSewa does not know yet whether it happened.
async fn in_doubt(shop: &Shop<MemoryStore>, who: &str) -> Payment {
    let started = shop.start(who, "room:7").await;
    shop.submit(&started.next).await;
    shop.act(&started.payment, "ambiguous").await;
    shop.payments.recheck(&started.payment.intent.id).await.unwrap()
}

#[tokio::test]
async fn t02_a_reference_that_an_operator_types_in_another_case_is_claimed_once() {
    let shop = Shop::v2(MemoryStore::new()).await;
    let (mine, theirs) = (in_doubt(&shop, "user:1").await, in_doubt(&shop, "user:2").await);
    let ruled = async |payment: &Payment, typed: &str| {
        let verdict = Verdict::Paid(reference(typed));
        shop.payments.resolve(&payment.intent.id, verdict, actor("admin:1")).await
    };
    let paid = ruled(&mine, "000aweo").await.unwrap();
    assert_eq!((paid.state, paid.reference), (State::Paid, Some(reference("000AWEO"))));
    let refused = ruled(&theirs, "000AWEO").await.unwrap();
    assert!(
        refused.state == State::Open && refused.raised.contains(Anomaly::ReferenceTaken),
        "I2: {refused:?}"
    );
    for none in ["000_AWEO", "000.AWEO", "refId=000AWEO"] {
        assert!(matches!(ruled(&theirs, none).await, Err(RecheckError::BadReference)), "{none}");
    }
    // The provider names it again, in its own spelling: the same payment.
    assert_eq!(ruled(&mine, "000AWEO").await.unwrap().raised, paid.raised);
}
