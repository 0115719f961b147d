//! The Token API, called as eSewa calls it, and as those do who are not eSewa.
#![cfg(feature = "token")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail the test")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use esewa_client::token::{
    Inquiry, RequestId, TakenPayment, TokenApi, TokenConfigError, TokenCredentials, TokenMerchant,
    TokenPayment, TokenRefusal,
};
use esewa_client::{Amount, SecretKey};
use jiff::Timestamp;
use serde_json::{Value, json};

const SECRET: &str = "c2l4dGVlbiBieXRlcyBhbmQgdGhlbiBzb21l";

/// One bill over 1000 rupees, and the payments by their codes.
#[derive(Clone, Default)]
struct Bills(Arc<Mutex<HashMap<String, TakenPayment>>>);

impl TokenMerchant for Bills {
    async fn inquire(&self, request_id: &RequestId, mobile: Option<&str>) -> Result<Inquiry, TokenRefusal> {
        if request_id.as_str() != "12123122" {
            return Err(TokenRefusal::Unknown);
        }
        let inquiry = Inquiry::new(Amount::from_paisa(100_000)).with_property("customer_name", "Ram");
        Ok(inquiry.with_property("mobile", mobile.unwrap_or("-")))
    }

    async fn take(&self, payment: &TokenPayment) -> Result<TakenPayment, TokenRefusal> {
        let mut taken = self.0.lock().unwrap();
        if let Some(earlier) = taken.get(payment.transaction_code.as_str()) {
            return Ok(earlier.clone());
        }
        if payment.amount.paisa() != 100_000 {
            return Err(TokenRefusal::WrongAmount);
        }
        let fresh = TakenPayment {
            request_id: payment.request_id.clone(),
            amount: payment.amount,
            reference_code: format!("own-{}", taken.len() + 1),
        };
        taken.insert(payment.transaction_code.to_string(), fresh.clone());
        Ok(fresh)
    }

    async fn find(&self, payment: &TokenPayment) -> Result<Option<TakenPayment>, TokenRefusal> {
        Ok(self.0.lock().unwrap().get(payment.transaction_code.as_str()).cloned())
    }
}

struct World {
    bills: Bills,
    base: String,
    http: reqwest::Client,
    seconds: Arc<AtomicI64>,
}

impl World {
    async fn new() -> Self {
        let (bills, seconds) = (Bills::default(), Arc::new(AtomicI64::new(1_800_000_000)));
        let credentials = TokenCredentials::new("esewa", "pass word", SECRET).unwrap();
        let key = SecretKey::new("a-signing-key-of-our-own").unwrap();
        let clock = Arc::clone(&seconds);
        let now = move || Timestamp::from_second(clock.load(Ordering::SeqCst)).unwrap();
        let api = TokenApi::new(bills.clone(), credentials, key, now);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/esewa", listener.local_addr().unwrap());
        let router = axum::Router::new().nest("/esewa", api.router());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let timeout = std::time::Duration::from_secs(10);
        let http = reqwest::Client::builder().timeout(timeout).build().unwrap();
        Self { bills, base, http, seconds }
    }

    async fn post(&self, path: &str, authorization: &str, body: &Value) -> (u16, Value) {
        let request = self.http.post(format!("{}/{path}", self.base)).json(body);
        answer(request.header("authorization", authorization)).await
    }

    async fn get(&self, path: &str, authorization: &str) -> (u16, Value) {
        let request = self.http.get(format!("{}/{path}", self.base));
        answer(request.header("authorization", authorization)).await
    }

    async fn sign_in(&self) -> Value {
        let (http_status, tokens) = self.post("access-token", "-", &password_grant()).await;
        assert_eq!(http_status, 200, "{tokens}");
        tokens
    }

    async fn bearer(&self) -> String {
        format!("Bearer {}", self.sign_in().await["access_token"].as_str().unwrap())
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap())
}

fn password_grant() -> Value {
    json!({ "grant_type": "password", "client_secret": SECRET, "username": "esewa",
        "password": STANDARD.encode("pass word") })
}

