//! T22, T30: the gate as a tower service: who is polled, who is called, and what happens when something breaks in
//! the middle.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use paygate::{ManualClock, MemoryStore, Unlocked};
use support::gate::{ask, gated, header, paid_world, text};
use tower::{Layer as _, Service as _, ServiceExt as _, service_fn};
use tower_http::catch_panic::CatchPanicLayer;
use tower_test::{assert_request_eq, mock};

type Ask = Request<&'static str>;
type Answer = Response<Full<Bytes>>;

fn asking(demand: &str) -> Ask {
    Request::get("/contact").header("demand", demand).body("a body of any type").unwrap()
}

fn clock() -> std::sync::Arc<ManualClock> {
    std::sync::Arc::new(ManualClock::new(paygate::testing::start_of_time()))
}

#[tokio::test]
async fn t30_an_inner_service_that_is_not_ready_is_neither_called_nor_decided_about() {
    let layer = gated(MemoryStore::new()).clock(clock()).build().unwrap();
    let (inner, mut handle) = mock::pair::<Ask, Answer>();
    handle.allow(0);
    let mut gate = mock::Spawn::new(layer.layer(inner));
    assert!(gate.poll_ready().is_pending(), "back-pressure passes through");
    handle.allow(1);
    assert!(gate.poll_ready().is_ready());
    let answer = tokio::spawn(gate.call(asking("free")));
    let (request, send) = handle.next_request().await.unwrap();
    assert_eq!(request.into_body(), "a body of any type");
    send.send_response(Response::new("in".into()));
    assert_eq!(answer.await.unwrap().unwrap().status(), StatusCode::OK);
    assert!(gate.poll_ready().is_pending(), "one permit, one call");
}

