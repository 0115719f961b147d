//! While nobody knows whether a payment was made, nobody is asked to pay again.

use serde_json::json;

use crate::support::Scene;

/// More than the client asks within one look.
const ATTEMPTS_MAX: u32 = 6;

#[tokio::test]
async fn pending_payment_is_neither_offered_again_nor_failed() {
    let Scene { server, client, room, intent } = Scene::start().await;
    let payer = server.payer();
    payer.post_form(&intent).await;
    let back = payer.end(&intent, "pending").await;
    let (status, location) = client.follow(&back).await;
    assert_eq!((status.as_u16(), location), (303, format!("/rooms/{room}/?payment=pending")));

    let gate = client.request("GET", &format!("/api/rooms/{room}/contact/")).send().await.expect("answer");
    assert_eq!(gate.status(), 409);
    assert!(gate.headers().contains_key("retry-after"));
    let problem = crate::support::json_of(gate).await;
    assert_eq!(problem["code"], "payment_in_progress");
    assert!(problem.get("checkout").is_none() && problem.get("amount").is_none(), "no offer: {problem}");
    let (status, problem) = client.post("/create-payment-intent/", &json!({ "room_id": room })).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("payment_in_progress")));

    payer.end(&intent, "complete").await;
    let hint = json!({ "transaction_id": intent["transaction_id"] });
    let (_, answer) = server.visitor().post("/esewa-webhook/", &hint).await;
    assert_eq!(answer["status"], "success");
    assert_eq!(client.contact_status(&room).await, 200);
}

#[tokio::test]
async fn payment_that_can_not_be_asked_about_is_kept_open() {
    let Scene { server, client, room, intent } = Scene::start().await;
    let payer = server.payer();
    let back = payer.pay(&intent).await;
    payer.fault("status", "outage", ATTEMPTS_MAX).await;
    let (_, payment) = client.follow_as_program(&back).await;
    assert_eq!(payment["status"], "pending", "not failed");
    let (status, problem) = client.post("/create-payment-intent/", &json!({ "room_id": room })).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("payment_in_progress")));
    let mut payment = payment;
    for _ in 0..ATTEMPTS_MAX {
        (_, payment) = client.follow_as_program(&back).await;
    }
    assert_eq!(payment["status"], "success");
    assert_eq!(client.contact_status(&room).await, 200);
}

#[tokio::test]
async fn ambiguous_answer_is_waited_for() {
    let Scene { server, client, room, intent } = Scene::start().await;
    let payer = server.payer();
    payer.post_form(&intent).await;
    let back = payer.end(&intent, "ambiguous").await;
    client.follow(&back).await;
    assert_eq!(client.contact_status(&room).await, 409);
}
