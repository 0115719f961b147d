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