#[tokio::test]
async fn t30_the_instance_that_was_polled_ready_is_the_one_that_is_called() {
    let layer = gated(MemoryStore::new()).clock(clock()).build().unwrap();
    let mut gate = layer.layer(OnlyWhenReady { ready: false });
    for _ in 0..3 {
        let answer = gate.ready().await.unwrap().call(asking("free")).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    }
    // A clone has its own readiness.
    let answer = gate.clone().oneshot(asking("free")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

/// Panics when it is called without having been polled, as a rate limit or a buffer does; clones begin anew.
struct OnlyWhenReady {
    ready: bool,
}

impl Clone for OnlyWhenReady {
    fn clone(&self) -> Self {
        Self { ready: false }
    }
}

impl tower::Service<Ask> for OnlyWhenReady {
    type Response = Answer;
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Answer, Self::Error>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Ask) -> Self::Future {
        assert!(std::mem::take(&mut self.ready), "called without having been polled ready");
        std::future::ready(Ok(Response::new("in".into())))
    }
}

#[tokio::test]
async fn t30_a_refused_request_never_reaches_the_inner_service() {
    let layer = gated(MemoryStore::new()).clock(clock()).build().unwrap();
    let (inner, mut handle) = mock::pair::<Ask, Answer>();
    handle.allow(10);
    let mut gate = layer.layer(inner);
    for (demand, status) in [("user:1", 402), ("sign-in", 401), ("not-found", 404), ("error", 503)] {
        let answer = gate.ready().await.unwrap().call(asking(demand)).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{demand}");
    }
    drop(gate);
    assert!(handle.next_request().await.is_none(), "nobody ever asked");
}

#[tokio::test]
async fn t30_errors_of_the_inner_service_stay_its_own() {
    let layer = gated(MemoryStore::new()).clock(clock()).build().unwrap();
    let (inner, mut handle) = mock::pair::<Ask, Answer>();
    handle.allow(2);
    let mut gate = layer.layer(inner);
    let answer = tokio::spawn(gate.ready().await.unwrap().call(asking("free")));
    let (_, send) = handle.next_request().await.unwrap();
    send.send_error("the inner service broke");
    assert_eq!(answer.await.unwrap().unwrap_err().to_string(), "the inner service broke");
    handle.send_error("closed for good");
    assert_eq!(gate.ready().await.unwrap_err().to_string(), "closed for good");
}

#[tokio::test]
async fn t30_options_passes_without_a_question() {
    let layer = gated(MemoryStore::new()).clock(clock()).build().unwrap();
    let (inner, mut handle) = mock::pair::<&'static str, Answer>();
    // Through an adapter, so that the request can be compared as a whole.
    let inner = service_fn(move |request: Ask| {
        let mut inner = inner.clone();
        async move {
            assert_eq!(request.method(), "OPTIONS");
            inner.ready().await?.call(request.into_body()).await
        }
    });
    handle.allow(1);
    let request = Request::options("/contact").header("demand", "panic").body("preflight").unwrap();
    let answer = tokio::spawn(layer.layer(inner).oneshot(request));
    assert_request_eq!(handle, "preflight").send_response(Response::new("allowed".into()));
    assert_eq!(answer.await.unwrap().unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn t22_a_gatekeeper_that_panics_lets_nobody_in() {
    let layer = gated(MemoryStore::new()).clock(clock()).build().unwrap();
    let app = Router::new().route("/contact", get(|| async { "locked data" })).layer(layer);
    let alone = tokio::spawn(app.clone().oneshot(support::gate::request("GET", "/contact", "panic", "*/*")));
    assert!(alone.await.unwrap_err().is_panic(), "nothing answers in its place");
    let caught = app.layer(CatchPanicLayer::new());
    let answer = ask(&caught, "GET", "/contact", "panic").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!text(answer).await.contains("locked data"));
}

#[tokio::test]
async fn t22_a_request_that_is_given_up_never_reaches_the_inner_service() {
    let layer = gated(MemoryStore::new()).clock(clock()).build().unwrap();
    let (inner, mut handle) = mock::pair::<Ask, Answer>();
    handle.allow(1);
    let mut gate = layer.layer(inner);
    let deciding = gate.ready().await.unwrap().call(asking("never"));
    assert!(tokio::time::timeout(Duration::from_millis(1), deciding).await.is_err());
    drop(gate);
    assert!(handle.next_request().await.is_none());
}

#[tokio::test]
async fn t22_a_missing_layer_or_a_free_demand_proves_nothing() {
    let world = paid_world().await;
    let store = world.payments.store().clone();
    let layer = gated(store).clock(world.clock.clone()).build().unwrap();
    let locked = || get(|_: Unlocked| async { "locked data" });
    let app = Router::new().route("/in", locked()).route_layer(layer).route("/out", locked());
    for (path, demand, status) in [
        ("/in", "user:1", StatusCode::OK),
        ("/in", "user:2", StatusCode::PAYMENT_REQUIRED),
        ("/in", "free", StatusCode::INTERNAL_SERVER_ERROR),
        ("/out", "user:1", StatusCode::INTERNAL_SERVER_ERROR),
        ("/nowhere", "user:1", StatusCode::NOT_FOUND),
    ] {
        let answer = ask(&app, "GET", path, demand).await;
        assert_eq!(answer.status(), status, "{path} {demand}");
        assert_eq!(text(answer).await.contains("locked data"), status == StatusCode::OK, "{path} {demand}");
    }
}

#[tokio::test]
async fn t30_any_body_that_can_be_made_of_bytes_will_do() {
    let world = paid_world().await;
    let store = world.payments.store().clone();
    let layer = gated(store).clock(world.clock.clone()).build().unwrap();
    let text_body =
        layer.layer(service_fn(|_: Ask| async { Ok::<_, std::io::Error>(Response::new(Bytes::from("in"))) }));
    let answer = text_body.oneshot(asking("user:1")).await.unwrap();
    assert_eq!(answer.into_body(), "in");
    let axum_body = layer.layer(service_fn(|_: Request<Body>| async {
        Ok::<_, std::io::Error>(Response::new(Body::from("in")))
    }));
    let answer = ask(&axum_body, "GET", "/contact", "user:1").await;
    assert_eq!(header(&answer, "cache-control"), ["private, no-store"]);
}
