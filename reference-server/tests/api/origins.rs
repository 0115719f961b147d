//! What a page of another site may make a browser do: nothing.

use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn unsafe_methods_from_another_site_are_refused() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let body = json!({ "room_id": room });
    for (header, value) in
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")]
    {
        let request = client.request("POST", "/create-payment-intent/").header(header, value).json(&body);
        let (status, problem) = crate::support::read(request).await;
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("cross_origin")), "{header}: {value}");
    }
    assert_eq!(client.get("/api/payments/").await.1["payments"], json!([]));
}

#[tokio::test]
async fn own_and_trusted_origins_and_programs_pass() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let body = json!({ "room_id": room });
    let own = server.url("");
    for origin in [None, Some(own.as_str()), Some("https://partner.example")] {
        let mut request = client.request("POST", "/create-payment-intent/").json(&body);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        assert!(request.send().await.expect("answer").status().is_success(), "{origin:?}");
    }
}

#[tokio::test]
async fn webhook_needs_neither_session_nor_origin() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let intent = server.client().await.start_payment(&room).await;
    let body = json!({ "transaction_id": intent["transaction_id"] });
    let request =
        server.visitor().request("POST", "/esewa-webhook/").header("origin", "https://esewa.com.np");
    assert_eq!(request.json(&body).send().await.expect("answer").status(), 200);
}

#[tokio::test]
async fn sockets_from_another_site_are_refused() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let refused = client.socket_from("/ws/payment/", Some("https://evil.example")).await.err();
    assert_eq!(refused, Some(403.try_into().expect("status")));
    assert!(client.socket_from("/ws/payment/", Some("https://partner.example")).await.is_ok());
}

#[tokio::test]
async fn foreign_name_for_our_address_is_a_foreign_origin() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let request = client.request("POST", "/api/logout/").header("host", "evil.example");
    let (status, problem) = crate::support::read(request.header("origin", "http://evil.example")).await;
    assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("cross_origin")));
}
