//! T22, T23: what the gate answers, through `oneshot`, without a socket.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::routing::{any, get};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use paygate::testing::{actor, payee, provider_id, resource, subject};
use paygate::{
    Checkout, ConfigError, GrantStore, HtmlPage, ManualClock, MemoryStore, PaygateLayer, ProblemJson,
    Refusal, Render, RenderError, Terms, Unlocked, Verdict,
};
use serde_json::{Value, json};
use support::gate::{Down, Gate, ask, esewa, header, in_flight_world, keys, paid_world, request, text};
use support::service::World;
use tower::ServiceExt as _;

const SECRET: &str = "98xxxxxxxx";

fn app<S: GrantStore>(store: S, clock: Arc<ManualClock>) -> Router {
    let khalti =
        Checkout { provider: provider_id("khalti"), payee: payee("SHOP"), start: "/pay/khalti/".into() };
    let layer = PaygateLayer::builder(Gate, store)
        .clock(clock)
        .realm("rooms")
        .checkout(esewa())
        .checkout(khalti)
        .offer_keys(keys())
        .payments_at("/api/payments/")
        .build()
        .unwrap();
    let strict = || async { ([("cache-control", "no-store, max-age=0")], SECRET) };
    Router::new()
        .route("/contact", any(|_: Option<Unlocked>| async { SECRET }))
        .route("/strict", get(strict))
        .route("/proof", get(|proof: Unlocked| async move { proof.grant().resource.to_string() }))
        .layer(layer)
}

fn locked_app() -> Router {
    let world = World::new(MemoryStore::new());
    app(world.payments.store().clone(), world.clock)
}

/// Head and body as they are sent, for people to read.
async fn golden(answer: Response<Body>) -> String {
    let mut lines = vec![answer.status().to_string()];
    for (name, value) in answer.headers() {
        lines.push(format!("{name}: {}", value.to_str().unwrap()));
    }
    let is_json = answer.headers()["content-type"] == "application/problem+json";
    let mut body = text(answer).await;
    if is_json {
        body = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&body).unwrap()).unwrap();
    }
    format!("{}\n\n{body}", lines.join("\n"))
}

async fn golden_of(app: &Router, demand: &str, accept: &str) -> String {
    golden(app.clone().oneshot(request("GET", "/contact?token=t", demand, accept)).await.unwrap()).await
}

#[tokio::test]
async fn t23_a_locked_resource_answers_402_with_an_offer() {
    let app = locked_app();
    insta::assert_snapshot!("payment_required_json", golden_of(&app, "user:1", "*/*").await);
    insta::assert_snapshot!("payment_required_html", golden_of(&app, "user:1", "text/html").await);
    let answer = ask(&app, "GET", "/contact", "user:1").await;
    assert!(matches!(answer.extensions().get(), Some(Refusal::PaymentRequired { .. })));
    assert!(header(&answer, "payment-required").is_empty(), "shaped like x402, and not x402");
}

#[tokio::test]
async fn t23_a_payment_in_flight_answers_409_without_an_offer() {
    let world = in_flight_world().await;
    let app = app(world.payments.store().clone(), world.clock.clone());
    let (json, html) = (golden_of(&app, "user:1", "*/*").await, golden_of(&app, "user:1", "text/html").await);
    for answer in [&json, &html] {
        assert!(!answer.contains("www-authenticate") && !answer.contains("30.00"), "{answer}");
        assert!(!answer.contains("accepts") && !answer.contains("<form"), "{answer}");
    }
    insta::assert_snapshot!("payment_in_progress_json", json);
    insta::assert_snapshot!("payment_in_progress_html", html);
}

