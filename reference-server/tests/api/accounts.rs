//! Registering, logging in and out.

use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn registration_signs_in() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let (status, me) = client.get("/api/me/").await;
    assert_eq!(status, 200);
    let expected = json!({ "id": client.id, "role": "client", "name": "Asmita Rai", "phone": client.phone });
    assert_eq!(me, expected);
}

#[tokio::test]
async fn session_cookie_is_guarded() {
    let server = TestServer::start().await;
    let body = json!({ "role": "client", "name": "A", "phone": "9812345678", "password": "correct horse" });
    let answer = server.visitor().request("POST", "/api/register/").json(&body).send().await.expect("answer");
    let cookie = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} is missing: {cookie}");
    }
    assert!(!cookie.contains("Secure"), "the test's public URL is http: {cookie}");
}

#[tokio::test]
async fn session_outlives_a_restart() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let server = server.restart().await;
    client.move_to(&server.url(""));
    assert_eq!(client.get("/api/me/").await.0, 200);
}

#[tokio::test]
async fn logout_ends_the_session_itself() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let stolen = client.cookie();
    assert_eq!(client.post("/api/logout/", &json!({})).await.0, 204);
    let (status, problem) =
        crate::support::read(server.visitor().request("GET", "/api/me/").header("cookie", stolen)).await;
    assert_eq!((status.as_u16(), &problem["code"]), (401, &json!("not_signed_in")));
}

#[tokio::test]
async fn wrong_password_and_unknown_phone_look_the_same() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let visitor = server.visitor();
    let wrong =
        visitor.post("/api/login/", &json!({ "phone": client.phone, "password": "wrong horse" })).await;
    let unknown =
        visitor.post("/api/login/", &json!({ "phone": "9899999999", "password": "correct horse" })).await;
    assert_eq!(wrong, unknown);
    assert_eq!((wrong.0.as_u16(), &wrong.1["code"]), (401, &json!("bad_credentials")));
    let right =
        visitor.post("/api/login/", &json!({ "phone": client.phone, "password": "correct horse" })).await;
    assert_eq!((right.0.as_u16(), &right.1["id"]), (200, &json!(client.id)));
}

#[tokio::test]
async fn phone_number_has_one_account() {
    let server = TestServer::start().await;
    let client = server.client().await;
    let body = json!({ "role": "owner", "name": "B", "phone": client.phone, "password": "another horse" });
    let (status, problem) = server.visitor().post("/api/register/", &body).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("conflict")));
}

#[tokio::test]
async fn nobody_registers_as_an_admin() {
    let server = TestServer::start().await;
    let body = json!({ "role": "admin", "name": "B", "phone": "9812345678", "password": "another horse" });
    let (status, problem) = server.visitor().post("/api/register/", &body).await;
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("invalid_field")));
    assert_eq!(problem["errors"][0]["field"], "role");
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let server = TestServer::start().await;
    let (status, problem) = server.visitor().post("/api/register/", &json!({})).await;
    assert_eq!(status, 422);
    let fields: Vec<_> =
        problem["errors"].as_array().expect("list").iter().map(|e| e["field"].clone()).collect();
    assert_eq!(fields, ["role", "name", "phone", "password"]);
}
