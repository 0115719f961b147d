//! Khalti by its documented requests and answers: a mock server that knows them, and the whole way over it.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

use std::sync::Arc;

use http::HeaderMap;
use mockito::{Matcher, Mock, Server, ServerGuard};
use paygate::khalti::{Khalti, KhaltiEndpoints, KhaltiKey, KhaltiMerchant};
use paygate::testing::{actor, handle, key, payee, payment, provider_id, reference, resource, subject};
use paygate::{
    Access, Begun, Intent, ManualClock, MemoryStore, Money, NextStep, NotPaid, Offer, Outcome,
    PaymentProvider, Payments, Policy, ProviderError, RandomIds, RawCallback, RefundOrder, RefundSize,
    StartError, State, Why,
};
use serde_json::json;

const SECRET: &str = "live_secret_key_of_nobody_0123456789";
const PIDX: &str = "bZQLD9wRVWo4CdESSfuSsB";
const TRANSACTION: &str = "GFq9PFS7b2iYvL8Lir9oXe";

fn khalti_at(origin: &str, timeout_ms: u64) -> Khalti {
    let endpoints = KhaltiEndpoints {
        api_url: format!("{origin}/api/").parse().unwrap(),
        pay_url: "https://test-pay.khalti.com/".parse().unwrap(),
    };
    let merchant = KhaltiMerchant {
        key: KhaltiKey::new(SECRET).unwrap(),
        payee: payee("SHOP"),
        return_url: "https://example.com/payment/".parse().unwrap(),
        website_url: "https://example.com/".parse().unwrap(),
    };
    Khalti::builder(endpoints, merchant).timeout_ms(timeout_ms).body_bytes_max(4_096).build().unwrap()
}

fn khalti(server: &ServerGuard) -> Khalti {
    khalti_at(&server.url(), 20_000)
}

fn intent(opened: bool) -> Intent {
    let mut intent = payment("test12").intent;
    intent.offer.price = Money::npr_paisa(1300);
    intent.handle = opened.then(|| handle(PIDX));
    intent
}

fn post(server: &mut ServerGuard, path: &str) -> Mock {
    let authorization = format!("Key {SECRET}");
    server.mock("POST", path).match_header("authorization", authorization.as_str())
}

/// The answer to `initiate` as documented.
fn opened() -> String {
    json!({
        "pidx": PIDX, "payment_url": format!("https://test-pay.khalti.com/?pidx={PIDX}"),
        "expires_at": "2023-05-25T16:26:16.471649+05:45", "expires_in": 1800,
    })
    .to_string()
}

/// The answer to `lookup` as documented.
fn found(word: &str) -> String {
    let done = ["Completed", "Refunded", "Partially Refunded"].contains(&word);
    json!({
        "pidx": PIDX, "total_amount": 1300, "status": word, "fee": 0,
        "transaction_id": done.then_some(TRANSACTION), "refunded": word.ends_with("efunded"),
    })
    .to_string()
}

async fn looks_up(server: &mut ServerGuard, status: usize, body: &str) -> Mock {
    let mock = post(server, "/api/v2/epayment/lookup/").match_body(Matcher::Json(json!({ "pidx": PIDX })));
    mock.with_status(status).with_body(body).create_async().await
}

fn all_of(error: &ProviderError) -> String {
    let mut text = format!("{error:?}");
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        text = format!("{text} {error}");
        cause = error.source();
    }
    text
}

#[tokio::test]
async fn a_payment_is_opened_as_documented() {
    let mut server = Server::new_async().await;
    let expected = json!({
        "return_url": "https://example.com/payment/", "website_url": "https://example.com/", "amount": 1300,
        "purchase_order_id": "test12", "purchase_order_name": "room:7",
    });
    let mock = post(&mut server, "/api/v2/epayment/initiate/")
        .match_header("content-type", "application/json")
        .match_body(Matcher::Json(expected))
        .with_body(opened())
        .create_async()
        .await;
    let begun = khalti(&server).begin(&intent(false)).await.unwrap();
    mock.assert_async().await;
    let page = format!("https://test-pay.khalti.com/?pidx={PIDX}").parse().unwrap();
    assert_eq!(begun, Begun { handle: Some(handle(PIDX)), next: NextStep::Redirect(page) });
    // The payer who lost the page gets the same one, and nothing is opened again.
    assert_eq!(khalti(&server).begin(&intent(true)).await.unwrap(), begun);
    mock.assert_async().await;
}

