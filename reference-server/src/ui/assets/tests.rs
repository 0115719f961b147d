//! How the files of the pages are served.

use axum::body::Body;
use http::Request;
use tower::ServiceExt;

use super::*;

async fn ask(path: &str, if_none_match: Option<&str>) -> Response {
    let mut request = Request::get(path);
    if let Some(tag) = if_none_match {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    router::<()>().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

fn header_of<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn current_file_is_kept_for_a_year() {
    for (path, kind) in [
        ("app.css", "text/css; charset=utf-8"),
        ("js/chat.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ] {
        let response = ask(&url(path), None).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header_of(&response, "content-type"), kind);
        assert_eq!(header_of(&response, "cache-control"), "public, max-age=31536000, immutable");
    }
}

#[tokio::test]
async fn old_or_missing_tag_answers_but_is_not_kept() {
    for path in ["/static/0011223344556677/app.css", "/static/js/chat.js"] {
        let response = ask(path, None).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header_of(&response, "cache-control"), "no-cache");
    }
}

#[tokio::test]
async fn known_content_is_not_sent_again() {
    let etag = header_of(&ask(&url("app.css"), None).await, "etag").to_owned();
    let response = ask(&url("app.css"), Some(&etag)).await;
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(ask(&url("app.css"), Some("W/\"other\"")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    for path in [
        "/static/x/../Cargo.toml",
        "/static/x/%2e%2e/Cargo.toml",
        "/static/x/..%2fCargo.toml",
        "/static/x/nope.css",
    ] {
        assert_eq!(ask(path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}
