//! Finding people, suspending them, and lifting that.

use serde_json::{Value, json};

use crate::support::{Person, Scene, TestServer, close_code, next_frame};

async fn found(admin: &Person, query: &str) -> Vec<String> {
    let (status, body) = admin.get(&format!("/api/admin/users/?{query}")).await;
    assert_eq!(status, 200, "{body}");
    let users = body["users"].as_array().expect("a list");
    users.iter().map(|user| user["id"].as_str().expect("an id").to_owned()).collect()
}

async fn suspend(admin: &Person, id: &str) -> Value {
    let reason = json!({ "reason": "Asks for money before a visit." });
    let (status, file) = admin.post(&format!("/api/admin/users/{id}/suspend/"), &reason).await;
    assert_eq!(status, 200, "{file}");
    file
}

async fn lift(admin: &Person, id: &str) {
    let reason = json!({ "reason": "Talked, and promised." });
    let (status, file) = admin.post(&format!("/api/admin/users/{id}/lift/"), &reason).await;
    assert_eq!((status.as_u16(), &file["suspended_at"]), (200, &Value::Null), "{file}");
}

async fn log_in(server: &TestServer, person: &Person, password: &str) -> (u16, Value) {
    let body = json!({ "phone": person.phone, "password": password });
    let (status, answer) = server.visitor().post("/api/login/", &body).await;
    (status.as_u16(), answer)
}

#[tokio::test]
async fn people_are_found_by_phone_name_role_and_standing() {
    let server = TestServer::start().await;
    let (owner, client, other) = (server.owner().await, server.client().await, server.client().await);
    let admin = server.admin().await;
    suspend(&admin, &other.id).await;
    for (query, expected) in [
        (String::new(), vec![&admin.id, &other.id, &client.id, &owner.id]),
        (format!("q={}", client.phone), vec![&client.id]),
        (format!("q=%2B977%20{}", client.phone), vec![&client.id]),
        ("q=ASMITA".to_owned(), vec![&other.id, &client.id]),
        ("q=harjan".to_owned(), vec![&owner.id]),
        ("q=%25".to_owned(), vec![]),
        ("role=owner".to_owned(), vec![&owner.id]),
        ("standing=suspended".to_owned(), vec![&other.id]),
        ("standing=active&role=client".to_owned(), vec![&client.id]),
        ("standing=deleted".to_owned(), vec![]),
        (format!("cursor={}", other.id), vec![&client.id, &owner.id]),
    ] {
        assert_eq!(found(&admin, &query).await.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    for wrong in ["role=king", "standing=gone", &format!("q={}", "x".repeat(81))] {
        let (status, problem) = admin.get(&format!("/api/admin/users/?{wrong}")).await;
        assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("invalid_field")), "{wrong}");
    }
    assert_eq!(admin.get("/api/admin/users/?cursor=x").await.0, 400);
}

#[tokio::test]
async fn list_goes_on_where_it_ended_without_a_gap() {
    let server = TestServer::start().await;
    let mut made = Vec::new();
    for _ in 0..27 {
        made.insert(0, server.client().await.id);
    }
    let admin = server.admin().await;
    let (_, first) = admin.get("/api/admin/users/?role=client").await;
    let cursor = first["next_cursor"].as_str().expect("a second page");
    let mut seen = found(&admin, "role=client").await;
    seen.extend(found(&admin, &format!("role=client&cursor={cursor}")).await);
    assert_eq!(seen, made);
}

#[tokio::test]
async fn suspended_person_is_out_everywhere_and_cannot_come_back() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let client = server.client().await;
    client.follow(&server.payer().pay(&client.start_payment(&room).await).await).await;
    let mut chat = client.socket(&format!("/ws/chat/{room}/")).await.expect("a chat");
    assert_eq!(next_frame(&mut chat).await["type"], "ready");
    let mut payments = client.socket("/ws/payment/").await.expect("a socket");
    let admin = server.admin().await;

    let file = suspend(&admin, &client.id).await;
    assert!(file["suspended_at"].is_string(), "{file}");
    assert_eq!(close_code(&mut chat).await, 4401);
    assert_eq!(close_code(&mut payments).await, 4401);
    for path in ["/api/me/", "/api/payments/", "/api/conversations/", "/api/sessions/"] {
        assert_eq!(client.get(path).await.0, 401, "{path}");
    }
    assert_eq!(client.contact_status(&room).await, 401);
    assert_eq!(client.socket("/ws/payment/").await.expect_err("refused"), 401);
    let (status, problem) = log_in(&server, &client, "correct horse").await;
    assert_eq!((status, &problem["code"]), (403, &json!("account_suspended")));
    assert_eq!(owner.get("/api/me/").await.0, 200, "nobody else is signed out");

    lift(&admin, &client.id).await;
    assert_eq!(client.get("/api/me/").await.0, 401, "a session that ended stays so");
    let mut back = server.visitor();
    back.phone.clone_from(&client.phone);
    let (status, _) =
        back.post("/api/login/", &json!({ "phone": client.phone, "password": "correct horse" })).await;
    assert_eq!(status, 200);
    assert_eq!(back.contact_status(&room).await, 200, "what was paid for is still there");
}

