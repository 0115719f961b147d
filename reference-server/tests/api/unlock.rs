//! The way from a locked room to its contact details: one payment, verified, for one client.

use serde_json::json;

use crate::support::{Scene, TestServer, close_code, next_frame};

#[tokio::test]
async fn locked_room_says_what_it_costs_and_how_to_pay() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let answer = client.request("GET", &format!("/api/rooms/{room}/contact/")).send().await.expect("answer");
    assert_eq!(answer.status(), 402);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let challenges = answer.headers().get_all("www-authenticate").iter();
    let challenges: Vec<_> = challenges.map(|value| value.to_str().expect("text").to_owned()).collect();
    assert_eq!(answer.headers()["link"], "</create-payment-intent/>; rel=\"payment\"");
    let mut problem = crate::support::json_of(answer).await;
    let accepts = problem["accepts"].take();
    assert_eq!(json!(challenges), json!([accepts[0]["extra"]["challenge"]]));
    assert!(challenges[0].contains(problem["challengeId"].take().as_str().expect("an id")));
    assert_eq!(
        (&accepts[0]["network"], &accepts[0]["amount"], &accepts[0]["payTo"], &accepts[0]["start"]["href"]),
        (&json!("esewa:np"), &json!("3000"), &json!("EPAYTEST"), &json!("/create-payment-intent/"))
    );
    let expected = json!({
        "accepts": null, "challengeId": null, "grant": { "permanent": true },
        "type": "urn:kotha:problem:payment_required", "title": "Payment required", "status": 402,
        "detail": "Unlock this room first: pay once with eSewa.", "code": "payment_required",
        "resource": format!("room:{room}"), "amount": "30.00", "currency": "NPR", "provider": "esewa",
        "checkout": { "method": "POST", "url": "/create-payment-intent/", "body": { "room_id": room } },
    });
    assert_eq!(problem, expected);
}

#[tokio::test]
async fn gate_tells_apart_who_may_not_pay() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    assert_eq!(server.visitor().contact_status(&room).await, 401);
    assert_eq!(server.owner().await.contact_status(&room).await, 403);
    assert_eq!(owner.contact_status(&room).await, 200, "it is the owner's own");
    let client = server.client().await;
    assert_eq!(client.contact_status("00000000-0000-0000-0000-000000000000").await, 404);
    assert_eq!(client.contact_status("nonsense").await, 404);
}

#[tokio::test]
async fn intent_is_a_signed_form_and_a_code_to_scan() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let intent = server.client().await.start_payment(&room).await;
    let id = intent["transaction_id"].as_str().expect("an id");
    assert_eq!((&intent["amount"], &intent["currency"]), (&json!("30.00"), &json!("NPR")));
    assert_eq!((&intent["status"], &intent["room_id"]), (&json!("pending"), &json!(room)));
    assert_eq!(intent["checkout_url"], server.url(&format!("/pay/{id}/")));
    assert!(intent["qr_svg"].as_str().expect("svg").starts_with("<svg"));
    let fields = &intent["esewa"]["fields"];
    assert_eq!((&fields["total_amount"], &fields["product_code"]), (&json!("30"), &json!("EPAYTEST")));
    assert_eq!(fields["transaction_uuid"], id);
    assert_eq!(fields["signed_field_names"], "total_amount,transaction_uuid,product_code");
    assert_eq!(fields["success_url"], server.url("/esewa-success/"));
}

#[tokio::test]
async fn started_payment_is_offered_again_not_doubled() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let client = server.client().await;
    let first = client.start_payment(&room).await;
    let (status, second) = client.post("/create-payment-intent/", &json!({ "room_id": room })).await;
    assert_eq!(status, 200);
    assert_eq!(second, first);
    let (_, listed) = client.get("/api/payments/").await;
    assert_eq!(listed["payments"].as_array().expect("list").len(), 1);
}

#[tokio::test]
async fn paid_room_opens_for_its_payer_alone_and_stays_open() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let (client, other) = (server.client().await, server.client().await);
    let intent = client.start_payment(&room).await;
    let back = server.payer().pay(&intent).await;
    assert_eq!(client.contact_status(&room).await, 402, "paid is not yet verified");
    let (status, location) = client.follow(&back).await;
    assert_eq!((status.as_u16(), location), (303, format!("/rooms/{room}/?payment=success")));

    let (status, contact) = client.get(&format!("/api/rooms/{room}/contact/")).await;
    let expected =
        json!({ "name": "Sarita Maharjan", "phone": "9811111111", "address": "Shankhamul marg 45" });
    assert_eq!((status.as_u16(), contact), (200, expected));
    assert_eq!(client.get(&format!("/api/rooms/{room}/")).await.1["unlocked"], true);
    assert_eq!(other.contact_status(&room).await, 402);
    assert_eq!(other.get(&format!("/api/rooms/{room}/")).await.1["unlocked"], false);

    let (status, problem) = client.post("/create-payment-intent/", &json!({ "room_id": room })).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("already_unlocked")));
    let mut client = client;
    let server = server.restart().await;
    client.move_to(&server.url(""));
    assert_eq!(client.contact_status(&room).await, 200, "the grant is on disk");
}

