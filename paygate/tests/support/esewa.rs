//! A shop that is paid through eSewa's emulator. In process, but for the API, which the client asks over a loopback
//! socket.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use esewa_client::legacy::LegacyMerchant;
use esewa_client::sandbox::{Emulator, EmulatorConfig};
use esewa_client::{Client, Merchant, ProductCode};
use http::{HeaderMap, Request};
use paygate::esewa::{EsewaV1, EsewaV2, ReturnUrls};
use paygate::testing::{key, resource, subject};
use paygate::{
    Access, CallbackError, Clock as _, ManualClock, Money, NextStep, Offer, Payment, PaymentProvider,
    PaymentStore, Payments, Policy, ProviderId, RandomIds, RawCallback, StartError, Started, SystemClock,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::{Url, form_urlencoded};

pub struct Shop<S> {
    pub payments: Payments<S>,
    pub ledger: Emulator,
    pub via: ProviderId,
    pub clock: Arc<ManualClock>,
    emulator: Router,
}

impl<S: PaymentStore> Shop<S> {
    /// A merchant of ePay v2.
    pub async fn v2(store: S) -> Self {
        Self::new(store, |client, _, urls| Arc::new(EsewaV2::new(client, urls))).await
    }

    /// A merchant of ePay v1.
    pub async fn v1(store: S) -> Self {
        let v1 = |client, origin: &Url, urls| -> Arc<dyn PaymentProvider> {
            Arc::new(EsewaV1::new(client, LegacyMerchant::at(origin, ProductCode::test()), urls))
        };
        Self::new(store, v1).await
    }

    async fn new(
        store: S,
        provider: impl FnOnce(Client, &Url, ReturnUrls) -> Arc<dyn PaymentProvider>,
    ) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let origin: Url = format!("http://{address}/").parse().expect("a URL");
        let ledger = Emulator::new(EmulatorConfig::new(origin.clone()));
        let emulator = ledger.router();
        let served = emulator.clone();
        tokio::spawn(async move { axum::serve(listener, served).await });
        let client = Client::builder(Merchant::sandbox(&origin)).attempts_max(1).build().expect("a client");
        let back = |path: &str| format!("http://shop.example/{path}/").parse().expect("a URL");
        let urls = ReturnUrls { success: back("esewa-success"), failure: back("esewa-failure") };
        let esewa = provider(client, &origin, urls);
        let via = esewa.id();
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        let payments =
            Payments::new(store, vec![esewa], clock.clone(), Arc::new(RandomIds), Policy::default());
        Self { payments, ledger, via, clock, emulator }
    }

    pub async fn start(&self, who: &str, what: &str) -> Started {
        let offer = Offer::permanent(resource(what), Money::npr_paisa(3000));
        let name = format!("{who}-{what}");
        self.payments.start(&subject(who), offer, &self.via, key(&name)).await.expect("it works")
    }

    /// Presses the button once more.
    pub async fn start_again(&self, who: &str, what: &str) -> Result<Started, StartError> {
        let offer = Offer::permanent(resource(what), Money::npr_paisa(3000));
        self.payments.start(&subject(who), offer, &self.via, key("again")).await
    }

    /// Posts the signed form as the payer's browser does.
    pub async fn submit(&self, next: &NextStep) {
        let NextStep::PostForm { action, fields } = next else { panic!("{next:?}") };
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(action.path())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("it works");
        let answer = self.emulator.clone().oneshot(request).await.expect("it works");
        assert!(answer.status().is_success() || answer.status().is_redirection(), "{}", answer.status());
    }

    /// Acts for the payer and answers with the query that eSewa sends back.
    pub async fn act(&self, payment: &Payment, outcome: &str) -> String {
        let answer =
            self.control("pay", json!({"transaction_uuid": payment.intent.id, "outcome": outcome})).await;
        let url = answer["redirect_url"].as_str().map(|url| Url::parse(url).expect("it works"));
        url.and_then(|url| url.query().map(str::to_owned)).unwrap_or_default()
    }

    pub async fn control(&self, path: &str, body: Value) -> Value {
        let request = Request::post(format!("/_sandbox/{path}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .expect("it works");
        let answer = self.emulator.clone().oneshot(request).await.expect("it works");
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 65_536).await.expect("it works");
        assert!(status.is_success(), "{path}: {status} {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap_or(Value::Null)
    }

    pub async fn faults_are_over(&self) {
        let request = Request::delete("/_sandbox/faults").body(Body::empty()).expect("it works");
        let answer = self.emulator.clone().oneshot(request).await.expect("it works");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    pub async fn callback(&self, query: &str) -> Result<Payment, CallbackError> {
        self.payments.callback(&self.via, RawCallback::from_query(query, &HeaderMap::new())).await
    }

    pub async fn access(&self, who: &str, what: &str) -> Access {
        self.payments.access(&subject(who), &resource(what)).await.expect("it works")
    }
}