#[tokio::test]
async fn suspension_is_told_only_to_who_knows_the_password() {
    let server = TestServer::start().await;
    let client = server.client().await;
    suspend(&server.admin().await, &client.id).await;
    let (status, wrong) = log_in(&server, &client, "wrong horse").await;
    assert_eq!((status, &wrong["code"]), (401, &json!("bad_credentials")));
    let mut nobody = server.visitor();
    nobody.phone = "9899999999".to_owned();
    let (status, unknown) = log_in(&server, &nobody, "wrong horse").await;
    assert_eq!((status, unknown), (401, wrong), "like a number that nobody has");
}

#[tokio::test]
async fn rooms_of_a_suspended_owner_are_for_who_has_paid_only() {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let (payer, on_the_way, other) = (server.client().await, server.client().await, server.client().await);
    payer.follow(&server.payer().pay(&payer.start_payment(&room).await).await).await;
    let intent = on_the_way.start_payment(&room).await;
    let admin = server.admin().await;
    suspend(&admin, &owner.id).await;

    assert_eq!(server.visitor().get("/api/rooms/").await.1["rooms"], json!([]));
    assert_eq!(other.get(&format!("/api/rooms/{room}/")).await.0, 404);
    assert_eq!(other.contact_status(&room).await, 404, "nothing is offered");
    assert_eq!(other.post("/create-payment-intent/", &json!({ "room_id": room })).await.0, 404);
    assert_eq!(payer.contact_status(&room).await, 200);
    let sent = json!({ "room_id": room, "content": "Are you there?", "client_message_id": "m-1" });
    assert_eq!(payer.post("/api/messages/send/", &sent).await.0, 201);

    // Who was on the way to eSewa already gets what they pay for.
    on_the_way.follow(&server.payer().pay(&intent).await).await;
    assert_eq!(on_the_way.contact_status(&room).await, 200);

    lift(&admin, &owner.id).await;
    assert_eq!(other.get(&format!("/api/rooms/{room}/")).await.0, 200);
    assert_eq!(other.contact_status(&room).await, 402);
}

#[tokio::test]
async fn nobody_pays_with_a_code_for_who_was_suspended() {
    let scene = Scene::start().await;
    let path = format!("/pay/{}/", scene.id());
    let page = || async {
        let request = scene.server.visitor().request("GET", &path).header("accept", "text/html");
        request.send().await.expect("an answer").text().await.expect("a page")
    };
    assert!(page().await.contains("data-esewa-form"));
    suspend(&scene.server.admin().await, &scene.client.id).await;
    assert!(!page().await.contains("data-esewa-form"));
}

#[tokio::test]
async fn suspension_needs_a_reason_and_happens_once() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let admin = server.admin().await;
    let path = |act: &str| format!("/api/admin/users/{}/{act}/", client.id);
    let because = json!({ "reason": "Because of a report." });
    for wrong in [json!({}), json!({ "reason": " x " }), json!({ "reason": "x".repeat(501) })] {
        assert_eq!(admin.post(&path("suspend"), &wrong).await.0, 422, "{wrong}");
    }
    assert_eq!(admin.post(&path("lift"), &because).await.0, 409, "there is nothing to lift");
    suspend(&admin, &client.id).await;
    assert_eq!(admin.post(&path("suspend"), &because).await.0, 409, "twice");
    let (status, problem) = admin.post(&format!("/api/admin/users/{}/suspend/", admin.id), &because).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("conflict")), "an administrator");
    assert_eq!(admin.get("/api/me/").await.0, 200);
    let nobody = format!("/api/admin/users/{}/suspend/", "0190b5c6-0000-7000-8000-000000000000");
    assert_eq!(admin.post(&nobody, &because).await.0, 404);

    let (_, file) = admin.get(&format!("/api/admin/users/{}/", client.id)).await;
    let acts = file["acts"].as_array().expect("acts");
    assert_eq!(acts.len(), 1, "what was refused before it began is in no log: {file}");
    let act = ["act", "admin", "reason", "outcome", "subject"].map(|name| acts[0][name].as_str());
    let words = ["suspend_user", "Kotha Admin", "Asks for money before a visit.", "suspended", &client.id];
    assert_eq!(act, words.map(Some));
}

#[tokio::test]
async fn deleted_account_is_found_without_a_number_and_cannot_be_suspended() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let admin = server.admin().await;
    let gone = client.post("/api/account/delete/", &json!({ "password": "correct horse" })).await;
    assert_eq!(gone.0, 204);
    let (_, file) = admin.get(&format!("/api/admin/users/{}/", client.id)).await;
    assert_eq!((&file["phone"], file["deleted_at"].is_string()), (&Value::Null, true), "{file}");
    assert_eq!(found(&admin, "standing=deleted").await, std::slice::from_ref(&client.id));
    let because = json!({ "reason": "Too late." });
    assert_eq!(admin.post(&format!("/api/admin/users/{}/suspend/", client.id), &because).await.0, 409);
}
