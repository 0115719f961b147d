//! Which browsers are told: subscribing, and every way in which that ends.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::Pair;
use crate::push_service::PushService;
use crate::support::{Person, TestServer};
use reference_server::config::PushConfig;
use reference_server::db::push_subscriptions;
use reference_server::push::{HostPattern, PushServices};

const SUBSCRIBE: &str = "/api/push/subscribe/";

async fn server(service: &PushService) -> TestServer {
    let push = service.config(0);
    TestServer::start_changed(|config| config.push = push).await
}

/// The endpoints that a person would be told at.
async fn told_at(server: &TestServer, person: &Person) -> Vec<String> {
    let state = server.running.state();
    let (id, now) = (person.id.parse().expect("an id"), state.clock.now());
    let known = push_subscriptions::of(&state.db, id, Uuid::nil(), now).await.expect("a read");
    known.into_iter().map(|one| one.endpoint).collect()
}

async fn subscribe(person: &Person, body: &Value) {
    let (status, answer) = person.post(SUBSCRIBE, body).await;
    assert_eq!(status, 201, "{answer}");
}

#[tokio::test]
async fn key_is_a_point_that_outlives_a_restart() {
    let server = TestServer::start().await;
    let (status, first) = server.visitor().get("/api/push/key/").await;
    assert_eq!(status, 200);
    // 65 bytes that begin with a 4.
    let key = first["public_key"].as_str().expect("a key");
    assert!(key.len() == 87 && key.starts_with('B'), "{key}");
    let server = server.restart().await;
    assert_eq!(server.visitor().get("/api/push/key/").await.1, first);
}

#[tokio::test]
async fn browser_subscribes_twice_and_is_known_once() {
    let service = PushService::start().await;
    let server = server(&service).await;
    let client = server.client().await;
    for _ in 0..2 {
        subscribe(&client, &service.subscription("phone")).await;
    }
    assert_eq!(told_at(&server, &client).await, [service.endpoint("phone")]);
    for _ in 0..2 {
        let body = json!({ "endpoint": service.endpoint("phone") });
        assert_eq!(client.send("DELETE", SUBSCRIBE, &body).await.0, 204);
    }
    assert!(told_at(&server, &client).await.is_empty());
}

#[tokio::test]
async fn browser_is_one_however_its_endpoint_is_spelled() {
    let service = PushService::start().await;
    let known = HostPattern::parse("fcm.googleapis.com").expect("a host");
    let services = PushServices::new(vec![known], None);
    let push = PushConfig { services, ..service.config(0) };
    let server = TestServer::start_changed(|config| config.push = push).await;
    let client = server.client().await;
    let spellings = [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://FCM.googleapis.COM/fcm/send/abc:def",
        "HTTPS://fcm.googleapis.com:443/fcm/send/abc:def",
        "https://fcm.googleapis.com/./fcm/x/../send/abc:def",
        " https://fcm.googleapis.com/fcm/send/abc:def\n",
    ];
    for endpoint in spellings {
        let mut body = service.subscription("phone");
        body["endpoint"] = json!(endpoint);
        subscribe(&client, &body).await;
        assert_eq!(told_at(&server, &client).await, spellings[..1], "{endpoint}");
    }
    for endpoint in spellings {
        let mut body = service.subscription("phone");
        body["endpoint"] = json!(spellings[0]);
        subscribe(&client, &body).await;
        assert_eq!(client.send("DELETE", SUBSCRIBE, &json!({ "endpoint": endpoint })).await.0, 204);
        assert!(told_at(&server, &client).await.is_empty(), "{endpoint}");
    }
    assert_eq!(client.send("DELETE", SUBSCRIBE, &json!({ "endpoint": "nonsense" })).await.0, 204);
}

#[tokio::test]
async fn subscribing_needs_a_session_and_a_page_of_ours() {
    let service = PushService::start().await;
    let server = server(&service).await;
    let body = service.subscription("phone");
    let (status, problem) = server.visitor().post(SUBSCRIBE, &body).await;
    assert_eq!((status.as_u16(), &problem["code"]), (401, &json!("not_signed_in")));
    let client = server.client().await;
    for method in ["POST", "DELETE"] {
        let request = client.request(method, SUBSCRIBE).header("origin", "https://evil.example").json(&body);
        assert_eq!(request.send().await.expect("an answer").status(), 403, "{method}");
    }
    assert!(told_at(&server, &client).await.is_empty());
}

