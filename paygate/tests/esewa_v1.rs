//! ePay v1 through eSewa's emulator: nothing is signed, so everything hangs on asking `transrec` with our amount and
//! the reference that the browser brings.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use jiff::SignedDuration;
use paygate::{
    Access, CallbackError, MemoryStore, NextStep, NotPaid, PaymentStore as _, StartError, Started, State,
};
use serde_json::json;
use support::esewa::Shop;
use support::sqlite::File;

/// A payment that was paid at eSewa, and the query that the browser brings back.
async fn paid_at_esewa(shop: &Shop<MemoryStore>) -> (Started, String) {
    let started = shop.start("user:1", "room:7").await;
    shop.submit(&started.next).await;
    let query = shop.act(&started.payment, "complete").await;
    (started, query)
}

#[tokio::test]
async fn a_payer_of_v1_pays_comes_back_and_gets_access() {
    let file = File::new();
    let shop = Shop::v1(file.open().await).await;
    let started = shop.start("user:1", "room:7").await;
    let NextStep::PostForm { action, fields } = &started.next else { panic!("{:?}", started.next) };
    assert_eq!(action.path(), "/epay/main");
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["amt", "txAmt", "psc", "pdc", "tAmt", "pid", "scd", "su", "fu"]);
    shop.submit(&started.next).await;
    let query = shop.act(&started.payment, "complete").await;
    assert!(query.contains("oid=") && query.contains("refId="), "{query}");
    for _ in 0..3 {
        let payment = shop.callback(&query).await.unwrap();
        assert_eq!((payment.state, payment.review), (State::Paid, None));
    }
    assert!(matches!(shop.access("user:1", "room:7").await, Access::Granted(_)));
    assert_eq!(shop.access("user:2", "room:7").await, Access::Locked);
    assert_eq!(shop.ledger.ledger().len(), 1, "I14: one movement of money for one paid payment");
}

#[tokio::test]
async fn t05_a_made_up_way_back_of_v1_opens_nothing() {
    let shop = Shop::v1(MemoryStore::new()).await;
    let started = shop.start("user:1", "room:7").await;
    shop.submit(&started.next).await;
    let id = started.payment.intent.id.clone();
    for query in [format!("oid={id}&amt=30.0&refId=0000000"), format!("oid={id}&amt=0.01&refId=ABC-1")] {
        let payment = shop.callback(&query).await.unwrap();
        assert_eq!((payment.state, payment.in_flight), (State::Open, false), "{query}");
    }
    assert_eq!(shop.access("user:1", "room:7").await, Access::Locked);
    // What was made up before does not stand in the payer's own way.
    let query = shop.act(&started.payment, "complete").await;
    assert_eq!(shop.callback(&query).await.unwrap().state, State::Paid);
}

#[tokio::test]
async fn t02_the_reference_of_one_payment_does_not_pay_for_another() {
    let shop = Shop::v1(MemoryStore::new()).await;
    let (mine, query) = paid_at_esewa(&shop).await;
    let theirs = shop.start("user:2", "room:7").await;
    shop.submit(&theirs.next).await;
    let (mine, theirs) = (mine.payment.intent.id, theirs.payment.intent.id);
    let moved = query.replace(mine.as_str(), theirs.as_str());
    assert_eq!(shop.callback(&moved).await.unwrap().state, State::Open);
    assert_eq!(shop.access("user:2", "room:7").await, Access::Locked);
}

#[tokio::test]
async fn t04_a_form_that_the_payer_made_cheaper_opens_nothing() {
    let shop = Shop::v1(MemoryStore::new()).await;
    let started = shop.start("user:1", "room:7").await;
    let NextStep::PostForm { action, mut fields } = started.next.clone() else { panic!() };
    for (name, value) in &mut fields {
        if name == "amt" || name == "tAmt" {
            *value = "1".into();
        }
    }
    shop.submit(&NextStep::PostForm { action, fields }).await;
    let query = shop.act(&started.payment, "complete").await;
    assert!(query.contains("amt=1"), "{query}");
    let honest = query.replace("amt=1.0", "amt=30.0");
    for query in [query, honest] {
        assert_eq!(shop.callback(&query).await.unwrap().state, State::Open, "{query}");
    }
    assert_eq!(shop.access("user:1", "room:7").await, Access::Locked);
}

/// T7: a reference has one spelling, however it is written in the address.
#[tokio::test]
async fn t07_the_spelling_of_a_reference_makes_no_second_one() {
    let shop = Shop::v1(MemoryStore::new()).await;
    let (_, query) = paid_at_esewa(&shop).await;
    let (head, reference) = query.split_once("refId=").unwrap();
    let percent: String = reference.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for spelling in [reference.to_ascii_lowercase(), percent, reference.to_owned()] {
        let payment = shop.callback(&format!("{head}refId={spelling}")).await.unwrap();
        assert_eq!((payment.state, payment.review), (State::Paid, None), "{spelling}");
        assert_eq!(payment.reference.unwrap().as_str(), reference, "{spelling}");
    }
    for spelling in [format!("%20{reference}"), format!("{reference}+"), format!("{reference}%00")] {
        let refused = shop.callback(&format!("{head}refId={spelling}")).await;
        assert!(matches!(refused, Err(CallbackError::Malformed)), "{spelling}: {refused:?}");
    }
}