#[tokio::test]
async fn same_callback_again_is_harmless() {
    let Scene { server, client, room, intent } = Scene::start().await;
    let back = server.payer().pay(&intent).await;
    let (_, first) = client.follow_as_program(&back).await;
    assert_eq!((&first["status"], &first["room_id"]), (&json!("success"), &json!(room)));
    assert!(first["esewa_ref_id"].is_string() && first["paid_at"].is_string(), "{first}");
    let again = futures_util::future::join_all((0..8).map(|_| client.follow_as_program(&back))).await;
    for (status, payment) in again {
        assert_eq!((status.as_u16(), &payment), (200, &first));
    }
    let (_, listed) = client.get("/api/payments/").await;
    assert_eq!(listed["payments"], json!([first]));
}

#[tokio::test]
async fn payment_is_its_payers_own_secret() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let (client, other) = (server.client().await, server.client().await);
    let intent = client.start_payment(&room).await;
    let path = format!("/api/payments/{}/", intent["transaction_id"].as_str().expect("an id"));
    assert_eq!(client.get(&path).await.0, 200);
    assert_eq!(other.get(&path).await.0, 404);
    assert_eq!(server.visitor().get(&path).await.0, 401);
    assert_eq!(other.get("/api/payments/").await.1["payments"], json!([]));
}

#[tokio::test]
async fn phone_that_paid_for_another_device_opens_nothing_itself() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let (client, other) = (server.client().await, server.client().await);
    let intent = client.start_payment(&room).await;
    let back = server.payer().pay(&intent).await;
    let (status, _) = other.follow(&back).await;
    assert_eq!(status, 303);
    assert_eq!(other.contact_status(&room).await, 402, "who opens the callback gains nothing");
    let phone = server.visitor();
    let (_, page) = phone.follow(&back).await;
    let said = phone.request("GET", &page).send().await.expect("answer").text().await.expect("text");
    assert!(
        said.contains("Payment received") && !said.contains("9811111111"),
        "the phone is told, and shown nothing"
    );
    let crafted =
        server.visitor().request("GET", &page).send().await.expect("answer").text().await.expect("text");
    assert!(!crafted.contains("Payment received"), "an address alone proves nothing");
    assert_eq!(client.contact_status(&room).await, 200, "the grant is the payer's");
}

#[tokio::test]
async fn waiting_page_hears_of_the_payment() {
    let server = TestServer::start().await;
    let (_, room) = server.room().await;
    let (client, other) = (server.client().await, server.client().await);
    let mut socket = client.socket("/ws/payment/").await.expect("upgraded");
    let mut others = other.socket("/ws/payment/").await.expect("upgraded");
    let intent = client.start_payment(&room).await;
    let opened = next_frame(&mut socket).await;
    assert_eq!((&opened["type"], &opened["payment"]["status"]), (&json!("payment"), &json!("pending")));
    let back = server.payer().pay(&intent).await;
    server.visitor().follow(&back).await;
    let paid = loop {
        let frame = next_frame(&mut socket).await;
        if frame["payment"]["status"] == "success" {
            break frame;
        }
    };
    assert_eq!(paid["payment"]["transaction_id"], intent["transaction_id"]);
    other.start_payment(&room).await;
    let theirs = next_frame(&mut others).await;
    assert_ne!(theirs["payment"]["transaction_id"], intent["transaction_id"], "not another's payment");
    assert_eq!(server.visitor().socket("/ws/payment/").await.err(), Some(401.try_into().expect("status")));
}