#[tokio::test]
async fn t23_each_refusal_has_its_status_and_none_of_the_others_names_a_price() {
    let app = locked_app();
    for (demand, status, code, retry) in [
        ("sign-in", 401, "not_signed_in", None),
        ("forbidden", 403, "forbidden", None),
        ("not-found", 404, "not_found", None),
        ("error", 503, "unavailable", Some("5")),
    ] {
        let html = golden_of(&app, demand, "text/html").await;
        assert!(html.starts_with(&status.to_string()) && html.contains("<h1>"), "{html}");
        let answer = ask(&app, "GET", "/contact", demand).await;
        assert_eq!(answer.status().as_u16(), status, "{demand}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers().get("retry-after").map(|value| value.to_str().unwrap()), retry);
        assert!(header(&answer, "www-authenticate").is_empty() && header(&answer, "link").is_empty());
        let body = text(answer).await;
        assert!(body.contains(&format!("\"code\":\"{code}\"")), "{body}");
        for body in [body, html] {
            assert!(!body.contains("30.00") && !body.contains("3000") && !body.contains("hunter2"), "{body}");
            assert!(!body.contains(SECRET), "{body}");
        }
    }
}

#[tokio::test]
async fn t23_every_refusal_keeps_to_the_published_schema() {
    let schema: Value = serde_json::from_str(include_str!("../docs/refusal.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let flight = in_flight_world().await;
    let flight = app(flight.payments.store().clone(), flight.clock);
    let mut bodies = vec![support::gate::json(ask(&flight, "GET", "/contact", "user:1").await).await];
    for demand in ["user:1", "sign-in", "forbidden", "not-found", "error"] {
        bodies.push(support::gate::json(ask(&locked_app(), "GET", "/contact", demand).await).await);
    }
    let bare = PaygateLayer::builder(Gate, MemoryStore::new()).checkout(esewa()).build().unwrap();
    let bare = Router::new().route("/contact", get(|| async { SECRET })).layer(bare);
    bodies.push(support::gate::json(ask(&bare, "GET", "/contact", "user:1").await).await);
    for body in &bodies {
        let errors: Vec<String> = schema.iter_errors(body).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?} {body:#}");
    }
    let mut spoiled = bodies[1].clone();
    spoiled["accepts"][0]["amount"] = json!(3000);
    assert!(!schema.is_valid(&spoiled), "amounts are texts");
    let mut spoiled = bodies[0].clone();
    spoiled["accepts"] = json!([]);
    assert!(!schema.is_valid(&spoiled), "what is in progress is not for sale");
}

#[tokio::test]
async fn t23_a_payer_gets_the_resource_and_it_stays_out_of_caches() {
    let world = paid_world().await;
    let app = app(world.payments.store().clone(), world.clock);
    let answer = ask(&app, "GET", "/contact", "user:1").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(header(&answer, "cache-control"), ["private, no-store"]);
    assert_eq!(text(answer).await, SECRET);
    let strict = ask(&app, "GET", "/strict", "user:1").await;
    assert_eq!(header(&strict, "cache-control"), ["no-store, max-age=0"]);
    assert_eq!(text(ask(&app, "GET", "/proof", "user:1").await).await, "room:7");
    let free = ask(&app, "GET", "/contact", "free").await;
    assert_eq!((free.status(), free.headers().get("cache-control")), (StatusCode::OK, None));
}

#[tokio::test]
async fn t22_the_gate_fails_closed_when_the_store_is_down() {
    let app = app(Down, World::new(MemoryStore::new()).clock);
    for accept in ["*/*", "text/html"] {
        let answer = app.clone().oneshot(request("GET", "/contact", "user:1", accept)).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(header(&answer, "retry-after"), ["5"]);
        let body = text(answer).await;
        assert!(!body.contains(SECRET) && !body.contains("hunter2") && !body.contains("30.00"), "{body}");
    }
}

#[tokio::test]
async fn t22_a_proof_without_a_gate_is_a_500() {
    let world = paid_world().await;
    let gated = app(world.payments.store().clone(), world.clock);
    let free = ask(&gated, "GET", "/proof", "free").await;
    assert_eq!(free.status(), StatusCode::INTERNAL_SERVER_ERROR, "free is not proven");
    let bare = Router::new().route("/proof", get(|_: Unlocked| async { SECRET }));
    let answer = ask(&bare, "GET", "/proof", "user:1").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(text(answer).await, "");
}

#[tokio::test]
async fn t22_a_forged_proof_in_the_extensions_does_not_pass() {
    let world = paid_world().await;
    let store = world.payments.store();
    let (who, what) = (subject("user:1"), resource("room:7"));
    let proof =
        Unlocked::prove(store, &who, &what, paygate::testing::start_of_time()).await.unwrap().unwrap();
    let app = app(store.clone(), world.clock.clone());
    let mut request = Request::get("/proof").header("demand", "free").body(Body::empty()).unwrap();
    request.extensions_mut().insert(proof);
    assert_eq!(app.oneshot(request).await.unwrap().status(), StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn t23_every_method_but_options_is_gated() {
    let app = locked_app();
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "options"] {
        let answer = ask(&app, method, "/contact", "user:1").await;
        assert_eq!(answer.status(), StatusCode::PAYMENT_REQUIRED, "{method}");
    }
    assert_eq!(ask(&app, "OPTIONS", "/contact", "user:1").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn t23_head_is_gated_as_get() {
    let app = locked_app();
    let get = ask(&app, "GET", "/contact", "user:1").await;
    let head = ask(&app, "HEAD", "/contact", "user:1").await;
    assert_eq!((head.status(), head.headers()), (get.status(), get.headers()));
}

#[tokio::test]
async fn t17_a_revoked_grant_stops_the_next_request() {
    let world = paid_world().await;
    let app = app(world.payments.store().clone(), world.clock.clone());
    assert_eq!(ask(&app, "GET", "/contact", "user:1").await.status(), StatusCode::OK);
    let id = paygate::testing::payment_id("pay-1");
    let verdict = Verdict::Refunded(paygate::RefundSize::Full);
    world.payments.resolve(&id, verdict, actor("admin:1")).await.unwrap();
    assert_eq!(ask(&app, "GET", "/contact", "user:1").await.status(), StatusCode::PAYMENT_REQUIRED);
}

/// Writes nothing but a mistake.
#[derive(Clone)]
struct Broken;

impl Render for Broken {
    fn render(&self, _: &Parts, _: &Refusal, _: &Terms) -> Result<Response<bytes::Bytes>, RenderError> {
        Err(RenderError::new("no template: password hunter2"))
    }
}

/// Answers 200 with the locked body, as a mistaken page would.
#[derive(Clone)]
struct Careless;

impl Render for Careless {
    fn render(&self, _: &Parts, _: &Refusal, _: &Terms) -> Result<Response<bytes::Bytes>, RenderError> {
        Ok(Response::new("pay first".into()))
    }
}

#[tokio::test]
async fn t23_a_renderer_that_fails_falls_back_to_json() {
    let builder = || PaygateLayer::builder(Gate, MemoryStore::new()).realm("rooms").checkout(esewa());
    let broken = builder().render(paygate::ByAccept::new(Broken, ProblemJson::default())).build().unwrap();
    let app = Router::new().route("/contact", get(|| async { SECRET })).layer(broken);
    let answer = app.oneshot(request("GET", "/contact", "user:1", "text/html")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::PAYMENT_REQUIRED);
    assert_eq!(header(&answer, "content-type"), ["application/problem+json"]);
    let body = text(answer).await;
    assert!(body.contains("payment_required") && !body.contains("hunter2"), "{body}");

    let careless = builder().render(Careless).build().unwrap();
    let app = Router::new().route("/contact", get(|| async { SECRET })).layer(careless);
    let answer = ask(&app, "GET", "/contact", "user:1").await;
    assert_eq!(
        (answer.status(), &answer.headers()["cache-control"]),
        (StatusCode::PAYMENT_REQUIRED, &"no-store".parse().unwrap())
    );
}

#[tokio::test]
async fn t23_the_challenge_header_is_one_call_to_switch_off() {
    let builder = || {
        let clock = World::new(MemoryStore::new()).clock;
        PaygateLayer::builder(Gate, MemoryStore::new()).clock(clock).checkout(esewa()).offer_keys(keys())
    };
    let with = Router::new().route("/", get(|| async { SECRET })).layer(builder().build().unwrap());
    let answer = ask(&with, "GET", "/", "user:1").await;
    let challenges = header(&answer, "www-authenticate");
    assert_eq!(challenges.len(), 1);
    let body = support::gate::json(answer).await;
    assert_eq!(body["accepts"][0]["extra"]["challenge"], challenges[0].as_str());
    let without = builder().without_challenge_header().build().unwrap();
    let without = Router::new().route("/", get(|| async { SECRET })).layer(without);
    let answer = ask(&without, "GET", "/", "user:1").await;
    assert!(header(&answer, "www-authenticate").is_empty());
    assert_eq!(support::gate::json(answer).await, body);
}

#[test]
fn t23_a_page_cannot_be_broken_out_of() {
    let nasty = resource("\"><script>alert('1')</script>&");
    let offer = paygate::Offer::permanent(nasty, paygate::Money::npr_paisa(1));
    let parts = Request::new(()).into_parts().0;
    let refusal = Refusal::PaymentRequired { offer };
    let mut terms = Terms::default();
    terms.ways.push(paygate::Way { checkout: esewa(), challenge: None });
    let page = HtmlPage.render(&parts, &refusal, &terms).unwrap();
    let page = std::str::from_utf8(page.body()).unwrap();
    assert!(
        !page.contains("<script") && page.contains("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)"),
        "{page}"
    );
}

#[test]
fn t19_bad_configuration_is_refused() {
    let store = MemoryStore::new();
    let builder = || PaygateLayer::builder(Gate, store.clone());
    for seconds in [0, 3_601] {
        assert_eq!(builder().retry_after_s(seconds).build().err(), Some(ConfigError::RetryAfter));
    }
    for seconds in [0, 29, 86_401] {
        assert_eq!(builder().offer_ttl_s(seconds).build().err(), Some(ConfigError::OfferTtl));
    }
    for realm in ["", "a\"b", "a\\b", "a\nb", "घर", &"r".repeat(101)] {
        assert_eq!(builder().realm(realm).build().err(), Some(ConfigError::Realm), "{realm:?}");
    }
    for start in ["", "pay", "//evil.example/", "javascript:alert(1)", "/a>b", "/a b"] {
        let checkout = Checkout { start: start.into(), ..esewa() };
        assert_eq!(builder().checkout(checkout).build().err(), Some(ConfigError::Start), "{start:?}");
        assert_eq!(builder().payments_at(start).build().err(), Some(ConfigError::Start), "{start:?}");
    }
    let twice = builder().checkout(esewa()).checkout(esewa()).build();
    assert_eq!(twice.err(), Some(ConfigError::SameProvider));
    assert_eq!(builder().build().err(), Some(ConfigError::NothingOffered));
    assert_eq!(builder().offer_keys(keys()).build().err(), Some(ConfigError::NothingOffered));
    assert!(builder().checkout(esewa()).offer_keys(keys()).build().is_ok());
    assert!(!format!("{:?}", builder().offer_keys(keys())).contains("key of the tests"));
}

/// T3: a host's own routes. The header `demand` is the session of whoever asks.
#[tokio::test]
async fn t03_who_opens_anothers_callback_gains_nothing_and_the_payer_gets_in() {
    for opener in ["user:2", "sign-in", "forbidden"] {
        let world = Arc::new(World::new(MemoryStore::new()));
        let payment = world.begun().await;
        world.is_paid(&payment, "R1");
        let layer = support::gate::gated(world.payments.store().clone()).clock(world.clock.clone());
        let back = {
            let world = Arc::clone(&world);
            get(move |asked: Request<Body>| async move {
                let answer = world.callback(asked.uri().query().unwrap_or_default()).await;
                answer.map_or(StatusCode::BAD_REQUEST, |_| StatusCode::SEE_OTHER)
            })
        };
        let locked =
            Router::new().route("/contact", get(|| async { SECRET })).route_layer(layer.build().unwrap());
        let app = locked.route("/back", back);
        let inside = async |who| ask(&app, "GET", "/contact", who).await.status();
        assert_eq!(inside("user:1").await, StatusCode::PAYMENT_REQUIRED);
        let path = format!("/back?signed={}", payment.intent.id);
        assert_eq!(ask(&app, "GET", &path, opener).await.status(), StatusCode::SEE_OTHER, "{opener}");
        assert_ne!(inside(opener).await, StatusCode::OK, "{opener}");
        assert_eq!(inside("user:1").await, StatusCode::OK, "{opener}");
    }
}
