//! The client against a server that misbehaves in every way that eSewa does.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail the test")]

mod hosts;
#[cfg(feature = "mobile")]
mod mobile;
mod settle;

use std::time::{Duration, Instant};

use esewa_client::{
    Client, ClientBuildError, Confirmation, Endpoints, Environment, Merchant, Order, ProductCode,
    RequestError, SecretKey, Status, TransactionUuid,
};
use mockito::{Matcher, Server, ServerGuard};

const STATUS_PATH: &str = "/api/epay/transaction/status/";
const PAID: &str = r#"{"product_code":"EPAYTEST","transaction_uuid":"123","total_amount":100.0,"status":"COMPLETE","ref_id":"00066XV"}"#;
const OUTAGE: &str = r#"{"code":0,"error_message":"Service is currently unavailable"}"#;

fn order() -> Order {
    Order { transaction_uuid: TransactionUuid::new("123").unwrap(), total_amount: "100".parse().unwrap() }
}

fn client_of(servers: &[&ServerGuard]) -> Client {
    let urls =
        servers.iter().map(|server| format!("{}{STATUS_PATH}", server.url()).parse().unwrap()).collect();
    let environment = Environment::Custom(Endpoints {
        form_url: "http://127.0.0.1/form".parse().unwrap(),
        status_urls: urls,
    });
    let merchant = Merchant::new(environment, ProductCode::test(), SecretKey::test()).unwrap();
    Client::builder(merchant).backoff_ms(1).attempts_max(3).timeout_ms(5_000).build().unwrap()
}

/// Asks a server that always gives this answer, and counts how often it was asked.
async fn ask(http_status: usize, body: &str, times: usize) -> Result<Confirmation, RequestError> {
    let mut server = Server::new_async().await;
    let mock = server
        .mock("GET", STATUS_PATH)
        .match_query(Matcher::Any)
        .with_status(http_status)
        .with_body(body)
        .expect(times)
        .create_async()
        .await;
    let result = client_of(&[&server]).confirm(&order()).await;
    mock.assert_async().await;
    result
}

#[tokio::test]
async fn the_question_carries_the_text_of_the_form() {
    let mut server = Server::new_async().await;
    let mock = server
        .mock("GET", STATUS_PATH)
        .match_query(Matcher::Exact("product_code=EPAYTEST&total_amount=100&transaction_uuid=123".to_owned()))
        .match_header("user-agent", Matcher::Regex("^esewa-client/".to_owned()))
        .with_body(PAID)
        .create_async()
        .await;
    let Ok(Confirmation::Paid(payment)) = client_of(&[&server]).confirm(&order()).await else {
        panic!("not paid")
    };
    assert_eq!(payment.reference().as_str(), "00066XV");
    mock.assert_async().await;
}

#[tokio::test]
async fn the_body_decides_over_the_http_status() {
    let not_found = r#"{"product_code":"EPAYTEST","transaction_uuid":"123","total_amount":100.0,"status":"NOT_FOUND","ref_id":null}"#;
    let Ok(Confirmation::Other(report)) = ask(404, not_found, 1).await else { panic!() };
    assert_eq!(report.status(), &Status::NotFound);
    assert!(matches!(ask(200, OUTAGE, 3).await, Err(RequestError::Outage)));
    assert!(matches!(ask(409, OUTAGE, 3).await, Err(RequestError::Outage)));
}

#[tokio::test]
async fn an_unknown_word_is_kept_and_never_paid() {
    let Ok(Confirmation::Other(report)) = ask(200, &PAID.replace("COMPLETE", "ON_HOLD"), 1).await else {
        panic!()
    };
    assert_eq!(report.status(), &Status::Other("ON_HOLD".to_owned()));
}

#[tokio::test]
async fn another_amount_is_a_mismatch() {
    let answer = ask(200, &PAID.replace("100.0", "1.0"), 1).await;
    assert!(matches!(answer, Ok(Confirmation::Mismatch(_))), "{answer:?}");
}

#[tokio::test]
async fn pages_are_told_apart_and_tried_again() {
    for (http_status, times) in [(502, 3), (504, 3), (200, 3), (404, 1)] {
        let answer = ask(http_status, "<html><body>Bad gateway</body></html>", times).await;
        let Err(RequestError::UnexpectedHtml { http_status: seen }) = answer else { panic!("{answer:?}") };
        assert_eq!(usize::from(seen), http_status);
    }
}

