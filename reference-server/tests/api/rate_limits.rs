//! How much one address, one account and one guesser may ask for.

use reference_server::config::RateLimits;
use reqwest::Response;
use serde_json::json;

use crate::support::{Person, TestServer, json_of};

/// Above every burst of the quotas.
const FLOOD: usize = 1_000;

/// Behind a proxy of ours, so that a test can come from many addresses.
async fn behind_a_proxy() -> TestServer {
    TestServer::start_changed(|config| {
        config.trusted_proxies =
            reference_server::client_address::TrustedProxies::new(vec!["127.0.0.1/32".parse().expect("one")]);
    })
    .await
}

async fn from(person: &Person, address: &str, path: &str) -> Response {
    person.request("GET", path).header("x-forwarded-for", address).send().await.expect("an answer")
}

/// The first refusal for being too many.
async fn flood(person: &Person, address: &str, path: &str) -> Option<Response> {
    for _ in 0..FLOOD {
        let answer = from(person, address, path).await;
        if answer.status() == 429 {
            return Some(answer);
        }
    }
    None
}

async fn log_in(server: &TestServer, address: &str, phone: &str, password: &str) -> Response {
    let body = json!({ "phone": phone, "password": password });
    let request = server.visitor().request("POST", "/api/login/").header("x-forwarded-for", address);
    request.json(&body).send().await.expect("an answer")
}

#[tokio::test]
async fn flood_from_one_address_is_refused_and_told_when_to_come_back() {
    let server = behind_a_proxy().await;
    let visitor = server.visitor();
    let refused = flood(&visitor, "192.0.2.1", "/api/me/").await.expect("a limit");
    let seconds: u32 =
        refused.headers()["retry-after"].to_str().expect("text").parse().expect("whole seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    let problem = json_of(refused).await;
    assert_eq!(problem["code"], "rate_limited");
    assert_eq!(from(&visitor, "192.0.2.2", "/api/me/").await.status(), 401, "others go on");
}

#[tokio::test]
async fn refused_browser_gets_a_page_with_retry_after() {
    let server = behind_a_proxy().await;
    let visitor = server.visitor();
    flood(&visitor, "192.0.2.1", "/api/me/").await.expect("a limit");
    let page =
        visitor.request("GET", "/").header("x-forwarded-for", "192.0.2.1").header("accept", "text/html");
    let page = page.send().await.expect("an answer");
    assert_eq!(page.status(), 429);
    assert!(page.headers().contains_key("retry-after"));
    assert!(page.text().await.expect("text").contains("Too many"));
}

#[tokio::test]
async fn account_is_limited_wherever_it_comes_from() {
    let server = behind_a_proxy().await;
    let (busy, other) = (server.client().await, server.client().await);
    let mut refused = None;
    for number in 0..FLOOD {
        let answer = from(&busy, &format!("192.0.2.{}", number % 250), "/api/me/").await;
        if answer.status() == 429 {
            refused = Some(number);
            break;
        }
    }
    assert!(refused.is_some_and(|number| number > 200), "{refused:?}");
    assert_eq!(from(&other, "192.0.2.1", "/api/me/").await.status(), 200, "another account has its own");
}

#[tokio::test]
async fn forwarded_address_of_a_stranger_is_not_believed() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let mut refused = false;
    for number in 0..FLOOD {
        let answer = from(&visitor, &format!("10.0.{}.{}", number / 250, number % 250), "/api/me/").await;
        refused |= answer.status() == 429;
    }
    assert!(refused, "a new address in every request must not help");
}

#[tokio::test]
async fn health_and_files_of_the_pages_are_never_refused() {
    let server = behind_a_proxy().await;
    let visitor = server.visitor();
    flood(&visitor, "192.0.2.1", "/api/me/").await.expect("a limit");
    for path in ["/healthz", "/readyz", "/static/icon.svg/none"] {
        assert_ne!(from(&visitor, "192.0.2.1", path).await.status(), 429, "{path}");
    }
}

#[tokio::test]
async fn guesses_are_refused_alike_for_a_number_with_and_without_an_account() {
    let server = behind_a_proxy().await;
    let client = server.client().await;
    let mut seen = Vec::new();
    for phone in [client.phone.as_str(), "9899999999"] {
        let mut answers = Vec::new();
        for _ in 0..12 {
            answers.push(log_in(&server, "192.0.2.1", phone, "wrong horse").await.status().as_u16());
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], [[401; 10].as_slice(), &[429; 2]].concat());
}