#[tokio::test]
async fn a_refused_opening_says_who_must_act() {
    let mut server = Server::new_async().await;
    let validation =
        |field: &str, text: &str| json!({ field: [text], "error_key": "validation_error" }).to_string();
    let small = validation("amount", "Amount should be greater than Rs. 10, that is 1000 paisa.");
    for (status, body, kind, word) in [
        (400, small, "Rejected", "amount"),
        (400, validation("return_url", "Enter a valid URL."), "Rejected", "return_url"),
        (400, validation("website_url", "This field may not be blank."), "Rejected", "website_url"),
        (400, validation("amount", "A valid integer is required."), "Rejected", "amount"),
        (400, validation("purchase_order_id", "This field may not be blank."), "Rejected", "order_id"),
        (400, validation("purchase_order_name", "This field may not be blank."), "Rejected", "order_name"),
        (400, validation("amount", "Amount Breakdown mismatch."), "Rejected", "amount"),
        (401, json!({"detail": "Invalid token.", "status_code": 401}).to_string(), "Misconfigured", "detail"),
        (429, String::new(), "Transient", "429"),
        (503, "<html>down for maintenance</html>".into(), "Transient", "503"),
        (200, "<html>hello</html>".into(), "Transient", "cannot be read"),
        (200, json!({"pidx": "", "payment_url": "https://x.example/"}).to_string(), "Transient", "read"),
        (200, json!({"pidx": PIDX, "payment_url": "javascript:x"}).to_string(), "Transient", "read"),
        (200, "x".repeat(5_000), "Transient", "4096 bytes"),
        (302, String::new(), "Rejected", "302"),
    ] {
        let mock = post(&mut server, "/api/v2/epayment/initiate/").with_status(status).with_body(&body);
        let mock = mock.create_async().await;
        let error = khalti(&server).begin(&intent(false)).await.unwrap_err();
        let text = all_of(&error);
        assert!(text.starts_with(kind) && text.contains(word), "{status} {body}: {text}");
        assert!(!text.contains(SECRET), "{text}");
        mock.remove_async().await;
    }
}

#[tokio::test]
async fn every_status_word_is_asked_for_by_pidx() {
    let mut server = Server::new_async().await;
    let khalti = khalti(&server);
    let known = Some(reference(TRANSACTION));
    let paid = Outcome::Paid {
        reference: reference(TRANSACTION),
        amount: Money::npr_paisa(1300),
        payee: payee("SHOP"),
    };
    for (status, word, outcome) in [
        (200, "Completed", paid),
        (200, "Pending", Outcome::Pending),
        (200, "Initiated", Outcome::Pending),
        (200, "Refunded", Outcome::Refunded { reference: known.clone(), size: RefundSize::Full }),
        (200, "Partially Refunded", Outcome::Refunded { reference: known, size: RefundSize::Part(None) }),
        (400, "Expired", Outcome::NotPaid(NotPaid::Expired)),
        (400, "User canceled", Outcome::NotPaid(NotPaid::Canceled)),
        (200, "On hold", Outcome::Unknown(Why::UnknownWord)),
    ] {
        let mock = looks_up(&mut server, status, &found(word)).await;
        assert_eq!(khalti.query(&intent(true)).await.unwrap(), outcome, "{word}");
        mock.assert_async().await;
        mock.remove_async().await;
    }
    let mock = looks_up(&mut server, 200, &"x".repeat(5_000)).await;
    assert_eq!(khalti.query(&intent(true)).await.unwrap(), Outcome::Unknown(Why::Malformed));
    mock.remove_async().await;
    // Never opened, as far as any payer could know: nobody is asked.
    assert_eq!(khalti.query(&intent(false)).await.unwrap(), Outcome::NotPaid(NotPaid::Unseen));
}

#[tokio::test]
async fn t10_no_answer_in_time_says_nothing_about_the_payment() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    let accepts = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((socket, _)) = silent.accept().await {
            held.push(socket);
        }
    });
    let error = khalti_at(&origin, 50).query(&intent(true)).await.unwrap_err();
    assert!(matches!(error, ProviderError::Transient(_)), "{error:?}");
    accepts.abort();
    let _ = accepts.await;
    let error = khalti_at(&origin, 5_000).begin(&intent(false)).await.unwrap_err();
    assert!(matches!(error, ProviderError::Transient(_)), "nobody listens there now: {error:?}");
}

#[tokio::test]
async fn t10_an_answer_that_is_cut_says_nothing_about_the_payment() {
    let mut server = Server::new_async().await;
    let mock = post(&mut server, "/api/v2/epayment/lookup/").with_chunked_body(|writer| {
        std::io::Write::write_all(writer, b"{\"pidx\": \"bZQ")?;
        Err(std::io::Error::other("the line is dead"))
    });
    mock.create_async().await;
    let error = khalti(&server).query(&intent(true)).await.unwrap_err();
    assert!(matches!(error, ProviderError::Transient(_)), "{error:?}");
}

