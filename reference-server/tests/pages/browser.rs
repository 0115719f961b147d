//! What a browser does with a page: asks for HTML, posts forms, reads where it is sent.

use reqwest::{Response, StatusCode};

use crate::support::Person;

/// A page: its status, where it leads, and its source.
pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub html: String,
}

pub async fn open(who: &Person, path: &str) -> Page {
    page(who.request("GET", path).header("accept", "text/html").send().await.expect("an answer")).await
}

pub async fn submit(who: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
    let request = who.request("POST", path).header("accept", "text/html").form(fields);
    page(request.send().await.expect("an answer")).await
}

/// The value of the first hidden field of that name.
pub fn hidden(page: &Page, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.html.split_once(&marker).expect("the field");
    rest.split_once('"').expect("its end").0.to_owned()
}

async fn page(answer: Response) -> Page {
    let location = answer.headers().get("location").map(|value| value.to_str().expect("text").to_owned());
    let status = answer.status();
    if !status.is_redirection() {
        let kind = answer.headers()["content-type"].to_str().expect("text");
        assert_eq!(kind, "text/html; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let policy = answer.headers()["content-security-policy"].to_str().expect("text");
        assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    }
    Page { status, location: location.unwrap_or_default(), html: answer.text().await.expect("a body") }
}
