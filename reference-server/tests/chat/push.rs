//! Members who are not there are told by push: once, without what was written, and not of what they have read.

use serde_json::json;

use crate::people::{Pair, unlock};
use crate::push_service::{Got, PushService};
use crate::support::TestServer;

const SUBSCRIBE: &str = "/api/push/subscribe/";

async fn scene(after_ms: u64) -> (PushService, TestServer, Pair) {
    let service = PushService::start().await;
    let push = service.config(after_ms);
    let server = TestServer::start_changed(|config| config.push = push).await;
    let pair = Pair::new(&server).await;
    (service, server, pair)
}

async fn subscribe(service: &PushService, pair: &Pair, browser: &str) {
    assert_eq!(pair.client.post(SUBSCRIBE, &service.subscription(browser)).await.0, 201);
}

fn browsers(got: &[Got]) -> Vec<&str> {
    got.iter().map(|one| one.browser.as_str()).collect()
}

/// Lets another client of the same owner be told of something that is due later than what came before: when that has
/// arrived, what was due before it is decided.
async fn barrier(service: &PushService, server: &TestServer, pair: &Pair, count: usize) -> Vec<Got> {
    let other = server.client().await;
    unlock(server, &other, &pair.room).await;
    assert_eq!(other.post(SUBSCRIBE, &service.subscription("barrier")).await.0, 201);
    let body = json!({ "room_id": pair.room, "client_id": other.id, "content": "And you?" });
    assert_eq!(pair.owner.post("/api/messages/send/", &body).await.0, 201);
    let got = service.got(count + 1).await;
    assert_eq!(browsers(&got).last(), Some(&"barrier"));
    got
}

#[tokio::test]
async fn member_who_is_away_is_told_once_on_each_browser() {
    let (service, server, pair) = scene(0).await;
    for browser in ["phone", "laptop"] {
        subscribe(&service, &pair, browser).await;
    }
    pair.owner_says("Are you coming on Saturday?").await;
    service.got(2).await;
    let got = barrier(&service, &server, &pair, 2).await;
    let mut told = browsers(&got);
    told.sort_unstable();
    assert_eq!(told, ["barrier", "laptop", "phone"]);
    let first = &got[0];
    assert_eq!((first.header("ttl"), first.header("urgency")), ("86400", "high"));
    assert_eq!(first.header("content-encoding"), "aes128gcm");
    assert!(first.header("authorization").starts_with("vapid t="));
    // The two browsers share a topic; the other conversation has its own.
    assert_eq!(first.header("topic"), got[1].header("topic"));
    assert_eq!(first.header("topic").len(), 32);
    assert_ne!(first.header("topic"), got[2].header("topic"));
    let sealed = String::from_utf8_lossy(&first.body);
    for hidden in ["Saturday", "Sarita", "Bright"] {
        assert!(!sealed.contains(hidden), "{hidden} can be read on the way");
    }
}

#[tokio::test]
async fn sender_and_who_has_read_are_not_told() {
    let (service, server, pair) = scene(1_500).await;
    subscribe(&service, &pair, "phone").await;
    assert_eq!(pair.owner.post(SUBSCRIBE, &service.subscription("owner")).await.0, 201);
    pair.owner_says("Seen before it is due").await;
    let (status, unread) = pair.client.post("/api/messages/read/", &json!({ "room_id": pair.room })).await;
    assert_eq!((status.as_u16(), &unread["unread"]), (200, &json!(0)));
    let got = barrier(&service, &server, &pair, 0).await;
    assert_eq!(browsers(&got), ["barrier"]);
}

#[tokio::test]
async fn member_with_an_open_connection_is_not_told() {
    let (service, server, pair) = scene(0).await;
    subscribe(&service, &pair, "phone").await;
    let _open = pair.client.socket("/ws/payment/").await.expect("an upgrade");
    pair.owner_says("You can see this").await;
    let got = barrier(&service, &server, &pair, 0).await;
    assert_eq!(browsers(&got), ["barrier"]);
}

#[tokio::test]
async fn subscription_that_is_gone_is_dropped_and_the_others_are_told() {
    let (service, server, pair) = scene(0).await;
    for (browser, status) in [("gone", 410), ("unknown", 404), ("phone", 201)] {
        subscribe(&service, &pair, browser).await;
        service.answer_once(browser, status, None);
    }
    pair.owner_says("One").await;
    service.got(3).await;
    // Its answer is written down before the job ends, and the job of the next message comes after that.
    barrier(&service, &server, &pair, 3).await;
    pair.owner_says("Two").await;
    let got = service.got(5).await;
    assert_eq!(browsers(&got)[4], "phone");
    let got = barrier_again(&service, &pair, 5).await;
    assert_eq!(browsers(&got), [browsers(&got)[..5].to_vec(), vec!["phone"]].concat());
}

/// One more message to the client, whose only browser is `phone` by now.
async fn barrier_again(service: &PushService, pair: &Pair, count: usize) -> Vec<Got> {
    pair.owner_says("Three").await;
    service.got(count + 1).await
}

#[tokio::test]
async fn service_that_asks_for_a_pause_gets_it_and_who_was_told_is_not_told_again() {
    let (service, _server, pair) = scene(0).await;
    subscribe(&service, &pair, "busy").await;
    subscribe(&service, &pair, "phone").await;
    service.answer_once("busy", 429, Some("2"));
    let before = std::time::Instant::now();
    pair.owner_says("Hello").await;
    let mut told = browsers(&service.got(2).await).join(" ");
    assert!(told == "busy phone" || told == "phone busy", "{told}");
    let got = service.got(3).await;
    assert!(before.elapsed().as_millis() >= 2_000, "{:?}", before.elapsed());
    told = browsers(&got)[2..].join(" ");
    assert_eq!(told, "busy");
}

#[tokio::test]
async fn message_that_is_too_long_for_a_service_is_said_shorter() {
    let (service, _server, pair) = scene(0).await;
    subscribe(&service, &pair, "small").await;
    service.answer_once("small", 413, None);
    pair.owner_says("Hello").await;
    let got = service.got(2).await;
    assert_eq!(browsers(&got), ["small", "small"]);
    assert_ne!(got[0].body, got[1].body);
}

#[tokio::test]
async fn who_logged_out_or_lost_access_is_not_told() {
    let (service, server, pair) = scene(1_500).await;
    subscribe(&service, &pair, "phone").await;
    pair.owner_says("For a shared phone").await;
    assert_eq!(pair.client.post("/api/logout/", &json!({})).await.0, 204);
    let blocked = Pair::new(&server).await;
    subscribe(&service, &blocked, "blocked").await;
    blocked.owner_says("And then I thought better of it").await;
    let body = json!({ "room_id": blocked.room, "client_id": blocked.client.id });
    assert_eq!(blocked.owner.post("/api/conversations/block/", &body).await.0, 204);
    let got = barrier(&service, &server, &pair, 0).await;
    assert_eq!(browsers(&got), ["barrier"]);
}

#[tokio::test]
async fn message_is_told_after_a_restart_too() {
    let (service, server, pair) = scene(3_000).await;
    subscribe(&service, &pair, "phone").await;
    pair.owner_says("Before the restart").await;
    let push = service.config(3_000);
    let _server = server.restart_changed(|config| config.push = push).await;
    assert_eq!(browsers(&service.got(1).await), ["phone"]);
}