#[tokio::test]
async fn a_refund_is_ordered_once() {
    let mut server = Server::new_async().await;
    let khalti = khalti(&server);
    let path = format!("/api/merchant-transaction/{TRANSACTION}/refund/");
    for (paisa, body, size) in [
        (1300, json!({}), RefundSize::Full),
        (300, json!({ "amount": 300 }), RefundSize::Part(Some(Money::npr_paisa(300)))),
    ] {
        let before = looks_up(&mut server, 200, &found("Completed")).await;
        let refund = post(&mut server, &path).match_body(Matcher::Json(body));
        let done = json!({ "detail": "Transaction refund successful." }).to_string();
        let refund = refund.with_body(done).expect(1).create_async().await;
        let money = Money::npr_paisa(paisa);
        let given = khalti.refund(&intent(true), money, &key("r1")).await.unwrap();
        assert_eq!(given, Outcome::Refunded { reference: Some(reference(TRANSACTION)), size });
        before.remove_async().await;
        // The same order again, after Khalti has it in its books.
        let word = if paisa == 1300 { "Refunded" } else { "Partially Refunded" };
        let after = looks_up(&mut server, 200, &found(word)).await;
        let again = khalti.refund(&intent(true), money, &key("r1")).await.unwrap();
        assert!(matches!(again, Outcome::Refunded { .. }), "{again:?}");
        refund.assert_async().await;
        refund.remove_async().await;
        after.remove_async().await;
    }
}

#[tokio::test]
async fn a_refund_that_cannot_be_made_is_an_error_or_what_the_lookup_says() {
    let mut server = Server::new_async().await;
    let khalti = khalti(&server);
    let path = format!("/api/merchant-transaction/{TRANSACTION}/refund/");
    let all = Money::npr_paisa(1300);
    let paid = looks_up(&mut server, 200, &found("Completed")).await;
    // A bank payment wants a mobile number that nobody here knows.
    let body = json!({"mobile": ["This field is required."], "error_key": "validation_error"}).to_string();
    let refused = post(&mut server, &path).with_status(400).with_body(body).create_async().await;
    let error = khalti.refund(&intent(true), all, &key("r1")).await.unwrap_err();
    assert!(matches!(&error, ProviderError::Rejected(_)) && all_of(&error).contains("mobile"), "{error:?}");
    refused.remove_async().await;
    let down = post(&mut server, &path).with_status(502).create_async().await;
    let error = khalti.refund(&intent(true), all, &key("r1")).await.unwrap_err();
    assert!(matches!(error, ProviderError::Transient(_)), "{error:?}");
    down.remove_async().await;
    let odd = post(&mut server, &path).with_body("<html>").create_async().await;
    let seen = khalti.refund(&intent(true), all, &key("r1")).await.unwrap();
    assert!(matches!(seen, Outcome::Paid { .. }), "not refunded as far as the lookup knows: {seen:?}");
    odd.remove_async().await;
    paid.remove_async().await;
    let pending = looks_up(&mut server, 200, &found("Pending")).await;
    assert_eq!(khalti.refund(&intent(true), all, &key("r1")).await.unwrap(), Outcome::Pending);
    pending.remove_async().await;
}

fn service(khalti: Khalti) -> Payments<MemoryStore> {
    let clock = Arc::new(ManualClock::new(paygate::testing::start_of_time()));
    let store = MemoryStore::new();
    Payments::new(store, vec![Arc::new(khalti)], clock, Arc::new(RandomIds), Policy::default())
}

/// The callback of a payment that was started here, as documented.
fn callback(id: &str, word: &str) -> String {
    format!(
        "pidx={PIDX}&txnId={TRANSACTION}&amount=1300&total_amount=1300&status={word}&mobile=98XXXXX904\
         &tidx={TRANSACTION}&purchase_order_id={id}&purchase_order_name=room%3A7&transaction_id={TRANSACTION}"
    )
}

