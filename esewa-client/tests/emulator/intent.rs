//! Intent, from the booking to the callback that is taken at last.

use axum::body::Bytes;
use axum::http::StatusCode;
use esewa_client::intent::{
    Booked, Cancellation, IntentConfirmation, IntentMerchant, IntentRequest, IntentStatus, RawIntentCallback,
};
use esewa_client::sandbox::{IntentCallbackMethod, IntentCallbacks, Quirks, UuidCharset};
use esewa_client::{
    Client, Order, PollClock, PollSchedule, RequestError, SecretKey, Settlement, Signature, TransactionUuid,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use url::Url;

use crate::world::World;

const PHONE: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Mobile Safari/537.36";

/// A merchant's callback address that refuses the first `refusals` calls and notes them all.
async fn hook(mut refusals: u32) -> (Url, mpsc::Receiver<Bytes>) {
    let (calls, called) = mpsc::channel(16);
    let (answers, mut waiting) = mpsc::channel::<(Bytes, tokio::sync::oneshot::Sender<StatusCode>)>(16);
    tokio::spawn(async move {
        while let Some((body, answer)) = waiting.recv().await {
            let status = if refusals > 0 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
            refusals = refusals.saturating_sub(1);
            answer.send(status).unwrap();
            calls.send(body).await.unwrap();
        }
    });
    let take = move |body: Bytes| async move {
        let (answer, answered) = tokio::sync::oneshot::channel();
        answers.send((body, answer)).await.unwrap();
        answered.await.unwrap()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap()).parse().unwrap();
    let router = axum::Router::new().route("/hook", axum::routing::post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, called)
}

fn request(uuid: &str, amount: &str, callback_url: Url) -> IntentRequest {
    let order = Order {
        transaction_uuid: TransactionUuid::new(uuid).unwrap(),
        total_amount: amount.parse().unwrap(),
    };
    IntentRequest::new(order, callback_url, "http://shop.example/back".parse().unwrap()).unwrap()
}

async fn booked(world: &World, uuid: &str, callback_url: Url) -> (IntentMerchant, Booked) {
    let merchant = IntentMerchant::sandbox(&world.origin);
    let booked = world.client.book_intent(&merchant, &request(uuid, "1250.5", callback_url)).await.unwrap();
    (merchant, booked)
}

fn nowhere() -> Url {
    "http://127.0.0.1:9/hook".parse().unwrap()
}

#[tokio::test]
async fn an_intent_is_paid_called_back_and_proven() {
    let world = World::new().await;
    let (callback_url, mut calls) = hook(0).await;
    let (merchant, booked) = booked(&world, "order-1", callback_url).await;
    let state = world.client.intent_status(&merchant, &booked.intent).await.unwrap();
    assert_eq!(state.status(), &IntentStatus::Booked);

    let link = world.get(booked.deeplink.as_str()).await;
    let page = world.get(&link.location.unwrap()).await;
    assert!(page.text.contains("eSewa emulator") && page.text.contains("1250.50"), "{}", page.text);
    let path = format!("/pay/{}/page", booked.intent.booking_id);
    let back = world.post(&path, &[("way", "pay")]).await;
    assert_eq!(back.location.as_deref(), Some("http://shop.example/back"));

    let raw = RawIntentCallback::from_json(&calls.recv().await.unwrap()).unwrap();
    let callback = merchant.verify_callback(raw).unwrap();
    assert!(callback.matches(&booked.intent));
    assert!(callback.status().is_paid());
    let confirmation = world.client.confirm_intent(&merchant, &booked.intent).await.unwrap();
    let IntentConfirmation::Paid(payment) = confirmation else { panic!("{confirmation:?}") };
    assert_eq!(Some(payment.reference()), callback.reference());
    assert_eq!(payment.total_amount(), booked.intent.order.total_amount);
    assert_eq!(world.get(&path).await.http_status, 404, "it cannot be paid twice");
}

#[tokio::test]
async fn a_phone_is_sent_to_the_app() {
    let world = World::new().await;
    let (_, booked) = booked(&world, "order-1", nowhere()).await;
    let phone = world.browser.get(booked.deeplink.clone()).header("user-agent", PHONE);
    let answer = phone.send().await.unwrap();
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(
        location.starts_with(&format!("intent://pay/{}#Intent;", booked.intent.booking_id)),
        "{location}"
    );
    assert!(location.contains(";package=com.f1soft.esewa;") && location.ends_with(";end"), "{location}");
    assert_eq!(world.get("/pay/unknown").await.http_status, 404);
}

#[tokio::test]
async fn a_callback_is_posted_until_it_is_taken() {
    let mut quirks = Quirks::default();
    quirks.intent_callback_pauses_ms = vec![0, 1, 1, 1, 1];
    let world = World::with(quirks).await;
    let (callback_url, mut calls) = hook(2).await;
    let _booked = booked(&world, "order-1", callback_url).await;
    world.pay("order-1", "complete").await;
    let first = calls.recv().await.unwrap();
    for _ in 0..2 {
        assert_eq!(calls.recv().await.unwrap(), first, "each attempt posts the same bytes");
    }
    // The third was answered before it was noted here; the emulator notes it when the answer arrives.
    let delivery = loop {
        let list: Value = serde_json::from_str(&world.get("/_sandbox/payments").await.text).unwrap();
        if list["payments"][0]["callback"]["delivered"] == true {
            break list["payments"][0]["callback"].clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(delivery, json!({ "attempts": 3, "delivered": true }));
    assert!(calls.try_recv().is_err(), "nothing is posted after it was taken");
}

#[tokio::test]
async fn a_callback_can_come_as_a_query() {
    let mut quirks = Quirks::default();
    quirks.intent_callback_method = IntentCallbackMethod::Get;
    let world = World::with(quirks).await;
    let (calls, mut called) = mpsc::channel::<Value>(1);
    let take = |axum::extract::Query(fields): axum::extract::Query<Value>| async move {
        calls.send(fields).await.unwrap();
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let callback_url = format!("http://{}/hook?own=1", listener.local_addr().unwrap()).parse().unwrap();
    let router = axum::Router::new().route("/hook", axum::routing::get(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let _booked = booked(&world, "order-1", callback_url).await;
    world.pay("order-1", "complete").await;
    let fields = called.recv().await.unwrap();
    assert_eq!((&fields["own"], &fields["status"]), (&json!("1"), &json!("SUCCESS")));
    assert_eq!(fields["signature"].as_str().unwrap().len(), 44);
}

#[tokio::test]
async fn a_callback_can_get_lost_or_come_twice() {
    let mut quirks = Quirks::default();
    quirks.intent_callback_pauses_ms = vec![0];
    let world = World::with(quirks).await;
    let (callback_url, mut calls) = hook(0).await;
    for fault in ["lost", "twice"] {
        let body = json!({ "route": "intent", "fault": fault, "times": 1 });
        world.control("/_sandbox/faults", body).await;
    }
    let (merchant, lost) = booked(&world, "lost", callback_url.clone()).await;
    let (_, twice) = booked(&world, "twice", callback_url).await;
    world.pay("lost", "complete").await;
    world.pay("twice", "complete").await;
    for _ in 0..2 {
        let raw = RawIntentCallback::from_json(&calls.recv().await.unwrap()).unwrap();
        let callback = merchant.verify_callback(raw).unwrap();
        assert!(callback.matches(&twice.intent), "the first one got lost");
    }
    let confirmation = world.client.confirm_intent(&merchant, &lost.intent).await.unwrap();
    assert!(matches!(confirmation, IntentConfirmation::Paid(_)), "asking finds what a lost callback hid");
}

#[tokio::test]
async fn every_outcome_of_an_intent_has_its_word() {
    let mut quirks = Quirks::default();
    quirks.intent_callbacks = IntentCallbacks::EveryEnd;
    let world = World::with(quirks).await;
    for (outcome, word, called) in [
        ("complete", "SUCCESS", true),
        ("cancel", "CANCELED", true),
        ("not_found", "FAILED", true),
        ("full_refund", "REVERTED", true),
        ("pending", "PENDING", false),
        ("ambiguous", "PENDING", false),
    ] {
        let (callback_url, mut calls) = hook(0).await;
        let uuid = format!("order-{}", outcome.replace('_', "-"));
        let (merchant, booked) = booked(&world, &uuid, callback_url).await;
        world.pay(&uuid, outcome).await;
        let report = world.client.intent_status(&merchant, &booked.intent).await.unwrap();
        assert_eq!(report.status().as_str(), word, "{outcome}");
        if called {
            let raw = RawIntentCallback::from_json(&calls.recv().await.unwrap()).unwrap();
            assert_eq!(merchant.verify_callback(raw).unwrap().status().as_str(), word);
        }
    }
}

#[tokio::test]
async fn only_what_nobody_began_to_pay_is_cancelled() {
    let world = World::new().await;
    let (merchant, first) = booked(&world, "order-1", nowhere()).await;
    let cancel = async |intent| world.client.cancel_intent(&merchant, intent).await.unwrap();
    assert_eq!(cancel(&first.intent).await, Cancellation::Canceled);
    assert_eq!(cancel(&first.intent).await, Cancellation::AlreadyProcessed);
    let (_, second) = booked(&world, "order-2", nowhere()).await;
    world.pay("order-2", "complete").await;
    assert_eq!(cancel(&second.intent).await, Cancellation::AlreadyProcessed);
    let state = world.client.intent_status(&merchant, &second.intent).await.unwrap();
    assert!(state.status().is_paid());
}

#[tokio::test]
async fn intent_fails_in_every_way_and_only_reads_are_repeated() {
    let world = World::new().await;
    let (merchant, booked) = booked(&world, "order-1", nowhere()).await;
    for fault in ["bad_gateway", "garbage", "cut", "outage", "forbidden"] {
        let body = json!({ "route": "intent", "fault": fault, "times": 1 });
        world.control("/_sandbox/faults", body.clone()).await;
        let asked = request(&format!("new-{}", fault.replace('_', "-")), "5", nowhere());
        let error = world.client.book_intent(&merchant, &asked).await.unwrap_err();
        let right = match fault {
            "bad_gateway" => matches!(error, RequestError::UnexpectedHtml { http_status: 502 }),
            "cut" => matches!(error, RequestError::Transport(_)),
            "outage" => matches!(error, RequestError::Outage),
            "forbidden" => matches!(error, RequestError::Refused { http_status: 403, .. }),
            _ => matches!(error, RequestError::Malformed(_)),
        };
        assert!(right, "{fault}: {error:?}");
        if fault != "forbidden" {
            world.control("/_sandbox/faults", body).await;
            world.client.intent_status(&merchant, &booked.intent).await.unwrap();
        }
    }
    let again = world.client.book_intent(&merchant, &request("order-1", "5", nowhere())).await.unwrap_err();
    assert!(matches!(again, RequestError::Refused { code: Some(code), .. } if code == "IP-400"));
}

#[tokio::test]
async fn a_booking_with_a_wrong_signature_is_refused() {
    let world = World::new().await;
    let merchant = IntentMerchant::sandbox(&world.origin);
    let body = merchant.book_body(&request("order-1", "5", nowhere()));
    let mut changed: Value = serde_json::from_str(&body).unwrap();
    changed["amount"] = "1".into();
    let (http_status, answer) = world.control("/api/client/intent/payment/book", changed).await;
    assert_eq!((http_status, &answer["code"]), (400, &json!("IP-400")), "{answer}");
}

#[tokio::test]
async fn a_booking_follows_the_rules_for_ids() {
    let mut quirks = Quirks::default();
    quirks.uuid_charset = UuidCharset::Documented;
    let book = async |world: &World, uuid: &str| {
        let merchant = IntentMerchant::sandbox(&world.origin);
        let signed = [("product_code", "INTENT"), ("amount", "5"), ("transaction_uuid", uuid)];
        let body = json!({
            "product_code": "INTENT", "amount": "5", "transaction_uuid": uuid,
            "callback_url": "http://shop.example/hook", "redirect_url": "http://shop.example/back",
            "signed_field_names": "product_code,amount,transaction_uuid",
            "signature": Signature::sign(&SecretKey::test_access_key(), signed).to_base64(),
        });
        world.control(merchant.book_url().path(), body).await.0
    };
    let (lenient, documented) = (World::new().await, World::with(quirks).await);
    let (long, too_long) = ("a".repeat(200), "a".repeat(201));
    for (uuid, [by_default, as_documented]) in [
        ("order-1", [200, 200]),
        ("order_1", [200, 400]),
        (&*long, [200, 400]),
        (&*too_long, [400, 400]),
        ("order\n1", [400, 400]),
        ("", [400, 400]),
    ] {
        assert_eq!(book(&lenient, uuid).await, by_default, "{uuid:?}");
        assert_eq!(book(&documented, uuid).await, as_documented, "{uuid:?}");
    }
}

#[tokio::test]
async fn a_callback_can_come_early_or_tell_a_wrong_amount() {
    let world = World::new().await;
    let (callback_url, mut calls) = hook(0).await;
    for fault in ["early", "wrong_amount"] {
        world.control("/_sandbox/faults", json!({ "route": "intent", "fault": fault })).await;
    }
    let (merchant, early) = booked(&world, "early", callback_url.clone()).await;
    world.pay("early", "complete").await;
    let raw = RawIntentCallback::from_json(&calls.recv().await.unwrap()).unwrap();
    let callback = merchant.verify_callback(raw).unwrap();
    assert!(callback.matches(&early.intent) && callback.status().is_paid());
    let asked = async || world.client.intent_status(&merchant, &early.intent).await.unwrap();
    assert_eq!(asked().await.status(), &IntentStatus::Pending, "the callback came first");
    world.control("/_sandbox/clock", json!({ "advance_s": 6 })).await;
    assert_eq!(asked().await.status(), &IntentStatus::Success);

    let (_, wrong) = booked(&world, "wrong", callback_url).await;
    world.pay("wrong", "complete").await;
    let raw = RawIntentCallback::from_json(&calls.recv().await.unwrap()).unwrap();
    assert!(!merchant.verify_callback(raw).unwrap().matches(&wrong.intent));
}

/// A clock that jumps to where it is waited for, and notes at which seconds.
#[derive(Default)]
struct Jumping(std::sync::Mutex<Vec<i64>>);

impl PollClock for Jumping {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.lock().unwrap().last().copied().unwrap_or_default()).unwrap()
    }

    async fn sleep_until(&self, at: Timestamp) {
        self.0.lock().unwrap().push(at.as_second());
    }
}

#[tokio::test]
async fn a_booking_that_is_never_called_back_is_asked_about_until_it_is_paid() {
    let world = World::new().await;
    let (merchant, booked) = booked(&world, "order-1", nowhere()).await;
    let pay = json!({ "transaction_uuid": "order-1", "outcome": "complete", "pending_polls": 2 });
    assert_eq!(world.control("/_sandbox/pay", pay).await.0, 200);
    let client = Client::builder(world.merchant.clone()).jitter(|| 0).build().unwrap();
    let (clock, schedule) = (Jumping::default(), PollSchedule::default());
    let started = Timestamp::UNIX_EPOCH;
    let settlement = client.settle_intent(&merchant, &booked.intent, started, &schedule, &clock).await;
    let Settlement::Paid(payment) = settlement else { panic!("{settlement:?}") };
    assert_eq!(payment.total_amount(), booked.intent.order.total_amount);
    assert_eq!(clock.0.into_inner().unwrap(), [300, 330, 363]);
}

#[tokio::test]
async fn a_number_is_signed_by_the_characters_that_were_sent_and_no_name_twice() {
    let world = World::new().await;
    let sign = |amount: &str| {
        let fields = [("product_code", "INTENT"), ("amount", amount), ("transaction_uuid", "order-1")];
        Signature::sign(&SecretKey::test_access_key(), fields).to_base64()
    };
    let post = async |amount: &str, more: &str| {
        let body = format!(
            r#"{{"product_code":"INTENT","amount":{amount},"transaction_uuid":"order-1",{more}
                "callback_url":"http://127.0.0.1:9/","redirect_url":"http://127.0.0.1:9/","properties":{{}},
                "signed_field_names":"product_code,amount,transaction_uuid","signature":"{}"}}"#,
            sign("100.00")
        );
        // The trailing slash is as good.
        let request = world.browser.post(world.at("/api/client/intent/payment/book/")).body(body);
        serde_json::from_str::<Value>(&request.send().await.unwrap().text().await.unwrap()).unwrap()
    };
    assert_eq!(post("100.0", "").await["error_message"], "Invalid payload signature.");
    assert_eq!(post("100.00", r#""amount":1,"#).await["code"], "IP-400");
    assert_eq!(post("100.00", "").await["code"], "IP-201");
}
