//! What those who run the server can count.

use std::collections::BTreeSet;

use crate::support::{Scene, TestServer, next_frame};

async fn with_metrics() -> TestServer {
    TestServer::start_changed(|config| {
        config.metrics_listen = Some("127.0.0.1:0".parse().expect("an address"));
    })
    .await
}

async fn metrics(server: &TestServer) -> String {
    let address = server.running.metrics_address.expect("a listener");
    let answer = reqwest::get(format!("http://{address}/metrics/")).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()["content-type"].to_str().expect("text").starts_with("application/openmetrics-text")
    );
    answer.text().await.expect("text")
}

/// The value of the first sample whose line begins so.
fn value(text: &str, begins: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(begins))?;
    line.rsplit(' ').next().expect("a value").parse().ok()
}

#[tokio::test]
async fn requests_are_counted_by_route_and_not_by_path() {
    let server = with_metrics().await;
    let (owner, room) = server.room().await;
    for _ in 0..3 {
        assert_eq!(owner.get(&format!("/api/rooms/{room}/")).await.0, 200);
    }
    owner.get("/no/such/path/").await;
    let text = metrics(&server).await;
    let shown = "kotha_http_requests_total{method=\"GET\",route=\"/api/rooms/{id}\",status=\"200\"}";
    assert_eq!(value(&text, shown), Some(3.0), "{text}");
    let unknown = "kotha_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"}";
    assert_eq!(value(&text, unknown), Some(1.0), "{text}");
    let count = "kotha_http_request_duration_seconds_count{method=\"GET\",route=\"/api/rooms/{id}\"}";
    assert_eq!(value(&text, count), Some(3.0), "{text}");
    assert!(!text.contains(&room) && !text.contains("/no/such"), "{text}");
}

#[tokio::test]
async fn payments_sign_ins_sockets_and_refusals_are_counted() {
    let server = with_metrics().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let mut socket = client.socket("/ws/payment/").await.expect("a socket");
    let intent = client.start_payment(&room).await;
    let back = server.payer().pay(&intent).await;
    client.follow(&back).await;
    // The frame is sent after the event was counted.
    while next_frame(&mut socket).await["payment"]["status"] != "success" {}
    let wrong = serde_json::json!({ "phone": client.phone, "password": "wrong horse" });
    for _ in 0..11 {
        server.visitor().post("/api/login/", &wrong).await;
    }
    let text = metrics(&server).await;
    assert_eq!(value(&text, "kotha_payment_events_total{event=\"settled\"}"), Some(1.0), "{text}");
    assert_eq!(value(&text, "kotha_websockets{kind=\"payment\"}"), Some(1.0), "{text}");
    assert_eq!(value(&text, "kotha_sign_ins_total{outcome=\"refused\"}"), Some(10.0), "{text}");
    assert_eq!(value(&text, "kotha_rate_limited_total{class=\"sign_in\",by=\"guess\"}"), Some(1.0), "{text}");
    assert!(value(&text, "kotha_connections").is_some_and(|open| open >= 1.0), "{text}");
}

#[tokio::test]
async fn nothing_personal_is_in_them() {
    let server = with_metrics().await;
    let Scene { server, client, room, intent } = Scene::on(server).await;
    client.get(&format!("/api/rooms/{room}/contact/?phone=9811111111")).await;
    client.get(&format!("/api/payments/{}/", intent["transaction_id"].as_str().expect("an id"))).await;
    let text = metrics(&server).await;
    let ids = [&client.id, &client.phone, &room, intent["transaction_id"].as_str().expect("an id")];
    for personal in ids.iter().chain(&["9811111111", "Asmita", "127.0.0.1", "Shankhamul"]) {
        assert!(!text.contains(*personal), "{personal} is in {text}");
    }
    let names: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.split_once('{')?.1.split_once('}'))
        .flat_map(|(labels, _)| labels.split("\",").filter_map(|label| label.split('=').next()))
        .collect();
    let known =
        ["by", "class", "event", "kind", "le", "method", "outcome", "route", "state", "status", "version"];
    assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
}

#[tokio::test]
async fn product_itself_does_not_answer_with_them() {
    let server = with_metrics().await;
    assert_eq!(server.visitor().get("/metrics/").await.0, 404);
}
