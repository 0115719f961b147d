//! T29: no secret, MAC or contact detail in any log line, error or answer on the whole way of a payment, with eSewa's
//! emulator and a Khalti that is out of order.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::io;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use http::HeaderMap;
use paygate::khalti::{Khalti, KhaltiEndpoints, KhaltiKey, KhaltiMerchant};
use paygate::testing::{actor, key, payee, payment, provider_id, resource, subject};
use paygate::{
    Access, Clock as _, ManualClock, MemoryStore, Money, NextStep, Offer, PaygateLayer, PaymentProvider as _,
    Payments, Policy, RandomIds, RawCallback, RefundOrder, Unlocked,
};
use serde_json::json;
use support::esewa::Shop;
use support::gate::{Down, Gate, ask, esewa, keys, text};
use tracing_subscriber::filter::LevelFilter;

const CONTACT: &str = "9811111111";
const ESEWA_KEY: &str = "8gBm/:&EnhH.1/q";
const KHALTI_KEY: &str = "live_secret_key_of_nobody_0123456789";
const OFFER_KEY: &str = "an offer key of the tests";

/// Everything that anybody logs, of every crate, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn listen() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone());
        subscriber.init();
        log
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// What must be nowhere, and what was seen.
struct Scan {
    secrets: Vec<String>,
    seen: Vec<String>,
}

impl Scan {
    fn saw(&mut self, what: impl std::fmt::Debug) {
        self.seen.push(format!("{what:?}"));
    }

    fn failed<T: std::fmt::Debug, E: std::error::Error>(&mut self, result: Result<T, E>) {
        let error = result.unwrap_err();
        self.saw(&error);
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            self.seen.push(error.to_string());
            cause = error.source();
        }
    }

    fn is_clean(&self, log: &str) {
        for secret in &self.secrets {
            assert!(secret.len() > 6, "{secret:?} would be found anywhere");
            for text in self.seen.iter().map(String::as_str).chain([log]) {
                let found = text.find(secret.as_str());
                let near = found.map(|at| text.get(at.saturating_sub(200)..at).unwrap_or_default());
                assert_eq!(near, None, "a secret stands behind this");
            }
        }
    }
}

#[tokio::test]
async fn t29_nothing_secret_is_logged_or_answered_on_the_whole_way() {
    let log = Log::listen();
    let mut scan = Scan { secrets: Vec::new(), seen: Vec::new() };
    scan.secrets.extend([CONTACT, ESEWA_KEY, KHALTI_KEY, OFFER_KEY].map(str::to_owned));
    pay_with_esewa(&mut scan).await;
    fail_with_khalti(&mut scan).await;
    let log = log.text();
    // Else the scan would find nothing because it looked at nothing.
    for line in ["the gate has no answer", "the provider was not asked", "hyper"] {
        assert!(log.contains(line), "the log has no {line:?}");
    }
    scan.is_clean(&log);
}

