//! A gate that demands what a request's header says, over any store.

use axum::body::{Body, to_bytes};
use http::request::Parts;
use http::{Method, Request, Response};
use jiff::Timestamp;
use paygate::testing::{payee, provider_id, resource, subject};
use paygate::{
    Access, Checkout, Demand, GateError, Gatekeeper, GrantStore, MemoryStore, Money, Offer, OfferKey,
    OfferKeys, PaygateLayer, PaygateLayerBuilder, ResourceId, StoreError, SubjectId,
};
use serde_json::Value;
use tower::{Service, ServiceExt as _};

use super::service::World;

/// Says what the request's `demand` header says: a word, or who asks for room 7 at 30 rupees.
#[derive(Clone)]
pub struct Gate;

impl Gatekeeper for Gate {
    async fn demand(&self, parts: &Parts) -> Result<Demand, GateError> {
        assert_ne!(parts.method, Method::HEAD, "HEAD is shown as GET");
        match parts.headers.get("demand").and_then(|value| value.to_str().ok()) {
            Some("free") => Ok(Demand::Free),
            Some("sign-in") => Ok(Demand::SignIn),
            Some("forbidden") => Ok(Demand::Forbidden),
            Some("not-found") => Ok(Demand::NotFound),
            Some("error") => Err(GateError::new("the session store is down: password hunter2")),
            Some("panic") => panic!("a gatekeeper with a bug"),
            Some("never") => std::future::pending().await,
            who => Ok(Demand::Pay {
                who: subject(who.unwrap_or("user:1")),
                offer: Offer::permanent(resource("room:7"), Money::npr_paisa(3000)),
            }),
        }
    }
}

/// A store that is out of order.
#[derive(Clone)]
pub struct Down;

impl GrantStore for Down {
    async fn access(&self, _: &SubjectId, _: &ResourceId, _: Timestamp) -> Result<Access, StoreError> {
        Err(StoreError::Unavailable("connection refused: postgres://admin:hunter2@db".into()))
    }
}

pub fn esewa() -> Checkout {
    Checkout { provider: provider_id("esewa"), payee: payee("EPAYTEST"), start: "/pay/".into() }
}

/// A gate in the making, over any store.
pub fn gated<S: GrantStore>(store: S) -> PaygateLayerBuilder<Gate, S> {
    PaygateLayer::builder(Gate, store).checkout(esewa())
}

pub fn keys() -> OfferKeys {
    OfferKeys::new(OfferKey::new(b"an offer key of the tests").expect("a key"))
}

/// A world in which user 1 has paid for room 7.
pub async fn paid_world() -> World<MemoryStore> {
    let world = World::new(MemoryStore::new());
    let payment = world.begun().await;
    world.is_paid(&payment, "R1");
    world.signed(&payment.intent.id).await;
    world
}

/// A world in which nobody can say whether user 1 has paid for room 7.
pub async fn in_flight_world() -> World<MemoryStore> {
    let world = World::new(MemoryStore::new());
    let payment = world.begun().await;
    world.provider.always(&payment.intent.id, paygate::testing::Answer::Fails);
    world.signed(&payment.intent.id).await;
    world
}

pub fn request(method: &str, path: &str, demand: &str, accept: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header("demand", demand);
    request.header("accept", accept).body(Body::empty()).expect("a request")
}

/// Asks as a program does.
pub async fn ask<S>(app: &S, method: &str, path: &str, demand: &str) -> Response<Body>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone,
    S::Error: std::fmt::Debug,
{
    app.clone().oneshot(request(method, path, demand, "*/*")).await.expect("an answer")
}

pub async fn text(answer: Response<Body>) -> String {
    let body = to_bytes(answer.into_body(), 65_536).await.expect("a body");
    String::from_utf8(body.to_vec()).expect("text")
}

pub async fn json(answer: Response<Body>) -> Value {
    serde_json::from_str(&text(answer).await).expect("JSON")
}

/// All values of a header.
pub fn header(answer: &Response<Body>, name: &str) -> Vec<String> {
    answer.headers().get_all(name).iter().map(|value| value.to_str().expect("text").to_owned()).collect()
}