#[tokio::test]
async fn a_refusal_is_not_repeated() {
    let answer = ask(403, "<html>Forbidden</html>", 1).await;
    assert!(matches!(answer, Err(RequestError::Refused { http_status: 403, code: None })), "{answer:?}");
    let answer = ask(400, r#"{"code":"ES000","message":"Something else."}"#, 1).await;
    let Err(RequestError::Refused { http_status: 400, code: Some(code) }) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(code, "ES000");
}

#[tokio::test]
async fn a_wrong_signature_and_an_unknown_merchant_are_told_apart_and_not_repeated() {
    for http_status in [200, 400] {
        let answer = ask(http_status, r#"{"code":"ES104","message":"Invalid payload signature."}"#, 1).await;
        assert!(matches!(answer, Err(RequestError::InvalidSignature)), "{answer:?}");
        let unknown = r#"{"error_message":"Unable to fetch merchant key. Please try again later.","code":0}"#;
        let answer = ask(http_status, unknown, 1).await;
        assert!(matches!(answer, Err(RequestError::UnknownMerchant)), "{answer:?}");
    }
}

#[tokio::test]
async fn the_error_body_of_a_web_framework_is_no_state() {
    let body =
        r#"{"timestamp":"2026-07-16T10:00:00Z","status":500,"error":"Internal Server Error","path":"/"}"#;
    let answer = ask(500, body, 3).await;
    assert!(matches!(answer, Err(RequestError::Malformed(_))), "{answer:?}");
}

#[tokio::test]
async fn garbage_is_tried_again_and_named() {
    for body in ["", "OK", &PAID[..40], "{\"status\":"] {
        assert!(matches!(ask(200, body, 3).await, Err(RequestError::Malformed(_))), "{body}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let mut server = Server::new_async().await;
    let elsewhere = server.mock("GET", "/elsewhere").with_body(PAID).expect(0).create_async().await;
    let first = server
        .mock("GET", STATUS_PATH)
        .match_query(Matcher::Any)
        .with_status(302)
        .with_header("location", "/elsewhere")
        .with_body(PAID)
        .expect(1)
        .create_async()
        .await;
    let answer = client_of(&[&server]).confirm(&order()).await;
    assert!(matches!(answer, Err(RequestError::Refused { http_status: 302, .. })), "{answer:?}");
    first.assert_async().await;
    elsewhere.assert_async().await;
}

#[tokio::test]
async fn a_body_over_the_bound_is_refused() {
    let long = PAID.replace('}', &format!("{}}}", " ".repeat(16 * 1024)));
    let answer = ask(200, &long, 1).await;
    assert!(matches!(answer, Err(RequestError::TooLarge { body_bytes_max: 16_384 })), "{answer:?}");
}

#[tokio::test]
async fn a_stream_over_the_bound_is_refused_too() {
    let mut server = Server::new_async().await;
    let body = |writer: &mut dyn std::io::Write| (0..40).try_for_each(|_| writer.write_all(&[b' '; 1024]));
    let mock = server.mock("GET", STATUS_PATH).match_query(Matcher::Any).with_chunked_body(body);
    let mock = mock.expect(1).create_async().await;
    let answer = client_of(&[&server]).confirm(&order()).await;
    assert!(matches!(answer, Err(RequestError::TooLarge { .. })), "{answer:?}");
    mock.assert_async().await;
}

#[tokio::test]
async fn a_cut_body_is_a_transport_error() {
    let mut server = Server::new_async().await;
    let mock = server.mock("GET", STATUS_PATH).match_query(Matcher::Any).with_header("content-length", "500");
    let mock = mock.with_body(PAID).expect(3).create_async().await;
    let answer = client_of(&[&server]).confirm(&order()).await;
    assert!(matches!(answer, Err(RequestError::Transport(_))), "{answer:?}");
    mock.assert_async().await;
}

#[tokio::test]
async fn an_outage_that_ends_is_survived() {
    let mut server = Server::new_async().await;
    let path = |server: &mut ServerGuard| server.mock("GET", STATUS_PATH).match_query(Matcher::Any);
    let down = path(&mut server).with_status(409).with_body(OUTAGE).expect(2).create_async().await;
    let up = path(&mut server).with_body(PAID).expect(1).create_async().await;
    let answer = client_of(&[&server]).confirm(&order()).await;
    assert!(matches!(answer, Ok(Confirmation::Paid(_))), "{answer:?}");
    down.assert_async().await;
    up.assert_async().await;
}

/// A listener that takes connections and never answers.
async fn silent_url() -> (tokio::net::TcpListener, url::Url) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}{STATUS_PATH}", listener.local_addr().unwrap()).parse().unwrap();
    (listener, url)
}

fn merchant_at(status_urls: Vec<url::Url>) -> Merchant {
    let form_url = "http://127.0.0.1/form".parse().unwrap();
    let environment = Environment::Custom(Endpoints { form_url, status_urls });
    Merchant::new(environment, ProductCode::test(), SecretKey::test()).unwrap()
}

#[tokio::test]
async fn the_whole_call_has_its_own_timeout() {
    let (_listener, silent) = silent_url().await;
    let client = Client::builder(merchant_at(vec![silent]));
    let client = client.timeout_ms(200).attempt_timeout_ms(5_000).attempts_max(10).build().unwrap();
    let started = Instant::now();
    assert!(matches!(client.confirm(&order()).await, Err(RequestError::Timeout)));
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_host_that_is_not_there_is_a_transport_error() {
    let (listener, url) = silent_url().await;
    drop(listener);
    let client = Client::builder(merchant_at(vec![url])).backoff_ms(1).build().unwrap();
    let error = client.confirm(&order()).await.unwrap_err();
    assert!(matches!(error, RequestError::Transport(_)), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("transaction_uuid"), "errors repeat no address");
}

#[test]
fn senseless_bounds_are_refused() {
    let builder = || Client::builder(Merchant::test());
    assert!(matches!(builder().timeout_ms(0).build(), Err(ClientBuildError::Zero("timeout_ms"))));
    assert!(matches!(builder().body_bytes_max(0).build(), Err(ClientBuildError::Zero("body_bytes_max"))));
    assert!(matches!(builder().attempts_max(0).build(), Err(ClientBuildError::Zero("attempts_max"))));
    assert!(matches!(builder().attempts_max(11).build(), Err(ClientBuildError::TooManyAttempts)));
    assert!(builder().attempts_max(10).build().is_ok());
}