async fn pay_with_esewa(scan: &mut Scan) {
    let shop = Shop::v2(MemoryStore::new()).await;
    let layer = PaygateLayer::builder(Gate, shop.payments.store().clone())
        .clock(shop.clock.clone())
        .checkout(esewa())
        .offer_keys(keys())
        .build()
        .unwrap();
    scan.saw(&layer);
    let app = Router::new().route("/contact", get(|_: Unlocked| async { CONTACT })).layer(layer);
    for demand in ["user:1", "sign-in", "forbidden", "not-found"] {
        let answer = ask(&app, "GET", "/contact", demand).await;
        scan.saw(answer.headers());
        scan.seen.push(text(answer).await);
    }
    let started = shop.start("user:1", "room:7").await;
    let NextStep::PostForm { fields, .. } = &started.next else { panic!() };
    let signature = fields.iter().find(|(name, _)| name == "signature").unwrap().1.clone();
    shop.submit(&started.next).await;
    let query = shop.act(&started.payment, "complete").await;
    let data = url::form_urlencoded::parse(query.as_bytes()).next().unwrap().1.into_owned();
    scan.secrets.extend([signature.clone(), query.clone(), data.clone()]);
    scan.saw(RawCallback::from_query(&query, &HeaderMap::new()));

    shop.control("faults", json!({"route": "status", "fault": "outage", "times": 1})).await;
    scan.saw(shop.callback(&query).await.unwrap());
    let answer = ask(&app, "GET", "/contact", "user:1").await;
    assert_eq!(answer.status(), 409);
    scan.seen.push(text(answer).await);
    let forged = data.replacen('e', "f", 3);
    scan.failed(shop.callback(&format!("data={forged}")).await);
    scan.failed(shop.callback(&format!("data={signature}&data={signature}")).await);
    scan.saw(shop.callback(&query).await.unwrap());
    let answer = ask(&app, "GET", "/contact", "user:1").await;
    assert_eq!(text(answer).await, CONTACT, "paid for, so here and nowhere else");
    let order = RefundOrder { total: Money::npr_paisa(3000), key: key("r1"), by: actor("admin:1") };
    shop.act(&started.payment, "full_refund").await;
    scan.saw(shop.payments.refund(&started.payment.intent.id, order).await.unwrap());
    scan.saw(shop.payments.trail(&started.payment.intent.id).await.unwrap());
    scan.saw(shop.payments.events_after(0, 100).await.unwrap());
    assert_eq!(shop.access("user:1", "room:7").await, Access::Locked);

    let down = support::gate::gated(Down).clock(shop.clock.clone()).build().unwrap();
    let app = Router::new().route("/contact", get(|| async { CONTACT })).layer(down);
    let answer = ask(&app, "GET", "/contact", "user:1").await;
    assert_eq!(answer.status(), 503);
    scan.seen.push(text(answer).await);
}

async fn fail_with_khalti(scan: &mut Scan) {
    let mut server = mockito::Server::new_async().await;
    let endpoints = KhaltiEndpoints {
        api_url: format!("{}/api/", server.url()).parse().unwrap(),
        pay_url: "https://test-pay.khalti.com/".parse().unwrap(),
    };
    let merchant = KhaltiMerchant {
        key: KhaltiKey::new(KHALTI_KEY).unwrap(),
        payee: payee("SHOP"),
        return_url: "https://example.com/payment/".parse().unwrap(),
        website_url: "https://example.com/".parse().unwrap(),
    };
    let khalti = Arc::new(Khalti::builder(endpoints, merchant).build().unwrap());
    scan.saw(&khalti);
    let clock = Arc::new(ManualClock::new(paygate::SystemClock.now()));
    let store = MemoryStore::new();
    let payments = Payments::new(store, vec![khalti.clone()], clock, Arc::new(RandomIds), Policy::default());
    let offer = Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
    // Nobody there, a key that is refused with the key in the answer, an answer that is none.
    for (status, body) in [(404, ""), (401, KHALTI_KEY), (400, "{\"mobile\": [\"9811111111\"]}"), (200, "")] {
        let path = "/api/v2/epayment/initiate/";
        let mock = server.mock("POST", path).with_status(status).with_body(body).create_async().await;
        let started =
            payments.start(&subject("user:1"), offer.clone(), &provider_id("khalti"), key("k")).await;
        scan.failed(started);
        mock.remove_async().await;
    }
    let mut intent = payment("test12").intent;
    intent.handle = Some(paygate::testing::handle("bZQLD9wRVWo4CdESSfuSsB"));
    scan.failed(khalti.query(&intent).await);
    // The callback names the payer's number, which is nobody's business here.
    let query = format!("purchase_order_id=test12&status=Completed&mobile={CONTACT}");
    let headers = HeaderMap::new();
    let raw = RawCallback::from_query(&query, &headers);
    scan.saw(khalti.read_callback(raw).unwrap());
    scan.failed(payments.callback(&provider_id("khalti"), raw).await);
}