fn paid(code: &str, amount: &str) -> Value {
    json!({ "request_id": "12123122", "amount": amount.parse::<i64>().unwrap(), "transaction_code": code })
}

#[tokio::test]
async fn a_bill_is_asked_paid_and_asked_again() {
    let world = World::new().await;
    let bearer = world.bearer().await;
    let (_, due) = world.get("inquiry/12123122/9806800001", &bearer).await;
    let shown = json!({ "request_id": "12123122", "response_code": 0, "response_message": "success",
        "amount": 1000, "properties": { "customer_name": "Ram", "mobile": "9806800001" }, "packages": [] });
    assert_eq!(due, shown);
    let before = world.post("status", &bearer, &paid("000AAAA", "1000")).await.1;
    assert_eq!((&before["response_code"], &before["status"]), (&json!(1), &json!("FAILED")));
    let (_, taken) = world.post("payment", &bearer, &paid("000AAAA", "1000")).await;
    let told = json!({ "request_id": "12123122", "response_code": 0, "response_message": "Payment successful",
        "amount": 1000, "reference_code": "own-1" });
    assert_eq!(taken, told);
    let after = world.post("status", &bearer, &paid("000AAAA", "1000")).await.1;
    assert_eq!((&after["response_code"], &after["status"]), (&json!(0), &json!("SUCCESS")));
}

#[tokio::test]
async fn a_repeated_payment_is_taken_once() {
    let world = World::new().await;
    let bearer = world.bearer().await;
    let first = world.post("payment", &bearer, &paid("000AAAA", "1000")).await;
    let again = world.post("payment", &bearer, &paid("000aaaa", "1000")).await;
    assert_eq!(first, again, "the same code in another spelling is the same payment");
    assert_eq!(world.bills.0.lock().unwrap().len(), 1);
    for path in ["payment", "status"] {
        let (http_status, other) = world.post(path, &bearer, &paid("000AAAA", "999")).await;
        assert_eq!((http_status, &other["response_code"]), (409, &json!(1)), "{path}");
    }
}

