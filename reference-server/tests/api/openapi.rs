//! The description of the API is the API: no more, no less.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::TestServer;
use crate::support::routes::{all, concrete, of_pages};

async fn description(server: &TestServer) -> Value {
    let (status, description) = server.visitor().get("/openapi.json").await;
    assert_eq!(status, 200);
    description
}

/// Path, as the router has it, and its methods.
fn described(description: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let path = |path: &str| if path == "/" { path.to_owned() } else { path.trim_end_matches('/').to_owned() };
    let paths = description["paths"].as_object().expect("paths");
    let methods =
        |item: &Value| item.as_object().expect("methods").keys().map(|m| m.to_uppercase()).collect();
    paths.iter().map(|(name, item)| (path(name), methods(item))).collect()
}

#[tokio::test]
async fn description_reads_as_agreed() {
    let server = TestServer::start().await;
    let mut description = description(&server).await;
    description["info"]["version"] = "VERSION".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&description).expect("JSON"));
}

#[tokio::test]
async fn every_route_is_described_and_every_description_is_a_route() {
    let server = TestServer::start().await;
    let described: BTreeSet<_> = described(&description(&server).await).into_keys().collect();
    let pages = of_pages();
    let routes: BTreeSet<_> = all(&server).into_iter().filter(|route| !pages.contains(route)).collect();
    assert_eq!(routes, described);
}

#[tokio::test]
async fn every_method_that_answers_is_described() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let described = described(&description(&server).await);
    for (path, methods) in &described {
        let answer = admin.request("TRACE", &concrete(path)).send().await.expect("an answer");
        let Some(allowed) = answer.headers().get("allow") else { continue };
        let allowed: BTreeSet<_> = allowed.to_str().expect("text").split(',').map(str::to_owned).collect();
        let allowed: BTreeSet<_> = allowed.into_iter().filter(|method| method != "HEAD").collect();
        assert_eq!(&allowed, methods, "{path}");
    }
}

#[tokio::test]
async fn every_operation_has_a_name_of_its_own_and_says_what_it_does() {
    let server = TestServer::start().await;
    let description = description(&server).await;
    let mut names = BTreeSet::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let name = operation["operationId"].as_str().expect("a name");
            assert!(names.insert(name.to_owned()), "{name} twice");
            assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{method} {path}");
            let answers = operation["responses"].as_object().expect("answers");
            assert!(answers.contains_key("429") && !answers.contains_key("default"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn page_of_it_loads_nothing_from_elsewhere_and_links_nowhere_that_is_not_there() {
    let server = TestServer::start().await;
    let page = server.visitor().request("GET", "/docs/").header("accept", "text/html");
    let page = page.send().await.expect("an answer");
    assert_eq!(page.status(), 200);
    let html = page.text().await.expect("text");
    for loading in ["src=\"", "href=\""] {
        for address in html.split(loading).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(address.starts_with(['/', '#']) && !address.starts_with("//"), "{address}");
            if let Some(id) = address.strip_prefix('#') {
                assert!(html.contains(&format!("id=\"{id}\"")), "{address} leads nowhere");
            }
        }
    }
    for path in ["/api/rooms/{id}/contact/", "/create-payment-intent/", "/ws/chat/{room_id}/"] {
        assert!(html.contains(path), "{path} is missing");
    }
}
