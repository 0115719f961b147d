//! What every answer carries, whatever made it.

use std::collections::BTreeSet;

use reference_server::config::RateLimits;
use reqwest::Response;
use serde_json::json;
use url::Url;

use crate::support::routes::{all, concrete};
use crate::support::{Person, TestServer, read};

fn check(answer: &Response, what: &str) {
    let header = |name: &str| {
        let value = answer.headers().get(name).map(|value| value.to_str().expect("text"));
        value.unwrap_or_else(|| panic!("{what} ({}) has no {name}", answer.status())).to_owned()
    };
    let policy = header("content-security-policy");
    for part in ["default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{what}: {policy}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(header("x-frame-options"), "DENY", "{what}");
    assert_eq!(header("referrer-policy"), "strict-origin-when-cross-origin", "{what}");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{what}");
    for part in ["camera=()", "geolocation=()", "microphone=()"] {
        assert!(header("permissions-policy").contains(part), "{what}");
    }
    assert!(!header("x-request-id").is_empty() && !header("cache-control").is_empty(), "{what}");
}

async fn ask(person: &Person, method: &str, path: &str, accept: &str) -> Response {
    person.request(method, path).header("accept", accept).send().await.expect("an answer")
}

#[tokio::test]
async fn every_route_answers_with_them_whatever_the_method_and_whoever_asks() {
    let server = TestServer::start_changed(|config| config.rate_limits = RateLimits::Off).await;
    let routes = all(&server);
    assert!(routes.len() > 60 && routes.contains("/static/{tag}/{*path}"), "{routes:?}");
    let people = [server.visitor(), server.client().await, server.owner().await, server.admin().await];
    let mut statuses = BTreeSet::new();
    for route in &routes {
        for person in &people {
            for method in ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
                for accept in ["text/html", "application/json"] {
                    let answer = ask(person, method, &concrete(route), accept).await;
                    check(&answer, &format!("{method} {route} {accept}"));
                    statuses.insert(answer.status().as_u16());
                }
            }
        }
    }
    for expected in [200, 204, 303, 400, 401, 404, 405, 415] {
        assert!(statuses.contains(&expected), "no {expected} among {statuses:?}");
    }
}

#[tokio::test]
async fn files_unknown_paths_and_refusals_have_them_too() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let home = ask(&visitor, "GET", "/", "text/html").await;
    check(&home, "home");
    let html = home.text().await.expect("text");
    let (_, sheet) = html.split_once("rel=\"stylesheet\" href=\"").expect("a style sheet");
    let (sheet, _) = sheet.split_once('"').expect("its end");
    let file = ask(&visitor, "GET", sheet, "*/*").await;
    assert_eq!(file.status(), 200);
    check(&file, sheet);
    let etag = file.headers()["etag"].clone();
    let unchanged = visitor.request("GET", sheet).header("if-none-match", etag).send().await.expect("answer");
    assert_eq!(unchanged.status(), 304);
    check(&unchanged, "an unchanged file");
    for path in ["/nothing", "/static/none", "//", "/%2e%2e/etc/passwd", "/rooms/%ff/", "/?cursor=%00"] {
        check(&ask(&visitor, "GET", path, "text/html").await, path);
    }
    let foreign = visitor.request("POST", "/api/logout/").header("origin", "https://evil.example");
    check(&foreign.send().await.expect("answer"), "a request of another site");
    let large = visitor.request("POST", "/api/login/").header("content-type", "application/json");
    let large = large.body("x".repeat(100_000)).send().await.expect("answer");
    assert_eq!(large.status(), 413);
    check(&large, "a body that is too large");
}

#[tokio::test]
async fn https_is_kept_once_it_is_used() {
    let plain = TestServer::start().await;
    let answer = ask(&plain.visitor(), "GET", "/", "text/html").await;
    assert!(!answer.headers().contains_key("strict-transport-security"));
    let server = TestServer::start_changed(|config| {
        config.public_url = Some(Url::parse("https://rooms.example/").expect("a URL"));
    })
    .await;
    for path in ["/", "/nothing", "/api/me/", "/static/none"] {
        let answer = ask(&server.visitor(), "GET", path, "text/html").await;
        check(&answer, path);
        let kept = answer.headers()["strict-transport-security"].to_str().expect("text");
        assert_eq!(kept, "max-age=31536000", "{path}");
    }
}

#[tokio::test]
async fn cookies_over_https_never_go_in_the_clear() {
    let server = TestServer::start_changed(|config| {
        config.public_url = Some(Url::parse("https://rooms.example/").expect("a URL"));
        config.demo = true;
    })
    .await;
    // The jar keeps no secure cookie of an http address, so each is carried by hand.
    let visitor = server.visitor();
    let words = json!({ "phone": "9800000003", "password": "kotha-demo" });
    let logged_in = visitor.request("POST", "/api/login/").json(&words).send().await.expect("an answer");
    let session = set_cookie(&logged_in);
    let cookie = session.split(';').next().expect("a value").to_owned();
    let room = visitor.get("/api/rooms/").await.1["rooms"][0]["id"].clone();
    let start = visitor.request("POST", "/create-payment-intent/").header("cookie", cookie);
    let (_, intent) = read(start.json(&json!({ "room_id": room }))).await;
    let back =
        format!("/esewa-failure/?transaction_id={}", intent["transaction_id"].as_str().expect("an id"));
    let returned = set_cookie(&ask(&visitor, "GET", &back, "text/html").await);
    let language = visitor.request("POST", "/language/").form(&[("lang", "ne")]);
    let language = set_cookie(&language.send().await.expect("an answer"));
    for (name, cookie) in
        [("__Host-kotha_session", session), ("kotha_returned", returned), ("lang", language)]
    {
        assert!(cookie.starts_with(name) && cookie.contains("; Secure"), "{cookie}");
    }
}

fn set_cookie(answer: &Response) -> String {
    answer.headers()["set-cookie"].to_str().expect("text").to_owned()
}
