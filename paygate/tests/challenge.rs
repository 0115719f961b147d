//! T6, T19: a bound offer on its whole way, from the 402 to the start of a payment.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::{Form, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::request::Parts;
use http::{Request, StatusCode};
use jiff::SignedDuration;
use paygate::testing::{key, resource, subject};
use paygate::{
    Audience, Checkout, Clock as _, Demand, GateError, Gatekeeper, ManualClock, MemoryStore, Money, Offer,
    OfferKey, OfferKeys, PaygateLayer, Payments,
};
use serde_json::Value;
use support::gate::{esewa, header, json, request, text};
use support::service::World;
use tower::ServiceExt as _;

/// Rooms at a price that changes.
#[derive(Clone)]
struct Rooms(Arc<AtomicU64>);

impl Rooms {
    fn offer(&self, path: &str) -> Offer {
        let room = path.rsplit('/').next().unwrap_or_default();
        Offer::permanent(resource(room), Money::npr_paisa(self.0.load(Ordering::SeqCst)))
    }
}

impl Gatekeeper for Rooms {
    async fn demand(&self, parts: &Parts) -> Result<Demand, GateError> {
        let who = subject(parts.headers["demand"].to_str().map_err(GateError::new)?);
        Ok(Demand::Pay { who, offer: self.offer(parts.uri.path()) })
    }
}

#[derive(Clone)]
struct Shop {
    payments: Payments<MemoryStore>,
    clock: Arc<ManualClock>,
    keys: OfferKeys,
}

/// What a host does at its start: the offer that was shown counts, if it was shown here.
async fn start(State(shop): State<Shop>, parts: Parts, Form(form): Form<Value>) -> Response {
    let who = subject(parts.headers["demand"].to_str().unwrap());
    let challenge = form["challenge"].as_str().unwrap_or_default();
    let quoted = match shop.keys.verify(challenge, Audience { realm: "rooms", who: &who }, shop.clock.now()) {
        Ok(quoted) => quoted,
        Err(refused) => return (StatusCode::BAD_REQUEST, refused.to_string()).into_response(),
    };
    match shop.payments.start(&who, quoted.offer, &quoted.via, key(form["key"].as_str().unwrap())).await {
        Ok(started) => started.payment.intent.offer.price.to_string().into_response(),
        Err(error) => (StatusCode::CONFLICT, error.to_string()).into_response(),
    }
}

struct Host {
    app: Router,
    world: World<MemoryStore>,
    price: Arc<AtomicU64>,
}

fn host() -> Host {
    let world = World::new(MemoryStore::new());
    let price = Arc::new(AtomicU64::new(3000));
    let keys = OfferKeys::new(OfferKey::new(b"an offer key of the tests").unwrap());
    let checkout = Checkout { provider: paygate::testing::provider_id("scripted"), ..esewa() };
    let gate = PaygateLayer::builder(Rooms(price.clone()), world.payments.store().clone())
        .clock(world.clock.clone())
        .realm("rooms")
        .checkout(checkout)
        .offer_keys(keys.clone())
        .offer_ttl_s(60)
        .build()
        .unwrap();
    let shop = Shop { payments: world.payments.clone(), clock: world.clock.clone(), keys };
    let app = Router::new()
        .route("/rooms/{room}", get(|| async { "open" }))
        .route_layer(gate)
        .route("/pay/", post(start))
        .with_state(shop);
    Host { app, world, price }
}

impl Host {
    async fn challenge(&self, room: &str, who: &str) -> String {
        let answer =
            self.app.clone().oneshot(request("GET", &format!("/rooms/{room}"), who, "*/*")).await.unwrap();
        header(&answer, "www-authenticate").pop().unwrap()
    }

    async fn start(&self, challenge: &str, who: &str, key: &str) -> (StatusCode, String) {
        let fields = [("challenge", challenge), ("key", key)];
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post("/pay/").header("demand", who);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(form));
        let answer = self.app.clone().oneshot(request.unwrap()).await.unwrap();
        (answer.status(), text(answer).await)
    }
}

#[tokio::test]
async fn t06_the_price_that_was_shown_is_the_price_that_is_charged() {
    let host = host();
    let shown = host.challenge("room:7", "user:1").await;
    host.price.store(9000, Ordering::SeqCst);
    assert_eq!(host.start(&shown, "user:1", "k1").await, (StatusCode::OK, "NPR 30.00".into()));
    let dearer = host.challenge("room:8", "user:1").await;
    assert_eq!(host.start(&dearer, "user:1", "k2").await, (StatusCode::OK, "NPR 90.00".into()));
    // The payment for the cheap room opens the cheap room.
    let id = paygate::testing::payment_id("pay-1");
    let payment = host.world.payments.payment(&id).await.unwrap().unwrap();
    host.world.is_paid(&payment, "R1");
    host.world.signed(&id).await;
    for (room, status) in [("room:7", StatusCode::OK), ("room:8", StatusCode::PAYMENT_REQUIRED)] {
        let ask = request("GET", &format!("/rooms/{room}"), "user:1", "*/*");
        assert_eq!(host.app.clone().oneshot(ask).await.unwrap().status(), status, "{room}");
    }
}

#[tokio::test]
async fn t19_an_offer_is_for_one_subject_one_time_and_as_it_is() {
    let host = host();
    let shown = host.challenge("room:7", "user:1").await;
    let refused = |(status, body): (StatusCode, String)| {
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        body
    };
    assert!(refused(host.start(&shown, "user:2", "k1").await).contains("not made here"));
    assert!(refused(host.start("", "user:1", "k1").await).contains("no Payment challenge"));
    let cheap = host.challenge("room:8", "user:1").await;
    let request_of = |text: &str| text.split("request=").nth(1).unwrap().to_owned();
    let mixed = shown.replace(&request_of(&shown), &request_of(&cheap));
    assert!(refused(host.start(&mixed, "user:1", "k1").await).contains("not made here"));
    host.world.clock.advance(SignedDuration::from_secs(60));
    assert!(refused(host.start(&shown, "user:1", "k1").await).contains("expired"));
    assert!(host.world.events().await.is_empty(), "I10: nothing was written for any of it");
}

/// I10 and T24: ten thousand refused requests leave nothing behind.
#[tokio::test]
async fn t24_a_flood_of_402s_writes_no_rows_and_asks_nobody() {
    let host = host();
    for number in 0..10_000 {
        let who = format!("user:{}", number % 7);
        let ask = request("GET", &format!("/rooms/room:{}", number % 100), &who, "*/*");
        let answer = host.app.clone().oneshot(ask).await.unwrap();
        assert_eq!(answer.status(), StatusCode::PAYMENT_REQUIRED);
        if number == 9_999 {
            assert!(json(answer).await["accepts"][0]["extra"]["challenge"].is_string());
        }
    }
    assert!(host.world.events().await.is_empty());
    assert_eq!(host.world.provider.queries(), 0);
    let nothing = host.world.payments.payments_of(&subject("user:1"), None, 10).await.unwrap();
    assert!(nothing.is_empty());
}
