//! What makes the pages an app: it names files that are there, and knows nobody.

use serde_json::Value;

use crate::browser::open;
use crate::support::{Person, TestServer};

/// A file: its status, type and text.
async fn file(who: &Person, path: &str) -> (u16, String, String) {
    let answer = who.request("GET", path).send().await.expect("an answer");
    let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
    (answer.status().as_u16(), kind, answer.text().await.unwrap_or_default())
}

#[tokio::test]
async fn worker_is_asked_for_anew_and_loads_files_that_are_there() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let answer = visitor.request("GET", "/sw.js").send().await.expect("an answer");
    assert_eq!(answer.headers()["cache-control"], "no-cache");
    assert_eq!(answer.headers()["content-type"], "text/javascript; charset=utf-8");
    let script = answer.text().await.expect("text");
    let (_, rest) = script.split_once("STATIC = '").expect("the folder");
    let folder = rest.split('\'').next().expect("its end");
    for path in ["worker/offline.js", "worker/push.js"] {
        assert!(script.contains(&format!("${{STATIC}}{path}")), "{script}");
    }
    let (status, _, offline) = file(&visitor, &format!("{folder}worker/offline.js")).await;
    assert_eq!(status, 200);
    let (_, rest) = offline.split_once("const SHELL = [").expect("the files");
    let listed = rest.split(']').next().expect("its end").split(',');
    let listed: Vec<_> = listed.map(|name| name.trim().trim_matches('\'')).collect();
    assert!(listed.len() >= 4, "{listed:?}");
    for path in listed.iter().chain(&["worker/push.js", "icons/icon-192.png", "icons/badge-96.png"]) {
        let (status, ..) = file(&visitor, &format!("{folder}{path}")).await;
        assert_eq!(status, 200, "{path}");
    }
    // What the page needs beside itself is kept with it.
    let page = open(&visitor, "/offline/en/").await.html;
    for (at, _) in page.match_indices(folder) {
        let path = page[at + folder.len()..].split('"').next().expect("its end");
        assert!(listed.contains(&path) || path.starts_with("icons/"), "{path} is not kept");
    }
}

#[tokio::test]
async fn offline_page_is_the_same_for_everybody() {
    let server = TestServer::start().await;
    let client = server.client().await;
    for (lang, words) in [("en", "You are offline"), ("ne", "अफलाइन")] {
        let path = format!("/offline/{lang}/");
        let (mine, theirs) = (open(&client, &path).await, open(&server.visitor(), &path).await);
        assert_eq!(mine.html, theirs.html);
        assert!(mine.html.contains(words) && mine.html.contains(&format!("<html lang=\"{lang}\">")));
        assert!(!mine.html.contains("Asmita"));
    }
    assert_eq!(open(&client, "/offline/xx/").await.status, 404);
}

#[tokio::test]
async fn manifest_reads_in_the_language_of_the_page_that_names_it() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let (status, kind, english) = file(&visitor, "/manifest.webmanifest").await;
    assert_eq!((status, kind.as_str()), (200, "application/manifest+json"));
    let english: Value = serde_json::from_str(&english).expect("JSON");
    assert_eq!((&english["lang"], &english["start_url"]), (&"en".into(), &"/".into()));
    for icon in english["icons"].as_array().expect("icons") {
        let (status, kind, _) = file(&visitor, icon["src"].as_str().expect("an address")).await;
        assert_eq!((status, kind.as_str()), (200, "image/png"));
    }
    let home = visitor.request("GET", "/").header("accept", "text/html").header("accept-language", "ne");
    let home = home.send().await.expect("an answer");
    assert_eq!(home.headers()["content-language"], "ne");
    let home = home.text().await.expect("text");
    let (_, rest) = home.split_once("rel=\"manifest\" href=\"").expect("the link");
    let (_, _, nepali) = file(&visitor, rest.split('"').next().expect("its end")).await;
    let nepali: Value = serde_json::from_str(&nepali).expect("JSON");
    assert_eq!((&nepali["lang"], &nepali["short_name"]), (&"ne".into(), &"कोठा".into()));
}