#[tokio::test]
async fn webhook_believes_nothing_and_asks() {
    let Scene { server, client, room, intent } = Scene::start().await;
    let hint = json!({ "transaction_id": intent["transaction_id"], "status": "COMPLETE" });
    let anyone = server.visitor();
    let (status, answer) = anyone.post("/esewa-webhook/", &hint).await;
    assert_eq!((status.as_u16(), &answer["status"]), (200, &json!("pending")));
    assert_eq!(client.contact_status(&room).await, 402);
    server.payer().pay(&intent).await;
    let (_, answer) = anyone.post("/esewa-webhook/", &hint).await;
    assert_eq!(answer, json!({ "transaction_id": intent["transaction_id"], "status": "success" }));
    assert_eq!(client.contact_status(&room).await, 200, "found without a callback");
    let (status, _) = anyone.post("/esewa-webhook/", &json!({ "transaction_id": "not-one-of-ours" })).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn canceled_payment_is_failed_and_may_be_tried_anew() {
    let Scene { server, client, room, intent } = Scene::start().await;
    let payer = server.payer();
    payer.post_form(&intent).await;
    let back = payer.end(&intent, "cancel").await;
    assert!(back.contains("/esewa-failure/?transaction_id="), "{back}");
    let (status, location) = client.follow(&back).await;
    assert_eq!((status.as_u16(), location), (303, format!("/rooms/{room}/?payment=failed")));
    assert_eq!(client.contact_status(&room).await, 402);
    let again = client.start_payment(&room).await;
    assert_ne!(again["transaction_id"], intent["transaction_id"]);
}

#[tokio::test]
async fn payer_who_closed_the_tab_may_post_the_form_again() {
    let Scene { server, client, room, intent } = Scene::start().await;
    let payer = server.payer();
    payer.post_form(&intent).await;
    let back = payer.pay(&intent).await;
    client.follow(&back).await;
    assert_eq!(client.contact_status(&room).await, 200);
}

#[tokio::test]
async fn failure_address_proves_no_failure() {
    let Scene { server, client, room, intent } = Scene::start().await;
    server.payer().pay(&intent).await;
    let failure =
        format!("/esewa-failure/?transaction_id={}", intent["transaction_id"].as_str().expect("id"));
    let (_, location) = client.follow(&server.url(&failure)).await;
    assert_eq!(location, format!("/rooms/{room}/?payment=success"), "eSewa was asked, and knew better");
    assert_eq!(client.contact_status(&room).await, 200);
}

#[tokio::test]
async fn owners_and_visitors_start_no_payment() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let body = json!({ "room_id": room });
    assert_eq!(owner.post("/create-payment-intent/", &body).await.0, 403);
    assert_eq!(server.visitor().post("/create-payment-intent/", &body).await.0, 401);
    let client = server.client().await;
    let nothing = json!({ "room_id": "00000000-0000-0000-0000-000000000000" });
    assert_eq!(client.post("/create-payment-intent/", &nothing).await.0, 404);
}

#[tokio::test]
async fn room_that_was_taken_down_stays_open_to_who_paid() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let (client, other) = (server.client().await, server.client().await);
    let intent = client.start_payment(&room).await;
    let back = server.payer().pay(&intent).await;
    client.follow(&back).await;
    owner.request("DELETE", &format!("/api/rooms/{room}/")).send().await.expect("answer");
    assert_eq!(client.contact_status(&room).await, 200);
    assert_eq!(other.contact_status(&room).await, 404, "for sale to nobody");
    assert_eq!(other.post("/create-payment-intent/", &json!({ "room_id": room })).await.0, 404);
}

#[tokio::test]
async fn payments_after_a_restart_are_as_good_as_those_before() {
    let Scene { server, mut client, room, intent } = Scene::start().await;
    let back = server.payer().pay(&intent).await;
    client.follow(&back).await;
    assert_eq!(client.contact_status(&room).await, 200);
    let server = server.restart().await;
    client.move_to(&server.url(""));
    let (_, room) = server.room().await;
    let intent = client.start_payment(&room).await;
    let back = server.payer().pay(&intent).await;
    client.follow(&back).await;
    assert_eq!(client.contact_status(&room).await, 200, "the emulator gives no reference twice");
}

#[tokio::test]
async fn payer_who_hangs_up_while_esewa_is_asked_is_not_forgotten() {
    let Scene { server, client, room, intent } = Scene::start().await;
    let payer = server.payer();
    let back = payer.pay(&intent).await;
    let mut socket = client.socket("/ws/payment/").await.expect("upgraded");
    payer.slow_status_ms(700).await;
    assert!(client.hang_up_after_ms(&back, 150).await, "the answer was not waited for");
    // That he came back is told first.
    while next_frame(&mut socket).await["payment"]["status"] != "success" {}
    assert_eq!(client.contact_status(&room).await, 200);
}

#[tokio::test]
async fn waiting_page_ends_with_its_session() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let mut socket = client.socket("/ws/payment/").await.expect("upgraded");
    assert_eq!(client.post("/api/logout/", &json!({})).await.0, 204);
    assert_eq!(close_code(&mut socket).await, 4401);
}

#[tokio::test]
async fn unlocked_room_is_among_the_chats_before_the_first_word() {
    let Scene { server, client, room, intent } = Scene::start().await;
    let mut socket = client.socket("/ws/payment/").await.expect("upgraded");
    let back = server.payer().pay(&intent).await;
    client.follow(&back).await;
    while next_frame(&mut socket).await["payment"]["status"] != "success" {}
    let (_, body) = client.get("/api/conversations/").await;
    assert_eq!(body["conversations"][0]["room_id"], json!(room), "{body}");
}

#[tokio::test]
async fn room_that_was_taken_down_is_offered_no_more() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let client = server.client().await;
    let intent = client.start_payment(&room).await;
    owner.request("DELETE", &format!("/api/rooms/{room}/")).send().await.expect("answer");
    let id = intent["transaction_id"].as_str().expect("an id");
    for path in [format!("/pay/{id}/"), format!("/payments/{id}/")] {
        let page = client.request("GET", &path).send().await.expect("answer").text().await.expect("text");
        assert!(!page.contains("signed_field_names"), "{path} still has the form");
    }
}
