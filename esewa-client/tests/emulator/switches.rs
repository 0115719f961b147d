//! Switches that a program sets while the emulator runs, and what each of them changes.

use esewa_client::sandbox::Quirks;
use serde_json::{Value, json};

use crate::world::World;

const QUIRKS: &str = "/_sandbox/quirks";

async fn shown(world: &World) -> Value {
    serde_json::from_str(&world.get(QUIRKS).await.text).unwrap()
}

#[tokio::test]
async fn every_quirk_is_shown_and_can_be_set_from_outside() {
    let world = World::new().await;
    assert_eq!(shown(&world).await, serde_json::to_value(Quirks::default()).unwrap());
    let others = json!({
        "amount_form": "legacy_comma", "success_url_query": "join", "failure_url_query": "dropped",
        "uuid_charset": "documented", "duplicate_uuid": "reopen", "es104_http_status": 200,
        "refusal_form": "es_code", "outage_http_status": 503, "status_outage_http_status": 200,
        "status_hosts": "epay", "wrong_amount": "ignore", "booking_minutes": 5, "absolute_location": true,
        "cancel_is_told": false, "transrec_form": "xml_declaration", "intent_refusal_http_status": 200,
        "intent_callback_method": "get", "intent_callback_pauses_ms": [0, 10],
        "intent_callback_timeout_ms": 100, "intent_callbacks": "every_end", "strict_parity": true,
    });
    let names = |object: &Value| object.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&others), names(&shown(&world).await), "each of them, the other way round");
    assert_eq!(world.control(QUIRKS, others.clone()).await, (200, others.clone()));
    assert_eq!(shown(&world).await, others);
    // One alone leaves the others as they are.
    let (http_status, one) = world.control(QUIRKS, json!({ "booking_minutes": 7 })).await;
    assert_eq!((http_status, &one["booking_minutes"], &one["strict_parity"]), (200, &7.into(), &true.into()));
    world.control("/_sandbox/reset", json!({})).await;
    assert_eq!(shown(&world).await, serde_json::to_value(Quirks::default()).unwrap(), "as it was started");
}

#[tokio::test]
async fn a_quirk_that_is_none_is_refused_and_changes_nothing() {
    let world = World::new().await;
    for body in [
        json!({ "amount_fom": "plain" }),
        json!({ "amount_form": "roman" }),
        json!({ "booking_minutes": -1 }),
        json!({ "es104_http_status": 99 }),
        json!({ "outage_http_status": 600 }),
        json!({ "intent_callback_timeout_ms": 0 }),
        json!({ "intent_callback_pauses_ms": vec![0; 11] }),
        json!({ "intent_callback_pauses_ms": [600_001] }),
        json!({ "strict_parity": true, "booking_minutes": "many" }),
    ] {
        let (http_status, answer) = world.control(QUIRKS, body).await;
        assert_eq!((http_status, &answer["code"]), (422, &json!("invalid_field")), "{answer}");
    }
    assert_eq!(world.control(QUIRKS, json!([])).await.0, 400);
    assert_eq!(shown(&world).await, serde_json::to_value(Quirks::default()).unwrap());
}

#[tokio::test]
async fn a_switch_works_from_the_next_call_on() {
    let world = World::new().await;
    world.book("a", "5000").await;
    let amount = async || {
        let paid = world.pay("a", "complete").await;
        let back: url::Url = paid["redirect_url"].as_str().unwrap().parse().unwrap();
        let (_, data) = back.query_pairs().next().unwrap().clone();
        let json = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data.as_bytes());
        serde_json::from_slice::<Value>(&json.unwrap()).unwrap()["total_amount"].clone()
    };
    assert_eq!(amount().await, "5000.0");
    world.control(QUIRKS, json!({ "amount_form": "legacy_comma" })).await;
    assert_eq!(amount().await, "5,000.0");
}

#[tokio::test]
async fn each_password_of_the_notes_logs_in() {
    for password in ["Nepal@123", "1122", "1234"] {
        let world = World::new().await;
        world.book("a", "100").await;
        let list: Value = serde_json::from_str(&world.get("/_sandbox/payments").await.text).unwrap();
        let id = list["payments"][0]["booking_id"].as_str().unwrap();
        let entered = [("bookingId", id), ("esewa_id", "9806800001"), ("password", password)];
        assert_eq!(world.post("/epay/login", &entered).await.http_status, 303, "{password}");
    }
}

#[cfg(feature = "legacy")]
#[tokio::test]
async fn v1_is_booked_by_get_and_answers_with_an_xml_declaration_where_asked() {
    use esewa_client::legacy::LegacyMerchant;
    use esewa_client::{ProductCode, ReferenceId};

    let world = World::new().await;
    world.control(QUIRKS, json!({ "transrec_form": "xml_declaration" })).await;
    let merchant = LegacyMerchant::at(&world.origin, ProductCode::test());
    let request = world.request("order-1", "100");
    let mut form = world.at("/epay/main");
    form.query_pairs_mut().extend_pairs(merchant.form_fields(&request));
    assert_eq!(world.get(form.as_str()).await.http_status, 302);
    let paid = world.pay("order-1", "complete").await;
    let reference = ReferenceId::new(paid["ref_id"].as_str().unwrap()).unwrap();
    let fields = merchant.verify_fields(&request.order(), &reference);
    let answer = world.post("/epay/transrec", &fields).await.text;
    assert_eq!(
        answer,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><response_code>Success</response_code></response>\n"
    );
    assert!(world.client.confirm_legacy(&merchant, &request.order(), &reference).await.unwrap().is_some());
}

#[cfg(feature = "intent")]
#[tokio::test]
async fn a_callback_that_is_not_answered_in_time_is_sent_again() {
    let (calls, mut called) = tokio::sync::mpsc::channel(4);
    let hang = move || {
        let calls = calls.clone();
        async move {
            calls.send(()).await.unwrap();
            std::future::pending::<()>().await;
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook: url::Url = format!("http://{}/hook", listener.local_addr().unwrap()).parse().unwrap();
    let router = axum::Router::new().route("/hook", axum::routing::post(hang));
    tokio::spawn(async move { axum::serve(listener, router).await });

    let world = World::new().await;
    let quick = json!({ "intent_callback_timeout_ms": 50, "intent_callback_pauses_ms": [0, 0] });
    world.control(QUIRKS, quick).await;
    let merchant = esewa_client::intent::IntentMerchant::sandbox(&world.origin);
    let order = world.request("order-1", "100").order();
    let back = "http://shop.example/back".parse().unwrap();
    let request = esewa_client::intent::IntentRequest::new(order, hook, back).unwrap();
    let booked = world.client.book_intent(&merchant, &request).await;
    assert!(booked.is_ok(), "{booked:?}");
    world.pay("order-1", "complete").await;
    // The default would wait five seconds for the first answer.
    for _ in 0..2 {
        let second = std::time::Duration::from_secs(4);
        tokio::time::timeout(second, called.recv()).await.expect("another attempt").unwrap();
    }
}
