//! The whole way of ePay v2 through eSewa's emulator: start, form, payment, callback, grant, gate, refund.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use paygate::{Access, Anomaly, CallbackError, MemoryStore, NextStep, NotPaid, StartError, State};
use serde_json::json;
use support::esewa::Shop;
use support::sqlite::File;
use url::form_urlencoded;

#[tokio::test]
async fn a_payer_pays_comes_back_and_keeps_access_until_a_refund() {
    let file = File::new();
    let shop = Shop::v2(file.open().await).await;
    let started = shop.start("user:1", "room:7").await;
    shop.submit(&started.next).await;
    let query = shop.act(&started.payment, "complete").await;
    let payment = shop.callback(&query).await.unwrap();
    assert_eq!((payment.state, payment.review), (State::Paid, None));
    assert!(payment.reference.is_some());
    assert!(matches!(shop.access("user:1", "room:7").await, Access::Granted(_)));
    assert_eq!(shop.ledger.ledger().len(), 1, "I14: one movement of money for one paid payment");
    shop.act(&started.payment, "full_refund").await;
    let payment = shop.payments.recheck(&started.payment.intent.id).await.unwrap();
    assert_eq!(payment.state, State::Refunded);
    assert_eq!(shop.access("user:1", "room:7").await, Access::Locked);
}

#[tokio::test]
async fn t02_a_callback_of_one_payment_says_nothing_about_another() {
    let shop = Shop::v2(MemoryStore::new()).await;
    let mine = shop.start("user:1", "room:7").await;
    let theirs = shop.start("user:2", "room:7").await;
    shop.submit(&mine.next).await;
    let query = shop.act(&mine.payment, "complete").await;
    for _ in 0..3 {
        assert_eq!(shop.callback(&query).await.unwrap().intent.id, mine.payment.intent.id);
    }
    assert_eq!(shop.access("user:2", "room:7").await, Access::Locked);
    let theirs = shop.payments.payment(&theirs.payment.intent.id).await.unwrap().unwrap();
    assert_eq!(theirs.version, 0, "untouched");
}

/// T5: the payer's browser holds a signature over three fields; it must not pass for one over six.
#[tokio::test]
async fn t05_the_reflected_signature_of_the_form_is_refused() {
    let shop = Shop::v2(MemoryStore::new()).await;
    let started = shop.start("user:1", "room:7").await;
    let NextStep::PostForm { fields, .. } = &started.next else { panic!() };
    let field =
        |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap();
    for names in [
        "total_amount,transaction_uuid,product_code",
        "",
        "transaction_code,status,total_amount,transaction_uuid,product_code,signed_field_names",
    ] {
        let forged = json!({
            "transaction_code": "000AWEO", "status": "COMPLETE", "total_amount": field("total_amount"),
            "transaction_uuid": started.payment.intent.id, "product_code": field("product_code"),
            "signed_field_names": names, "signature": field("signature"),
        });
        use base64::Engine as _;
        let data = base64::engine::general_purpose::STANDARD.encode(forged.to_string());
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("data", &data).finish();
        let refused = shop.callback(&query).await;
        assert!(
            matches!(refused, Err(CallbackError::InvalidSignature | CallbackError::Malformed)),
            "{refused:?}"
        );
    }
    assert_eq!(shop.access("user:1", "room:7").await, Access::Locked);
}

#[tokio::test]
async fn t10_an_outage_of_the_status_api_leaves_the_payment_in_flight() {
    let shop = Shop::v2(MemoryStore::new()).await;
    let started = shop.start("user:1", "room:7").await;
    shop.submit(&started.next).await;
    let query = shop.act(&started.payment, "complete").await;
    shop.control("faults", json!({"route": "status", "fault": "outage", "times": 1})).await;
    let payment = shop.callback(&query).await.unwrap();
    assert!(payment.in_flight && payment.state == State::Open);
    assert!(matches!(shop.access("user:1", "room:7").await, Access::InFlight(_)));
    assert_eq!(shop.payments.recheck(&started.payment.intent.id).await.unwrap().state, State::Paid);
}

/// Each is one answer of the status API; the next one is right.
#[tokio::test]
async fn t10_whatever_the_status_api_answers_instead_nobody_pays_twice_and_the_payer_gets_in_after_it() {
    for fault in ["outage", "forbidden", "bad_gateway", "timeout", "cut", "garbage", "stale_pending"] {
        let shop = Shop::v2(MemoryStore::new()).await;
        let started = shop.start("user:1", "room:7").await;
        shop.submit(&started.next).await;
        let query = shop.act(&started.payment, "complete").await;
        shop.control("faults", json!({"route": "status", "fault": fault, "times": 1, "delay_ms": 0})).await;
        let payment = shop.callback(&query).await.unwrap();
        assert_eq!((payment.state, payment.in_flight, payment.review), (State::Open, true, None), "{fault}");
        let again = shop.start_again("user:1", "room:7").await;
        assert!(matches!(again, Err(StartError::InProgress(_))), "{fault}: {again:?}");
        // The schedule finds it, although nobody comes back.
        shop.clock.advance(jiff::SignedDuration::from_mins(2));
        assert_eq!(shop.payments.reconcile(10).await.unwrap().changed, 1, "{fault}");
        assert!(matches!(shop.access("user:1", "room:7").await, Access::Granted(_)), "{fault}");
        assert_eq!(shop.ledger.ledger().len(), 1, "I14: {fault}");
    }
}

#[tokio::test]
async fn t04_a_status_of_another_amount_goes_to_review_and_the_right_one_opens() {
    let shop = Shop::v2(MemoryStore::new()).await;
    let started = shop.start("user:1", "room:7").await;
    shop.submit(&started.next).await;
    let query = shop.act(&started.payment, "complete").await;
    shop.control("faults", json!({"route": "status", "fault": "wrong_amount", "times": 1})).await;
    let payment = shop.callback(&query).await.unwrap();
    assert_eq!((payment.state, payment.review), (State::Open, Some(Anomaly::AmountMismatch)));
    assert!(matches!(shop.access("user:1", "room:7").await, Access::InFlight(_)), "nobody pays again");
    let payment = shop.payments.recheck(&started.payment.intent.id).await.unwrap();
    assert_eq!((payment.state, payment.review), (State::Paid, Some(Anomaly::AmountMismatch)));
    assert!(matches!(shop.access("user:1", "room:7").await, Access::Granted(_)));
}

#[tokio::test]
async fn each_word_of_esewa_has_its_meaning() {
    let shop = Shop::v2(MemoryStore::new()).await;
    for (number, (outcome, state, in_flight)) in [
        ("pending", State::Open, true),
        ("ambiguous", State::Open, true),
        ("not_found", State::Open, false),
        ("cancel", State::Lapsed(NotPaid::Canceled), false),
    ]
    .into_iter()
    .enumerate()
    {
        let started = shop.start("user:1", &format!("room:{number}")).await;
        shop.submit(&started.next).await;
        shop.act(&started.payment, outcome).await;
        let payment = shop.payments.recheck(&started.payment.intent.id).await.unwrap();
        assert_eq!((payment.state, payment.in_flight), (state, in_flight), "{outcome}");
    }
}