#[tokio::test]
async fn guesser_does_not_lock_the_owner_out() {
    let server = behind_a_proxy().await;
    let client = server.client().await;
    for _ in 0..12 {
        log_in(&server, "192.0.2.1", &client.phone, "wrong horse").await;
    }
    let refused = log_in(&server, "192.0.2.1", &client.phone, "correct horse").await;
    assert_eq!(refused.status(), 429, "the guesser learns nothing even from the right one");
    assert_eq!(log_in(&server, "198.51.100.7", &client.phone, "correct horse").await.status(), 200);
}

#[tokio::test]
async fn guesses_from_many_addresses_are_limited_as_well() {
    let server = behind_a_proxy().await;
    let client = server.client().await;
    let mut passed = 0;
    for number in 0..60 {
        let answer = log_in(&server, &format!("192.0.2.{number}"), &client.phone, "wrong horse").await;
        passed += u32::from(answer.status() == 401);
    }
    assert_eq!(passed, 50);
}

/// Logs in from a browser with its cookies.
async fn log_in_as(person: &Person, address: &str, phone: &str, password: &str) -> u16 {
    let body = json!({ "phone": phone, "password": password });
    let request = person.request("POST", "/api/login/").header("x-forwarded-for", address);
    request.json(&body).send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn browser_that_signed_in_before_is_not_locked_out_by_guesses_of_others() {
    let server = behind_a_proxy().await;
    let client = server.client().await;
    assert_eq!(client.send("POST", "/api/logout/", &json!(null)).await.0, 204);
    for number in 0..60 {
        log_in(&server, &format!("192.0.2.{number}"), &client.phone, "wrong horse").await;
    }
    let elsewhere = log_in(&server, "198.51.100.7", &client.phone, "correct horse").await;
    assert_eq!(elsewhere.status(), 429, "who was never here waits, as programs do");
    assert_eq!(log_in_as(&client, "198.51.100.7", &client.phone, "wrong horse").await, 401);
    assert_eq!(log_in_as(&client, "198.51.100.7", &client.phone, "correct horse").await, 200);
}

#[tokio::test]
async fn browser_that_signed_in_before_has_an_allowance_of_its_own_and_no_more() {
    let server = behind_a_proxy().await;
    let (client, other) = (server.client().await, server.client().await);
    let mut answers = Vec::new();
    for number in 0..12 {
        let address = format!("192.0.2.{number}");
        answers.push(log_in_as(&client, &address, &client.phone, "wrong horse").await);
    }
    assert_eq!(answers, [[401; 10].as_slice(), &[429; 2]].concat());
    assert_eq!(log_in(&server, "198.51.100.7", &client.phone, "correct horse").await.status(), 200);
    let mut answers = Vec::new();
    for _ in 0..12 {
        answers.push(log_in_as(&client, "192.0.2.99", &other.phone, "wrong horse").await);
    }
    assert_eq!(answers, [[401; 10].as_slice(), &[429; 2]].concat(), "of another account it knows nothing");
    assert_eq!(log_in_as(&other, "192.0.2.99", &other.phone, "correct horse").await, 200);
}

#[tokio::test]
async fn cookie_of_a_known_browser_says_nothing_about_its_person() {
    let server = behind_a_proxy().await;
    let client = server.client().await;
    let cookie = client.cookie();
    let device =
        cookie.split("; ").find_map(|cookie| cookie.strip_prefix("kotha_device=")).expect("a cookie");
    assert!(!device.contains(&client.id) && !device.contains(&client.phone), "{device}");
    let again = log_in(&server, "192.0.2.1", &client.phone, "correct horse").await;
    let set: Vec<_> =
        again.headers().get_all("set-cookie").iter().map(|c| c.to_str().expect("text")).collect();
    let set = set.iter().find(|cookie| cookie.starts_with("kotha_device=")).expect("a cookie");
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Max-Age=31536000"),
        "{set}"
    );
}

#[tokio::test]
async fn right_passwords_are_no_guesses() {
    let server = behind_a_proxy().await;
    let client = server.client().await;
    for _ in 0..15 {
        assert_eq!(log_in(&server, "192.0.2.1", &client.phone, "correct horse").await.status(), 200);
    }
}

#[tokio::test]
async fn limits_can_be_off_for_load_tests() {
    let server = TestServer::start_changed(|config| config.rate_limits = RateLimits::Off).await;
    assert!(flood(&server.visitor(), "192.0.2.1", "/api/me/").await.is_none());
}
