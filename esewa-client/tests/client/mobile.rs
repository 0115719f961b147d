//! The mobile verification: an error is never "no such payment".

use esewa_client::mobile::{MobileConfirmation, MobileMerchant, MobileQuery};
use esewa_client::{Client, Merchant, RequestError};
use mockito::{Matcher, Server};

use crate::order;

async fn ask(http_status: usize, body: &str, times: usize) -> Result<MobileConfirmation, RequestError> {
    let mut server = Server::new_async().await;
    let mock = server.mock("GET", "/mobile/transaction").match_query(Matcher::Any);
    let mock = mock.with_status(http_status).with_body(body).expect(times).create_async().await;
    let client = Client::builder(Merchant::test()).backoff_ms(1).build().unwrap();
    let merchant = MobileMerchant::sandbox(&server.url().parse().unwrap());
    let result = client.confirm_mobile(&merchant, &order(), MobileQuery::Order(&order())).await;
    mock.assert_async().await;
    result
}

#[tokio::test]
async fn only_under_a_good_status_is_a_message_an_unknown_payment() {
    let unknown = r#"{"error_message":"Transaction not found"}"#;
    assert!(matches!(ask(200, unknown, 1).await, Ok(MobileConfirmation::NotFound)));
    for (http_status, body, times) in [
        (401, r#"{"code":"01","errorMessage":"Invalid merchant credentials."}"#, 1),
        (400, r#"{"message":"Bad request"}"#, 1),
        (404, "[]", 1),
        (500, r#"{"timestamp":"2026-07-16","status":500,"error":"Internal Server Error","path":"/"}"#, 3),
        (503, r#"{"message":"Try again later"}"#, 3),
    ] {
        let answer = ask(http_status, body, times).await;
        let Err(RequestError::Refused { http_status: seen, code: None }) = answer else {
            panic!("{http_status}: {answer:?}")
        };
        assert_eq!(usize::from(seen), http_status);
    }
}