#[tokio::test]
async fn t10_a_lost_answer_of_transrec_is_found_out_by_the_schedule() {
    let shop = Shop::v1(MemoryStore::new()).await;
    for fault in ["outage", "bad_gateway", "garbage", "cut"] {
        let room = format!("room:{fault}");
        let started = shop.start("user:1", &room).await;
        shop.submit(&started.next).await;
        let query = shop.act(&started.payment, "complete").await;
        shop.control("faults", json!({"route": "transrec", "fault": fault, "times": 1})).await;
        let payment = shop.callback(&query).await.unwrap();
        assert!(payment.in_flight && payment.state == State::Open, "{fault}: {payment:?}");
        assert!(matches!(shop.access("user:1", &room).await, Access::InFlight(_)), "{fault}");
        // The browser never comes again: the reference was kept.
        shop.clock.advance(SignedDuration::from_mins(3));
        shop.payments.reconcile(10).await.unwrap();
        assert!(matches!(shop.access("user:1", &room).await, Access::Granted(_)), "{fault}");
    }
}

/// Whoever knows the payment's id, before the payer and after him.
#[tokio::test]
async fn t10_made_up_references_do_not_displace_one_that_was_kept_during_an_outage() {
    let shop = Shop::v1(MemoryStore::new()).await;
    let (started, query) = paid_at_esewa(&shop).await;
    let id = started.payment.intent.id;
    shop.control("faults", json!({"route": "transrec", "fault": "outage", "times": 100})).await;
    let forged = async |number: u32| {
        let query = format!("oid={id}&amt=30&refId=FORGED{number}");
        assert_eq!(shop.callback(&query).await.unwrap().state, State::Open);
    };
    forged(0).await;
    shop.callback(&query).await.unwrap();
    for number in 1..20 {
        forged(number).await;
    }
    let kept = shop.payments.payment(&id).await.unwrap().unwrap().intent.handle.unwrap();
    assert_eq!(kept.as_str().split(',').count(), 4, "{kept}");
    shop.faults_are_over().await;
    shop.clock.advance(SignedDuration::from_mins(3));
    shop.payments.reconcile(10).await.unwrap();
    assert!(matches!(shop.access("user:1", "room:7").await, Access::Granted(_)));
}

#[tokio::test]
async fn a_payer_who_never_comes_back_blocks_nobody() {
    let shop = Shop::v1(MemoryStore::new()).await;
    let (started, query) = paid_at_esewa(&shop).await;
    shop.clock.advance(SignedDuration::from_hours(3));
    shop.payments.reconcile(10).await.unwrap();
    let lapsed = shop.payments.payment(&started.payment.intent.id).await.unwrap().unwrap();
    assert_eq!(lapsed.state, State::Lapsed(NotPaid::Unseen));
    // T15: and when he does come, what he paid for is his.
    assert_eq!(shop.callback(&query).await.unwrap().state, State::Paid);
    assert!(matches!(shop.access("user:1", "room:7").await, Access::Granted(_)));
}

#[tokio::test]
async fn t24_made_up_references_fill_neither_the_trail_nor_the_events() {
    let shop = Shop::v1(MemoryStore::new()).await;
    let started = shop.start("user:1", "room:7").await;
    let id = started.payment.intent.id;
    for number in 0..300 {
        shop.callback(&format!("oid={id}&amt=30&refId=FORGED{number}")).await.unwrap();
    }
    assert!(shop.payments.trail(&id).await.unwrap().len() <= paygate::TRAIL_ENTRIES_MAX as usize);
    assert_eq!(shop.payments.store().newest_event().await.unwrap(), 1, "it was opened, and that is all");
    let unknown = shop.callback("oid=nobody&amt=30&refId=X").await;
    assert!(matches!(unknown, Err(CallbackError::UnknownPayment)), "{unknown:?}");
}

#[tokio::test]
async fn an_order_for_a_refund_needs_an_operators_word() {
    let shop = Shop::v1(MemoryStore::new()).await;
    let (started, query) = paid_at_esewa(&shop).await;
    shop.callback(&query).await.unwrap();
    let id = &started.payment.intent.id;
    shop.act(&started.payment, "full_refund").await;
    assert_eq!(shop.payments.recheck(id).await.unwrap().state, State::Paid, "transrec does not tell");
    let verdict = paygate::Verdict::Refunded(paygate::RefundSize::Full);
    let by = paygate::testing::actor("admin:1");
    assert_eq!(shop.payments.resolve(id, verdict, by).await.unwrap().state, State::Refunded);
    assert_eq!(shop.access("user:1", "room:7").await, Access::Locked);
}

#[tokio::test]
async fn the_same_form_is_offered_again_while_nobody_came_back() {
    let shop = Shop::v1(MemoryStore::new()).await;
    let first = shop.start("user:1", "room:7").await;
    let again = shop.start("user:1", "room:7").await;
    assert_eq!((first.next, again.fresh), (again.next, false));
    let other = paygate::Offer::permanent(paygate::testing::resource("room:7"), paygate::Money::npr_paisa(0));
    let (who, key) = (paygate::testing::subject("user:2"), paygate::testing::key("free"));
    let refused = shop.payments.start(&who, other, &shop.via, key).await;
    assert!(matches!(refused, Err(StartError::UnknownProvider)), "{refused:?}");
}