#[tokio::test]
async fn endpoint_that_is_no_push_service_is_refused_beside_its_field() {
    let service = PushService::start().await;
    let server = server(&service).await;
    let client = server.client().await;
    let port = server.running.address.port();
    for endpoint in [
        "https://127.0.0.1/x".to_owned(),
        "https://localhost/x".to_owned(),
        format!("http://127.0.0.1:{port}/healthz"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "https://evil.example/x".to_owned(),
        "nonsense".to_owned(),
        String::new(),
    ] {
        let mut body = service.subscription("phone");
        body["endpoint"] = json!(endpoint);
        let (status, problem) = client.post(SUBSCRIBE, &body).await;
        assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("invalid_field")), "{endpoint}");
        assert_eq!(problem["errors"][0]["field"], "endpoint", "{problem}");
    }
    let mut body = service.subscription("phone");
    body["keys"] = json!({ "p256dh": "AAAA", "auth": "AAAA" });
    let (status, problem) = client.post(SUBSCRIBE, &body).await;
    let fields: Vec<_> = problem["errors"].as_array().expect("errors").iter().map(|e| &e["field"]).collect();
    assert_eq!((status.as_u16(), fields), (422, vec![&json!("keys.auth"), &json!("keys.p256dh")]));
    assert!(told_at(&server, &client).await.is_empty());
}

#[tokio::test]
async fn browser_belongs_to_who_subscribed_it_last() {
    let service = PushService::start().await;
    let server = server(&service).await;
    let (first, second) = (server.client().await, server.client().await);
    subscribe(&first, &service.subscription("shared")).await;
    subscribe(&second, &service.subscription("shared")).await;
    assert!(told_at(&server, &first).await.is_empty());
    assert_eq!(told_at(&server, &second).await, [service.endpoint("shared")]);
    // And what is somebody else's can't be taken out.
    let body = json!({ "endpoint": service.endpoint("shared") });
    assert_eq!(first.send("DELETE", SUBSCRIBE, &body).await.0, 204);
    assert_eq!(told_at(&server, &second).await.len(), 1);
}

#[tokio::test]
async fn account_has_at_most_sixteen_and_the_oldest_go() {
    let service = PushService::start().await;
    let server = server(&service).await;
    let client = server.client().await;
    for number in 0..18 {
        subscribe(&client, &service.subscription(&format!("browser-{number}"))).await;
    }
    let told_at = told_at(&server, &client).await;
    assert_eq!(told_at.len(), 16);
    assert!(!told_at.contains(&service.endpoint("browser-1")));
    assert!(
        told_at.contains(&service.endpoint("browser-2")) && told_at.contains(&service.endpoint("browser-17"))
    );
}

#[tokio::test]
async fn browser_is_told_no_more_once_its_session_has_ended() {
    let service = PushService::start().await;
    let server = server(&service).await;
    let client = server.client().await;
    let other = server.visitor();
    let log_in = json!({ "phone": client.phone, "password": "correct horse" });
    assert_eq!(other.post("/api/login/", &log_in).await.0, 200);
    subscribe(&client, &service.subscription("here")).await;
    subscribe(&other, &service.subscription("there")).await;
    assert_eq!(told_at(&server, &client).await.len(), 2);
    // From the account's page: everything but this browser.
    assert_eq!(client.send("DELETE", "/api/sessions/", &json!({})).await.0, 204);
    assert_eq!(told_at(&server, &client).await, [service.endpoint("here")]);
    assert_eq!(client.post("/api/logout/", &json!({})).await.0, 204);
    assert!(told_at(&server, &client).await.is_empty());
    // Logged in again, the browser is not told until its person says so once more.
    assert_eq!(client.post("/api/login/", &log_in).await.0, 200);
    assert!(told_at(&server, &client).await.is_empty());
    let state = server.running.state();
    push_subscriptions::sweep(&state.db, state.clock.now()).await.expect("a sweep");
    let left = state
        .db
        .read("SELECT endpoint FROM push_subscriptions")
        .fetch_all(|row| row.get::<String>("endpoint"));
    assert_eq!(left.await.expect("a read"), Vec::<String>::new(), "nothing is kept");
}

#[tokio::test]
async fn account_that_is_deleted_is_told_nothing() {
    let service = PushService::start().await;
    let server = server(&service).await;
    let pair = Pair::new(&server).await;
    subscribe(&pair.client, &service.subscription("phone")).await;
    let body = json!({ "password": "correct horse" });
    assert_eq!(pair.client.post("/api/account/delete/", &body).await.0, 204);
    assert!(told_at(&server, &pair.client).await.is_empty());
}
