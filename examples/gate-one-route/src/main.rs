//! One locked route, opened by paying at an embedded eSewa: no account, no network, no database.
//!
//! Run it with `cargo run -p gate-one-route` and follow the addresses that it prints.
//! At the emulator log in as 9806800001 with the password Nepal@123, the token is 123456.

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use esewa_client::sandbox::{Emulator, EmulatorConfig};
use esewa_client::{Client, Merchant};
use paygate::esewa::{EsewaV2, ReturnUrls};
use paygate::{
    Checkout, Demand, GateError, Gatekeeper, IdSource as _, IdempotencyKey, MemoryStore, Money, NextStep,
    Offer, PayeeId, PaygateLayer, Payments, Policy, ProviderId, RandomIds, RawCallback, ResourceId,
    StartError, SubjectId, SystemClock, Unlocked,
};
use tokio::net::TcpListener;

type Shop = Payments<MemoryStore>;

/// One visitor, one room, thirty rupees.
fn visitor_and_offer() -> Result<(SubjectId, Offer), paygate::IdError> {
    let offer = Offer::permanent(ResourceId::new("room:7")?, Money::npr_paisa(3000));
    Ok((SubjectId::new("user:1")?, offer))
}

#[derive(Clone)]
struct OneRoom;

impl Gatekeeper for OneRoom {
    async fn demand(&self, _: &Parts) -> Result<Demand, GateError> {
        let (who, offer) = visitor_and_offer().map_err(GateError::new)?;
        Ok(Demand::Pay { who, offer })
    }
}

/// The locked data: a proof is needed to read it.
async fn contact(proof: Unlocked) -> String {
    format!("{}: call 98XXXXXXXX (paid by {})\n", proof.grant().resource, proof.grant().payment)
}

/// Starts a payment and shows the signed form that takes the payer to eSewa.
async fn pay(State(shop): State<Shop>) -> Result<Response, StatusCode> {
    let (who, offer) = visitor_and_offer().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let key = IdempotencyKey::new(RandomIds.payment_id().as_str())
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let started = match shop.start(&who, offer, &esewa_id(), key).await {
        Ok(started) => started,
        Err(StartError::AlreadyGranted(_)) => return Ok(Redirect::to("/contact").into_response()),
        Err(StartError::InProgress(_)) => return Err(StatusCode::CONFLICT),
        Err(_) => return Err(StatusCode::BAD_GATEWAY),
    };
    let NextStep::PostForm { action, fields } = started.next else { return Err(StatusCode::BAD_GATEWAY) };
    // None of eSewa's fields can hold a quote: they are ids, amounts, addresses and Base64.
    let inputs: String = fields
        .iter()
        .map(|(name, value)| format!("<input type=hidden name=\"{name}\" value=\"{value}\">"))
        .collect();
    Ok(Html(format!(
        "<form method=post action=\"{action}\">{inputs}<button>Pay Rs. 30 at eSewa</button></form>"
    ))
    .into_response())
}

/// Where eSewa sends the browser. Nothing in it is believed; the provider is asked.
async fn success(State(shop): State<Shop>, RawQuery(query): RawQuery) -> Result<Redirect, StatusCode> {
    let headers = HeaderMap::new();
    let query = query.unwrap_or_default();
    let raw = RawCallback::from_query(&query, &headers);
    shop.callback(&esewa_id(), raw).await.map_err(|_| StatusCode::BAD_REQUEST)?;
    Ok(Redirect::to("/contact"))
}

fn esewa_id() -> ProviderId {
    // A literal that is an identifier; a program with many would keep them in its state.
    ProviderId::new("esewa").unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example says where to look")]
async fn main() -> Result<(), Box<dyn Error>> {
    let shop_listener = TcpListener::bind("127.0.0.1:8080").await?;
    let esewa_listener = TcpListener::bind("127.0.0.1:8090").await?;
    let emulator_url = "http://127.0.0.1:8090/".parse()?;
    let merchant = Merchant::sandbox(&emulator_url);
    let emulator = Emulator::new(EmulatorConfig::new(emulator_url));
    tokio::spawn(async move { axum::serve(esewa_listener, emulator.router()).await });

    let urls = ReturnUrls {
        success: "http://127.0.0.1:8080/esewa-success".parse()?,
        failure: "http://127.0.0.1:8080/pay".parse()?,
    };
    let payee = PayeeId::new(merchant.product_code().as_str())?;
    let esewa = EsewaV2::new(Client::builder(merchant).build()?, urls);
    let store = MemoryStore::new();
    let shop = Payments::new(
        store.clone(),
        vec![Arc::new(esewa)],
        Arc::new(SystemClock),
        Arc::new(RandomIds),
        Policy::default(),
    );

    let checkout = Checkout { provider: esewa_id(), payee, start: "/pay".into() };
    let gate = PaygateLayer::builder(OneRoom, store).realm("rooms").checkout(checkout).build()?;
    let app = Router::new()
        .route("/contact", get(contact).layer(gate))
        .route("/pay", get(pay).post(pay))
        .route("/esewa-success", get(success))
        .with_state(shop);

    println!("1. locked:    curl -i http://127.0.0.1:8080/contact");
    println!("2. pay:       open http://127.0.0.1:8080/pay in a browser");
    println!("3. unlocked:  curl -i http://127.0.0.1:8080/contact");
    axum::serve(shop_listener, app).await?;
    Ok(())
}
