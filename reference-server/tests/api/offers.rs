//! The offer of a 402, taken where a payment is started: what was shown is what is charged, to whom it was shown.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Person, Scene, TestServer, read};

const START: &str = "/create-payment-intent/";

async fn challenge(client: &Person, room: &str) -> String {
    let (status, problem) = client.get(&format!("/api/rooms/{room}/contact/")).await;
    assert_eq!(status, 402, "{problem}");
    problem["accepts"][0]["extra"]["challenge"].as_str().expect("a challenge").to_owned()
}

fn about_challenge((status, problem): (StatusCode, Value)) -> String {
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("invalid_field")), "{problem}");
    assert_eq!(problem["errors"][0]["field"], "challenge");
    problem["errors"][0]["message"].as_str().expect("a message").to_owned()
}

#[tokio::test]
async fn offer_that_was_shown_is_charged_though_the_price_has_changed() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let mut client = server.client().await;
    let shown = challenge(&client, &room).await;
    let server = server.restart_at_price(9_000).await;
    client.move_to(&server.url(""));
    let (_, problem) = client.get(&format!("/api/rooms/{room}/contact/")).await;
    assert_eq!(problem["amount"], "90.00");
    let (status, intent) = client.post(START, &json!({ "challenge": shown })).await;
    assert_eq!(
        (status.as_u16(), &intent["amount"], &intent["room_id"]),
        (201, &json!("30.00"), &json!(room))
    );
    let back = server.payer().pay(&intent).await;
    client.follow(&back).await;
    assert_eq!(client.contact_status(&room).await, 200);
}

#[tokio::test]
async fn offer_is_good_for_its_room_and_its_client_only() {
    let server = TestServer::start().await;
    let ((_, room), (_, dear)) = (server.room().await, server.room().await);
    let (client, other) = (server.client().await, server.client().await);
    let shown = challenge(&client, &room).await;
    let said = about_challenge(other.post(START, &json!({ "challenge": shown })).await);
    assert!(said.contains("not made here for this account"), "{said}");
    let said = about_challenge(client.post(START, &json!({ "challenge": shown, "room_id": dear })).await);
    assert!(said.contains("another room"), "{said}");
    for forged in
        [shown.replace("esewa", "esewb"), shown.replace("request=\"e", "request=\"f"), "Payment x".into()]
    {
        about_challenge(client.post(START, &json!({ "challenge": forged })).await);
    }
    for who in [&client, &other] {
        assert_eq!(who.get("/api/payments/").await.1["payments"], json!([]), "nothing was started");
    }
    let (status, intent) = client.post(START, &json!({ "challenge": shown, "room_id": room })).await;
    assert_eq!((status.as_u16(), &intent["room_id"]), (201, &json!(room)));
}

/// A chat that is locked says the same as the contact details do.
#[tokio::test]
async fn every_402_carries_an_offer_that_can_be_taken() {
    let scene = Scene::start().await;
    let other = scene.server.client().await;
    let path = format!("/api/messages/?room_id={}", scene.room);
    let answer = other.request("GET", &path).send().await.expect("an answer");
    assert_eq!(answer.status(), 402);
    let header = answer.headers()["www-authenticate"].to_str().expect("text").to_owned();
    let problem = crate::support::json_of(answer).await;
    assert_eq!(problem["accepts"][0]["extra"]["challenge"], header);
    assert_eq!(other.post(START, &json!({ "challenge": header })).await.0, 201);
}

#[tokio::test]
async fn idempotency_key_names_a_start() {
    let server = TestServer::start().await;
    let ((_, room), (_, second)) = (server.room().await, server.room().await);
    let client = server.client().await;
    let start = async |room: &str, key: &str| {
        let request = client.request("POST", START).header("idempotency-key", key);
        read(request.json(&json!({ "room_id": room }))).await
    };
    let (status, intent) = start(&room, "k-1").await;
    assert_eq!(status, 201, "{intent}");
    let (status, again) = start(&room, "k-1").await;
    assert_eq!((status.as_u16(), &again["transaction_id"]), (200, &intent["transaction_id"]));
    let (status, problem) = start(&second, "k-1").await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("id_reused")));
    let (status, problem) = start(&second, &"k".repeat(201)).await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["field"]), (422, &json!("Idempotency-Key")));
    assert_eq!(start(&second, "k-2").await.0, 201);
}

/// T24 over the wire: what is not ours is neither written nor asked about; what is ours is asked about now and then.
#[tokio::test]
async fn flood_of_hints_asks_nobody_about_strangers() {
    let Scene { server, intent, .. } = Scene::start().await;
    let (payer, anyone) = (server.payer(), server.visitor());
    let calls = (0..1_000).map(|number| {
        let anyone = &anyone;
        async move {
            anyone.post("/esewa-webhook/", &json!({ "transaction_id": format!("ghost-{number}") })).await.0
        }
    });
    let answers = bounded(calls).await;
    assert!(answers.iter().all(|status| *status == 404 || *status == 429), "{answers:?}");
    assert_eq!(payer.asked("ghost-").await, 0, "eSewa was not asked");
    let id = intent["transaction_id"].as_str().expect("an id");
    let hint = json!({ "transaction_id": id });
    let calls = (0..1_000).map(|_| async { anyone.post("/esewa-webhook/", &hint).await.0 });
    let answers = bounded(calls).await;
    assert!(answers.iter().all(|status| *status == 200 || *status == 429), "{answers:?}");
    let asked = payer.asked(id).await;
    assert!((1..50).contains(&asked), "{asked} questions to eSewa");
    let trail = server.running.state().payments.trail(&paygate::PaymentId::new(id).expect("an id")).await;
    assert!(trail.expect("a trail").len() <= 2, "what repeats is counted");
}

/// Thirty-two at a time, which is what a sender has connections for.
async fn bounded<T>(calls: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    use futures_util::StreamExt as _;
    futures_util::stream::iter(calls).buffer_unordered(32).collect().await
}
