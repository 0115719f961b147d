//! Sessions, password and deletion of one's own account.

use reqwest::StatusCode;
use serde_json::{Value, json};

use reference_server::payments::undelivered;

use crate::support::{Person, Scene, TestServer, close_code, list_room, listing, next_frame};

const PASSWORD: &str = "correct horse";

/// The same person in another browser.
async fn again(server: &TestServer, person: &Person, password: &str) -> (StatusCode, Person) {
    let other = server.visitor();
    let body = json!({ "phone": person.phone, "password": password });
    let status = other.post("/api/login/", &body).await.0;
    (status, other)
}

async fn sessions(person: &Person) -> Vec<Value> {
    let (status, body) = person.get("/api/sessions/").await;
    assert_eq!(status, 200, "{body}");
    body["sessions"].as_array().expect("a list").clone()
}

async fn change_password(person: &Person, from: &str, to: &str) -> (StatusCode, Value) {
    person.post("/api/account/password/", &json!({ "current_password": from, "new_password": to })).await
}

async fn delete(person: &Person, password: &str) -> (StatusCode, Value) {
    person.post("/api/account/delete/", &json!({ "password": password })).await
}

#[tokio::test]
async fn sessions_are_listed_with_the_device_and_which_one_asks() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let phone = server.visitor();
    let agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36";
    let body = json!({ "phone": client.phone, "password": PASSWORD });
    let request = phone.request("POST", "/api/login/").header("user-agent", agent).json(&body);
    assert_eq!(request.send().await.expect("an answer").status(), 200);
    let listed = sessions(&client).await;
    let seen: Vec<_> = listed.iter().map(|s| (s["device"].clone(), s["current"].clone())).collect();
    assert_eq!(seen, [(json!("Chrome on Android"), json!(false)), (json!(""), json!(true))]);
    assert!(!listed[0].to_string().contains("Mozilla"), "the browser's whole name is kept nowhere");
}

#[tokio::test]
async fn ended_session_is_out_with_its_sockets_and_the_others_stay() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let (_, other) = again(&server, &client, PASSWORD).await;
    let mut socket = other.socket("/ws/payment/").await.expect("a socket");
    let ended = sessions(&client).await.into_iter().find(|s| s["current"] == false).expect("the other one");
    let path = format!("/api/sessions/{}/", ended["id"].as_str().expect("an id"));
    assert_eq!(client.send("DELETE", &path, &json!({})).await.0, 204);
    assert_eq!(close_code(&mut socket).await, 4401);
    assert_eq!(other.get("/api/me/").await.0, 401);
    assert_eq!(client.get("/api/me/").await.0, 200);
    assert_eq!(client.send("DELETE", &path, &json!({})).await.0, 404, "it is gone");
}

#[tokio::test]
async fn session_of_somebody_else_is_not_there() {
    let server = TestServer::start().await;
    let (client, stranger) = (server.client().await, server.client().await);
    let id = sessions(&client).await[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(stranger.send("DELETE", &format!("/api/sessions/{id}/"), &json!({})).await.0, 404);
    assert_eq!(client.get("/api/me/").await.0, 200);
}

#[tokio::test]
async fn all_other_sessions_can_be_ended_at_once() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let others = [again(&server, &client, PASSWORD).await.1, again(&server, &client, PASSWORD).await.1];
    assert_eq!(client.send("DELETE", "/api/sessions/", &json!({})).await.0, 204);
    for other in &others {
        assert_eq!(other.get("/api/me/").await.0, 401);
    }
    assert_eq!(sessions(&client).await.len(), 1);
}

#[tokio::test]
async fn change_of_password_ends_the_other_sessions_and_the_old_password() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let (_, other) = again(&server, &client, PASSWORD).await;
    assert_eq!(change_password(&client, PASSWORD, "another horse").await.0, 204);
    assert_eq!(other.get("/api/me/").await.0, 401);
    assert_eq!(client.get("/api/me/").await.0, 200);
    assert_eq!(again(&server, &client, PASSWORD).await.0, 401);
    assert_eq!(again(&server, &client, "another horse").await.0, 200);
}

