//! What nobody knows of eSewa is a switch of the emulator, each the other way round here.

use axum::http::HeaderValue;
use esewa_client::sandbox::{FailureUrlQuery, Quirks, RefusalForm, StatusHosts, WrongAmount};
use esewa_client::{
    Client, Confirmation, Endpoints, Environment, Merchant, ProductCode, RequestError, SecretKey, Status,
};
use serde_json::{Value, json};

use crate::world::World;

const FORM: &str = "/api/epay/main/v2/form";

async fn assuming(change: impl FnOnce(&mut Quirks)) -> World {
    let mut quirks = Quirks::default();
    change(&mut quirks);
    World::with(quirks).await
}

#[tokio::test]
async fn an_outage_of_the_status_has_its_own_http_status() {
    let world = assuming(|quirks| quirks.status_outage_http_status = 200).await;
    let order = world.book("a", "100").await;
    for route in ["status", "form"] {
        world.control("/_sandbox/faults", json!({ "route": route, "fault": "outage", "times": 4 })).await;
    }
    let asked = "/api/epay/transaction/status/?product_code=EPAYTEST&total_amount=100&transaction_uuid=a";
    assert_eq!(world.get(asked).await.http_status, 200);
    assert_eq!(world.post(FORM, &world.fields("b", "100")).await.http_status, 409);
    // The body decides, under whatever status it comes.
    assert!(matches!(world.client.confirm(&order).await, Err(RequestError::Outage)));
}

#[tokio::test]
async fn amounts_can_be_compared_by_their_characters() {
    let world = assuming(|quirks| quirks.wrong_amount = WrongAmount::NotFoundByText).await;
    let order = world.book("a", "100").await;
    world.pay("a", "complete").await;
    let asked = |amount: &str| {
        format!(
            "/api/epay/transaction/status/?product_code=EPAYTEST&total_amount={amount}&transaction_uuid=a"
        )
    };
    assert!(world.get(&asked("100.0")).await.text.contains(r#""status":"NOT_FOUND""#));
    // The client asks in the characters of the form.
    assert!(matches!(world.client.confirm(&order).await, Ok(Confirmation::Paid(_))));
}

#[tokio::test]
async fn a_failure_address_can_lose_its_query() {
    for (choice, expected) in [
        (FailureUrlQuery::Kept, "http://shop.example/failed?pid=1"),
        (FailureUrlQuery::Dropped, "http://shop.example/failed"),
    ] {
        let world = assuming(|quirks| quirks.failure_url_query = choice).await;
        let mut fields = world.fields("a", "100");
        // Addresses are not signed.
        let failure = fields.iter_mut().find(|(name, _)| name == "failure_url").unwrap();
        failure.1 = "http://shop.example/failed?pid=1".to_owned();
        assert_eq!(world.post(FORM, &fields).await.http_status, 302);
        assert_eq!(world.pay("a", "cancel").await["redirect_url"], expected);
    }
}

#[tokio::test]
async fn a_refusal_can_have_another_es_code() {
    for (form, body) in [
        (RefusalForm::CodeZero, r#"{"error_message":"Duplicate transaction_uuid.","code":0}"#),
        (RefusalForm::EsCode, r#"{"code":"ES000","message":"Duplicate transaction_uuid."}"#),
    ] {
        let world = assuming(|quirks| quirks.refusal_form = form).await;
        world.book("a", "100").await;
        let seen = world.post(FORM, &world.fields("a", "100")).await;
        assert_eq!((seen.http_status, seen.text.as_str()), (400, body));
    }
}

#[tokio::test]
async fn the_status_can_be_left_to_one_of_its_hosts() {
    let asked = "/api/epay/transaction/status/?product_code=EPAYTEST&total_amount=100&transaction_uuid=123";
    for (hosts, answering) in [
        (StatusHosts::All, vec!["rc-epay.esewa.com.np", "rc.esewa.com.np", "127.0.0.1"]),
        (StatusHosts::Epay, vec!["rc-epay.esewa.com.np", "127.0.0.1"]),
        (StatusHosts::Main, vec!["rc.esewa.com.np", "127.0.0.1"]),
    ] {
        let world = assuming(|quirks| quirks.status_hosts = hosts).await;
        for host in ["rc-epay.esewa.com.np", "rc.esewa.com.np", "127.0.0.1"] {
            let answer = world.browser.get(world.at(asked)).header("host", host).send().await.unwrap();
            let expected = if answering.contains(&host) { 200 } else { 404 };
            assert_eq!(answer.status(), expected, "{hosts:?}: {host}");
        }
    }
}

#[tokio::test]
async fn the_client_finds_the_status_host_that_answers() {
    for hosts in [StatusHosts::All, StatusHosts::Epay, StatusHosts::Main] {
        let world = assuming(|quirks| quirks.status_hosts = hosts).await;
        let order = world.book("a", "100").await;
        world.pay("a", "complete").await;
        let named = async |host: &'static str| {
            let origin = world
                .served_with(move |headers| {
                    headers.insert("host", HeaderValue::from_static(host));
                })
                .await;
            Environment::sandbox(&origin).into_endpoints()
        };
        let (epay, main) = (named("rc-epay.esewa.com.np").await, named("rc.esewa.com.np").await);
        let endpoints =
            Endpoints { status_urls: [epay.status_urls, main.status_urls].concat(), form_url: epay.form_url };
        let environment = Environment::Custom(endpoints);
        let merchant = Merchant::new(environment, ProductCode::test(), SecretKey::test()).unwrap();
        let client = Client::builder(merchant).backoff_ms(1).build().unwrap();
        let answer = client.confirm(&order).await;
        assert!(matches!(answer, Ok(Confirmation::Paid(_))), "{hosts:?}: {answer:?}");
    }
}

#[tokio::test]
async fn a_booking_lives_as_long_as_is_assumed() {
    let world = assuming(|quirks| quirks.booking_minutes = 5).await;
    let order = world.book("a", "100").await;
    world.control("/_sandbox/clock", json!({ "advance_s": 299 })).await;
    assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::Pending);
    world.control("/_sandbox/clock", json!({ "advance_s": 2 })).await;
    assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::NotFound);
}

#[tokio::test]
async fn the_payment_page_can_be_named_with_its_host() {
    let world = assuming(|quirks| quirks.absolute_location = true).await;
    let location = world.post(FORM, &world.fields("a", "100")).await.location.unwrap();
    assert!(location.starts_with(world.at("/epay?bookingId=").as_str()), "{location}");
    assert_eq!(world.get(&location).await.http_status, 200);
}

#[tokio::test]
async fn a_cancelled_payment_can_stay_pending() {
    for (told, status) in [(true, Status::Canceled), (false, Status::Pending)] {
        let world = assuming(|quirks| quirks.cancel_is_told = told).await;
        let order = world.book("a", "100").await;
        let list: Value = serde_json::from_str(&world.get("/_sandbox/payments").await.text).unwrap();
        let id = list["payments"][0]["booking_id"].as_str().unwrap();
        assert_eq!(world.post("/epay/cancel", &[("bookingId", id)]).await.http_status, 302);
        assert_eq!(world.client.status(&order).await.unwrap().status(), &status);
    }
}

#[cfg(feature = "intent")]
#[tokio::test]
async fn intent_refuses_under_the_http_status_that_is_assumed() {
    for http_status in [400, 200] {
        let world = assuming(|quirks| quirks.intent_refusal_http_status = http_status).await;
        let (answered, answer) = world.control("/api/client/intent/payment/book", json!({})).await;
        assert_eq!((answered, &answer["code"]), (http_status, &json!("IP-400")));
    }
}