#[tokio::test]
async fn a_payer_pays_with_khalti_and_gets_access_until_a_refund() {
    let mut server = Server::new_async().await;
    let payments = service(khalti(&server));
    let (who, what, via) = (subject("user:1"), resource("room:7"), provider_id("khalti"));
    let offer = || Offer::permanent(what.clone(), Money::npr_paisa(1300));
    let initiate = post(&mut server, "/api/v2/epayment/initiate/").with_body(opened()).expect(1);
    let initiate = initiate.create_async().await;
    let started = payments.start(&who, offer(), &via, key("k1")).await.unwrap();
    let id = started.payment.intent.id.clone();
    // Stored before the payer hears where to go.
    let stored = payments.payment(&id).await.unwrap().unwrap();
    assert_eq!(stored.intent.handle, Some(handle(PIDX)));
    let again = payments.start(&who, offer(), &via, key("k2")).await.unwrap();
    assert_eq!((again.next, again.fresh), (started.next, false));
    initiate.assert_async().await;

    // The browser claims that it is paid; Khalti does not.
    let headers = HeaderMap::new();
    let query = callback(id.as_str(), "Completed");
    let raw = RawCallback::from_query(&query, &headers);
    let lookup = looks_up(&mut server, 200, &found("Initiated")).await;
    let seen = payments.callback(&via, raw).await.unwrap();
    assert_eq!((seen.state, seen.in_flight), (State::Open, true));
    lookup.remove_async().await;
    let refused = payments.start(&who, offer(), &via, key("k3")).await;
    assert!(matches!(refused, Err(StartError::InProgress(_))), "{refused:?}");

    let lookup = looks_up(&mut server, 200, &found("Completed")).await;
    let seen = payments.callback(&via, raw).await.unwrap();
    assert_eq!((seen.state, seen.reference), (State::Paid, Some(reference(TRANSACTION))));
    assert!(matches!(payments.access(&who, &what).await.unwrap(), Access::Granted(_)));
    let refund = post(&mut server, &format!("/api/merchant-transaction/{TRANSACTION}/refund/"))
        .with_body(json!({ "detail": "Transaction refund successful." }).to_string())
        .create_async()
        .await;
    let order = RefundOrder { total: Money::npr_paisa(1300), key: key("r1"), by: actor("admin:1") };
    let refunded = payments.refund(&id, order).await.unwrap();
    refund.assert_async().await;
    assert_eq!(refunded.state, State::Refunded);
    assert_eq!(payments.access(&who, &what).await.unwrap(), Access::Locked);
    lookup.remove_async().await;
}

#[tokio::test]
async fn t04_another_amount_at_khalti_goes_to_review() {
    let mut server = Server::new_async().await;
    let payments = service(khalti(&server));
    post(&mut server, "/api/v2/epayment/initiate/").with_body(opened()).create_async().await;
    let offer = Offer::permanent(resource("room:7"), Money::npr_paisa(5000));
    let (who, via) = (subject("user:1"), provider_id("khalti"));
    let started = payments.start(&who, offer, &via, key("k1")).await.unwrap();
    looks_up(&mut server, 200, &found("Completed")).await;
    let query = callback(started.payment.intent.id.as_str(), "Completed");
    let seen = payments.callback(&via, RawCallback::from_query(&query, &HeaderMap::new())).await.unwrap();
    assert_eq!(seen.review, Some(paygate::Anomaly::AmountMismatch));
    assert!(matches!(payments.access(&who, &resource("room:7")).await.unwrap(), Access::InFlight(_)));
}

#[tokio::test]
async fn nothing_under_ten_rupees_is_started() {
    let server = Server::new_async().await;
    let payments = service(khalti(&server));
    let offer = |paisa| Offer::permanent(resource("room:7"), Money::npr_paisa(paisa));
    let refused = payments.start(&subject("user:1"), offer(999), &provider_id("khalti"), key("k1")).await;
    assert!(matches!(refused, Err(StartError::UnknownProvider)), "{refused:?}");
}

#[test]
fn bad_settings_are_refused() {
    let built = |change: fn(&mut KhaltiEndpoints, &mut KhaltiMerchant)| {
        let mut endpoints = KhaltiEndpoints::sandbox();
        let mut merchant = KhaltiMerchant {
            key: KhaltiKey::new(SECRET).unwrap(),
            payee: payee("SHOP"),
            return_url: "https://example.com/payment/".parse().unwrap(),
            website_url: "https://example.com/".parse().unwrap(),
        };
        change(&mut endpoints, &mut merchant);
        Khalti::builder(endpoints, merchant)
    };
    assert!(built(|_, _| {}).build().is_ok());
    assert!(built(|_, _| {}).timeout_ms(0).build().is_err());
    assert!(built(|_, _| {}).connect_timeout_ms(0).build().is_err());
    assert!(built(|_, _| {}).body_bytes_max(0).build().is_err());
    assert!(built(|at, _| at.api_url = "https://khalti.com/api".parse().unwrap()).build().is_err());
    assert!(built(|at, _| at.pay_url = "mailto:pay@khalti.com".parse().unwrap()).build().is_err());
    assert!(built(|_, who| who.return_url = "file:///tmp/".parse().unwrap()).build().is_err());
    assert!(!format!("{:?}", built(|_, _| {})).contains(SECRET));
}