#[tokio::test]
async fn change_of_password_needs_the_old_one_and_a_good_new_one() {
    let server = TestServer::start().await;
    let client = server.client().await;
    for (from, to, field) in [
        ("wrong horse", "another horse", "current_password"),
        (PASSWORD, "short", "new_password"),
        ("", "", "current_password"),
    ] {
        let (status, problem) = change_password(&client, from, to).await;
        assert_eq!((status.as_u16(), &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    assert_eq!(again(&server, &client, PASSWORD).await.0, 200);
}

#[tokio::test]
async fn stolen_session_can_not_guess_the_password() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let mut answers = Vec::new();
    for _ in 0..11 {
        answers.push(change_password(&client, "wrong horse", "another horse").await.0.as_u16());
    }
    assert_eq!(answers, [[422; 10].as_slice(), &[429]].concat());
    assert_eq!(delete(&client, "wrong horse").await.0, 429, "the limit is one for all that compare it");
}

#[tokio::test]
async fn deleted_account_is_out_everywhere_and_its_number_is_free() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let (_, other) = again(&server, &client, PASSWORD).await;
    assert_eq!(delete(&client, "wrong horse").await.0, 422);
    assert_eq!(delete(&client, PASSWORD).await.0, 204);
    for person in [&client, &other] {
        assert_eq!(person.get("/api/me/").await.0, 401);
    }
    assert_eq!(again(&server, &client, PASSWORD).await.0, 401);
    let body = json!({ "role": "client", "name": "New", "phone": client.phone, "password": "another horse" });
    let (status, me) = server.visitor().post("/api/register/", &body).await;
    assert_eq!(status, 201, "{me}");
    assert_ne!(me["id"], json!(client.id), "a new account with nothing of the old one");
}

#[tokio::test]
async fn payments_of_a_deleted_account_stay_in_the_books_without_its_person() {
    let Scene { server, client, room, intent } = Scene::start().await;
    client.follow(&server.payer().pay(&intent).await).await;
    assert_eq!(client.contact_status(&room).await, 200);
    assert_eq!(delete(&client, PASSWORD).await.0, 204);
    let admin = server.admin().await;
    let (_, books) = admin.get("/api/admin/payments/").await;
    assert_eq!(books["payments"][0]["status"], "success", "{books}");
    assert_eq!(books["payments"][0]["user_id"], json!(client.id));
    let page = admin.request("GET", "/admin/payments/").header("accept", "text/html").send().await;
    let html = page.expect("an answer").text().await.expect("text");
    assert!(!html.contains("Asmita") && !html.contains(&client.phone), "{html}");
}

#[tokio::test]
async fn deleted_owner_leaves_no_contact_photo_or_room_behind() {
    let server = TestServer::start().await;
    let owner = server.owner().await;
    let room = list_room(&owner, &listing()).await;
    let client = server.client().await;
    let intent = client.start_payment(&room).await;
    client.follow(&server.payer().pay(&intent).await).await;
    assert_eq!(delete(&owner, PASSWORD).await.0, 204);
    assert_eq!(server.visitor().get(&format!("/api/rooms/{room}/")).await.0, 404);
    let (status, contact) = client.get(&format!("/api/rooms/{room}/contact/")).await;
    assert_eq!(status, 200, "who paid is told that nobody is there");
    assert_eq!(contact, json!({ "name": "Deleted account", "phone": "", "address": "" }));
    let page = client.request("GET", &format!("/rooms/{room}/")).header("accept", "text/html").send().await;
    let html = page.expect("an answer").text().await.expect("text");
    assert!(html.contains("The owner has left Kotha"), "{html}");
    assert!(
        !html.contains("Sarita") && !html.contains("9811111111") && !html.contains("Shankhamul"),
        "{html}"
    );
}

#[tokio::test]
async fn administrator_is_not_deleted() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    assert_eq!(delete(&admin, PASSWORD).await.0, 403);
    assert_eq!(admin.get("/api/me/").await.0, 200);
}

#[tokio::test]
async fn who_has_an_account_can_not_be_listed_by_registering() {
    let server = TestServer::start().await;
    let (client, visitor) = (server.client().await, server.visitor());
    let body =
        |phone: &str| json!({ "role": "client", "name": "A", "phone": phone, "password": "another horse" });
    let mut answers = Vec::new();
    for _ in 0..11 {
        answers.push(visitor.post("/api/register/", &body(&client.phone)).await.0.as_u16());
    }
    assert_eq!(answers, [[409; 10].as_slice(), &[429]].concat());
    let free = visitor.post("/api/register/", &body("9855555555")).await.0;
    assert_eq!(free, 429, "nothing more is said, whether the number has an account or not");
}

#[tokio::test]
async fn oldest_session_ends_when_there_are_too_many() {
    let server = TestServer::start_changed(|config| {
        config.rate_limits = reference_server::config::RateLimits::Off;
    })
    .await;
    let client = server.client().await;
    for _ in 0..50 {
        assert_eq!(again(&server, &client, PASSWORD).await.0, 200);
    }
    assert_eq!(client.get("/api/me/").await.0, 401);
}

#[tokio::test]
async fn payment_that_arrives_after_the_owner_left_goes_to_review() {
    let scene = Scene::start().await;
    let (owner, room) = scene.server.room().await;
    let intent = scene.client.start_payment(&room).await;
    let path = format!("/pay/{}/", intent["transaction_id"].as_str().expect("an id"));
    let deletion = json!({ "password": "correct horse" });
    assert_eq!(owner.post("/api/account/delete/", &deletion).await.0, 204);
    let other = scene.server.client().await;
    let (status, _) = other.post("/create-payment-intent/", &json!({ "room_id": room })).await;
    assert_eq!(status, 404, "nothing is left to pay for");
    let page = scene.server.visitor().request("GET", &path).header("accept", "text/html").send().await;
    assert!(!page.expect("an answer").text().await.expect("a page").contains("data-esewa-form"));

    // The form was shown before, and is paid all the same.
    let mut socket = scene.client.socket("/ws/payment/").await.expect("a socket");
    scene.client.follow(&scene.server.payer().pay(&intent).await).await;
    while next_frame(&mut socket).await["payment"]["status"] != "success" {}
    let admin = scene.server.admin().await;
    let (_, found) = admin.get("/api/admin/payments/?review=1").await;
    let (payment, more) = (&found["payments"][0], found["payments"].as_array().map(Vec::len));
    assert_eq!((&payment["review"], more), (&json!("undeliverable"), Some(1)), "{found}");
    assert_eq!(payment["transaction_id"], intent["transaction_id"]);
    let (_, contact) = scene.client.get(&format!("/api/rooms/{room}/contact/")).await;
    assert_eq!(contact["phone"], "", "{contact}");
}

#[tokio::test]
async fn payment_from_before_the_owner_left_needs_no_review() {
    let scene = Scene::start().await;
    let (owner, room) = scene.server.room().await;
    let intent = scene.client.start_payment(&room).await;
    scene.client.follow(&scene.server.payer().pay(&intent).await).await;
    let deletion = json!({ "password": "correct horse" });
    assert_eq!(owner.post("/api/account/delete/", &deletion).await.0, 204);
    let reviewed = undelivered::review(scene.server.running.state()).await.expect("a look");
    assert_eq!(reviewed, 0, "the contact was open, and then its owner left");
}
