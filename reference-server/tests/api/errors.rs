//! How the server says no, to programs and to people.

use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn every_path_answers_with_and_without_its_slash() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    for path in ["/api/rooms", "/api/rooms/", "/healthz", "/healthz/", "/readyz", "/"] {
        let answer = visitor.request("GET", path).send().await.expect("answer");
        assert_eq!(answer.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn unknown_path_and_method_are_problems_too() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let (status, problem) = visitor.get("/api/nothing/").await;
    assert_eq!((status.as_u16(), &problem["code"]), (404, &json!("not_found")));
    let (status, problem) = visitor.send("DELETE", "/api/rooms/", &json!({})).await;
    assert_eq!((status.as_u16(), &problem["code"]), (405, &json!("method_not_allowed")));
}

#[tokio::test]
async fn browser_gets_a_page_that_says_the_same() {
    let server = TestServer::start().await;
    let answer =
        server.visitor().request("GET", "/rooms/nothing/").header("accept", "text/html").send().await;
    let answer = answer.expect("answer");
    assert_eq!(answer.status(), 404);
    assert!(answer.headers()["content-type"].to_str().expect("text").starts_with("text/html"));
    assert!(answer.text().await.expect("text").contains("Not found"));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = TestServer::start().await;
    for path in ["/", "/api/rooms/", "/api/nothing/", "/healthz"] {
        let answer = server.visitor().request("GET", path).send().await.expect("answer");
        let header = |name: &str| answer.headers().get(name).map(|v| v.to_str().expect("text").to_owned());
        let policy = header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(header("x-frame-options").as_deref(), Some("DENY"), "{path}");
        assert!(header("referrer-policy").is_some() && header("x-request-id").is_some(), "{path}");
    }
}
