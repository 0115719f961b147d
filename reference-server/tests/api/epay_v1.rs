//! The whole way over ePay v1, for a merchant that still has it: the contract is the same, the form and the way back
//! are not.

use reference_server::config::EsewaApi;
use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn v1_opens_a_room_and_keeps_it_open_after_the_move_to_v2() {
    let server = TestServer::start_with(EsewaApi::V1).await;
    let (_, room) = server.room().await;
    let (mut client, other) = (server.client().await, server.client().await);
    let intent = client.start_payment(&room).await;
    let form = &intent["esewa"];
    assert!(form["url"].as_str().expect("a URL").ends_with("/epay/main"), "{form}");
    assert_eq!((&form["fields"]["tAmt"], &form["fields"]["scd"]), (&json!("30"), &json!("EPAYTEST")));
    assert_eq!(form["fields"]["pid"], intent["transaction_id"]);
    assert_eq!(form["fields"]["su"], server.url("/esewa-success/"));

    let back = server.payer().pay(&intent).await;
    assert!(back.contains("/esewa-success/?oid="), "{back}");
    assert_eq!(client.contact_status(&room).await, 402, "paid is not yet verified");
    let (status, location) = client.follow(&back).await;
    assert_eq!((status.as_u16(), location), (303, format!("/rooms/{room}/?payment=success")));
    assert_eq!(client.contact_status(&room).await, 200);
    assert_eq!(other.contact_status(&room).await, 402);
    let (status, payment) = client.follow_as_program(&back).await;
    assert_eq!((status.as_u16(), &payment["status"]), (200, &json!("success")));
    assert!(back.ends_with(payment["esewa_ref_id"].as_str().expect("a reference")), "{back} {payment}");

    // A payment that was begun before the move is followed by the version that it was begun with.
    let (_, second) = server.room().await;
    let begun = client.start_payment(&second).await;
    let late = server.payer().pay(&begun).await;
    server.payer().fault("transrec", "outage", 9).await;
    assert_eq!(client.follow_as_program(&late).await.1["status"], "pending");
    assert_eq!(client.contact_status(&second).await, 409, "it may have been paid");
    let server = server.restart_with(EsewaApi::V2).await;
    client.move_to(&server.url(""));
    assert_eq!(client.contact_status(&room).await, 200, "the grant is on disk");
    assert_eq!(client.contact_status(&second).await, 409);
    let (_, third) = server.room().await;
    let signed = client.start_payment(&third).await;
    assert!(signed["esewa"]["fields"]["signature"].is_string(), "{signed}");
}

#[tokio::test]
async fn made_up_redirects_of_v1_open_nothing() {
    let server = TestServer::start_with(EsewaApi::V1).await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let intent = client.start_payment(&room).await;
    let id = intent["transaction_id"].as_str().expect("an id");
    server.payer().post_form(&intent).await;
    let made_up = server.url(&format!("/esewa-success/?oid={id}&amt=30.0&refId=0000000"));
    let (status, payment) = client.follow_as_program(&made_up).await;
    assert_eq!((status.as_u16(), &payment["status"]), (200, &json!("pending")));
    assert_eq!(client.contact_status(&room).await, 402);
    for query in
        ["oid=1&amt=30&refId=X", "oid=&amt=30&refId=X", "amt=30&refId=X", "oid=1&oid=2&amt=1&refId=X"]
    {
        let (status, problem) =
            client.follow_as_program(&server.url(&format!("/esewa-success/?{query}"))).await;
        assert_eq!((status.as_u16(), &problem["code"]), (400, &json!("invalid_callback")), "{query}");
    }
    let back = server.payer().end(&intent, "complete").await;
    assert_eq!(client.follow_as_program(&back).await.1["status"], "success");
    assert_eq!(client.contact_status(&room).await, 200);
}

#[tokio::test]
async fn a_cancelled_payment_of_v1_can_be_made_after_all() {
    let server = TestServer::start_with(EsewaApi::V1).await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let intent = client.start_payment(&room).await;
    server.payer().post_form(&intent).await;
    let back = server.payer().end(&intent, "cancel").await;
    assert!(back.contains("/esewa-failure/?transaction_id="), "{back}");
    let (status, payment) = client.follow_as_program(&back).await;
    assert_eq!((status.as_u16(), &payment["status"]), (200, &json!("pending")));
    let (status, again) = client.post("/create-payment-intent/", &json!({ "room_id": room })).await;
    assert_eq!((status.as_u16(), &again["transaction_id"]), (200, &intent["transaction_id"]));
}