#[tokio::test]
async fn an_unknown_bill_and_a_wrong_sum_are_refused() {
    let world = World::new().await;
    let bearer = world.bearer().await;
    let (http_status, unknown) = world.get("inquiry/1", &bearer).await;
    let told = json!({ "response_code": 1, "response_message": "Invalid token" });
    assert_eq!((http_status, unknown), (200, told));
    let wrong = world.post("payment", &bearer, &paid("000AAAA", "1")).await.1;
    assert_eq!(wrong["response_code"], 1);
    assert!(world.bills.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn wrong_credentials_get_no_token() {
    let world = World::new().await;
    for (name, value) in [
        ("client_secret", json!("c2l4dGVlbiBieXRlcyBhbmQgdGhlbiBub25l")),
        ("username", json!("other")),
        ("password", json!("pass word")),
        ("password", json!(STANDARD.encode("pass words"))),
        ("password", json!(null)),
    ] {
        let mut grant = password_grant();
        grant[name] = value;
        let (http_status, answer) = world.post("access-token", "-", &grant).await;
        assert_eq!(
            (http_status, &answer["response_message"]),
            (401, &json!("Invalid credentials")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_wrong_grant_is_refused() {
    let world = World::new().await;
    for grant_type in [json!("client_credentials"), json!(""), json!(null)] {
        let mut grant = password_grant();
        grant["grant_type"] = grant_type;
        assert_eq!(world.post("access-token", "-", &grant).await.0, 400);
    }
}

#[tokio::test]
async fn only_a_good_access_token_opens_a_route() {
    let world = World::new().await;
    let tokens = world.sign_in().await;
    let access = tokens["access_token"].as_str().unwrap();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let (end, signature) = access.split_once('.').unwrap();
    let longer = format!("Bearer {}.{signature}", end.parse::<i64>().unwrap() + 1);
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    for wrong in [
        "-",
        "Bearer ",
        "Bearer x.y",
        &longer,
        &format!("Bearer {refresh}"),
        &format!("Token {access}"),
        &basic("esewa:wrong"),
        &basic("esewa"),
    ] {
        assert_eq!(world.get("inquiry/12123122", wrong).await.0, 401, "{wrong}");
        assert_eq!(world.post("payment", wrong, &paid("000AAAA", "1000")).await.0, 401, "{wrong}");
        assert_eq!(world.post("status", wrong, &paid("000AAAA", "1000")).await.0, 401, "{wrong}");
    }
    assert!(world.bills.0.lock().unwrap().is_empty());
    assert_eq!(world.get("inquiry/12123122", &basic("esewa:pass word")).await.0, 200);
    assert_eq!(world.get("inquiry/12123122", &format!("bearer {access}")).await.0, 200);
}

#[tokio::test]
async fn tokens_end_and_are_renewed() {
    let world = World::new().await;
    let tokens = world.sign_in().await;
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    world.seconds.fetch_add(3_599, Ordering::SeqCst);
    assert_eq!(world.get("inquiry/12123122", &bearer).await.0, 200);
    world.seconds.fetch_add(1, Ordering::SeqCst);
    assert_eq!(world.get("inquiry/12123122", &bearer).await.0, 401);

    let grant = |token: &Value| json!({ "grant_type": "refresh_token", "client_secret": SECRET, "refresh_token": token });
    let (http_status, renewed) = world.post("access-token", "-", &grant(&tokens["refresh_token"])).await;
    assert_eq!(http_status, 200, "{renewed}");
    let bearer = format!("Bearer {}", renewed["access_token"].as_str().unwrap());
    assert_eq!(world.get("inquiry/12123122", &bearer).await.0, 200);
    assert_eq!(world.post("access-token", "-", &grant(&renewed["access_token"])).await.0, 401);
    world.seconds.fetch_add(86_400, Ordering::SeqCst);
    assert_eq!(world.post("access-token", "-", &grant(&renewed["refresh_token"])).await.0, 401);
}

#[tokio::test]
async fn a_body_may_be_a_form_and_is_bounded() {
    let world = World::new().await;
    let url = format!("{}/access-token", world.base);
    let password = STANDARD.encode("pass word");
    let form = [("grant_type", "password"), ("client_secret", SECRET), ("username", "esewa")];
    let mut form = form.to_vec();
    form.push(("password", password.as_str()));
    assert_eq!(world.http.post(&url).form(&form).send().await.unwrap().status(), 200);
    form.push(("username", "other"));
    assert_eq!(world.http.post(&url).form(&form).send().await.unwrap().status(), 400, "said twice");
    let long = "x".repeat(16 * 1024 + 1);
    assert_eq!(world.http.post(&url).body(long).send().await.unwrap().status(), 413);
    let bearer = world.bearer().await;
    for (name, value) in [
        ("amount", json!(-1000)),
        ("amount", json!(0)),
        ("amount", json!("1e3")),
        ("transaction_code", json!("a b")),
        ("request_id", json!("")),
        ("package_id", json!("x".repeat(101))),
    ] {
        let mut body = paid("000AAAA", "1000");
        body[name] = value;
        assert_eq!(world.post("payment", &bearer, &body).await.0, 400, "{name}");
    }
}

#[test]
fn credentials_are_linted_and_never_shown() {
    let new = |user: &str, password: &str, secret: &str| TokenCredentials::new(user, password, secret);
    assert_eq!(new("", "p", SECRET).unwrap_err(), TokenConfigError::Length("username"));
    assert_eq!(new("u", "", SECRET).unwrap_err(), TokenConfigError::Length("password"));
    assert_eq!(new("u:v", "p", SECRET).unwrap_err(), TokenConfigError::Colon);
    assert_eq!(new("u", "p", "short").unwrap_err(), TokenConfigError::ClientSecret);
    assert_eq!(new("u", "p", &"!".repeat(40)).unwrap_err(), TokenConfigError::ClientSecret);
    let key = SecretKey::new("a-signing-key-of-our-own").unwrap();
    let api =
        TokenApi::new(Bills::default(), new("u", "hidden", SECRET).unwrap(), key, || Timestamp::UNIX_EPOCH);
    let printed = format!("{api:?}");
    assert!(!printed.contains("hidden") && !printed.contains(SECRET), "{printed}");
}
