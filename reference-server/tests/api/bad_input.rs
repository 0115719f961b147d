//! Nonsense of every kind, at every route that reads something: a clear no, never a 500, and nothing changed.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Person, TestServer, json_of};

/// Method, path, and whether a form is taken there as well.
const ROUTES: [(&str, &str, bool); 10] = [
    ("POST", "/api/register/", false),
    ("POST", "/api/login/", false),
    ("POST", "/api/rooms/", false),
    ("PATCH", "/api/rooms/{room}/", false),
    ("POST", "/api/push/subscribe/", false),
    ("DELETE", "/api/push/subscribe/", false),
    ("POST", "/api/admin/rooms/{room}/suspend/", false),
    ("POST", "/api/admin/reports/{room}/decide/", false),
    ("POST", "/create-payment-intent/", true),
    ("POST", "/esewa-webhook/", true),
];

struct Scene {
    server: TestServer,
    owner: Person,
    client: Person,
    admin: Person,
    room: String,
}

async fn scene() -> Scene {
    let server = TestServer::start().await;
    let (owner, room) = server.room().await;
    let (client, admin) = (server.client().await, server.admin().await);
    Scene { server, owner, client, admin, room }
}

impl Scene {
    async fn send(
        &self,
        route: (&str, &str, bool),
        content_type: &str,
        body: Vec<u8>,
    ) -> (StatusCode, String) {
        let path = route.1.replace("{room}", &self.room);
        let who = match route.1 {
            path if path.contains("admin") => &self.admin,
            path if path.contains("rooms") => &self.owner,
            _ => &self.client,
        };
        let request = who.request(route.0, &path).header("content-type", content_type).body(body);
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        assert!(status.is_client_error(), "{status} at {path}");
        (status, json_of(answer).await["code"].as_str().expect("a code").to_owned())
    }

    async fn nothing_changed(&self) {
        let (_, rooms) = self.server.visitor().get("/api/rooms/").await;
        assert_eq!(rooms["rooms"].as_array().expect("list").len(), 1);
        assert_eq!(rooms["rooms"][0]["title"], "Bright corner room");
        assert_eq!(self.client.get("/api/payments/").await.1["payments"], json!([]));
    }
}

#[tokio::test]
async fn body_that_is_not_json_is_refused() {
    let scene = scene().await;
    let bodies: [&[u8]; 8] = [
        b"",
        b"{",
        b"nonsense",
        b"[1,2",
        b"\"\xff\xfe\"",
        b"{\"role\": \"\xff\"}",
        b"null",
        b"[[[[[[[[1]]]]]]]]",
    ];
    for route in ROUTES {
        for body in bodies {
            let (status, code) = scene.send(route, "application/json", body.to_vec()).await;
            assert_eq!((status.as_u16(), code.as_str()), (400, "invalid_body"), "{route:?} {body:?}");
        }
    }
    scene.nothing_changed().await;
}

#[tokio::test]
async fn deep_nesting_is_refused_not_followed() {
    let scene = scene().await;
    for route in ROUTES {
        let (status, _) = scene.send(route, "application/json", b"[".repeat(50_000)).await;
        assert_eq!(status, 400, "{route:?}");
    }
}

#[tokio::test]
async fn values_of_another_type_are_refused() {
    let scene = scene().await;
    let body = json!({
        "role": 1, "name": [], "phone": {}, "password": true, "title": 7, "room_id": 5, "transaction_id": 5,
        "reason": 5, "verdict": 5,
    });
    for route in ROUTES {
        let (status, _) = scene.send(route, "application/json", body.to_string().into_bytes()).await;
        assert_eq!(status, 400, "{route:?}");
    }
    scene.nothing_changed().await;
}

#[tokio::test]
async fn body_of_a_megabyte_is_too_large() {
    let scene = scene().await;
    for route in ROUTES {
        let body = format!("{{\"title\": \"{}\"}}", "x".repeat(1024 * 1024));
        let (status, code) = scene.send(route, "application/json", body.into_bytes()).await;
        assert_eq!((status.as_u16(), code.as_str()), (413, "too_large"), "{route:?}");
    }
    scene.nothing_changed().await;
}

#[tokio::test]
async fn body_of_another_type_is_unsupported() {
    let scene = scene().await;
    for route in ROUTES {
        for content_type in ["text/plain", "application/xml", "multipart/form-data", "nonsense"] {
            let (status, code) = scene.send(route, content_type, b"{}".to_vec()).await;
            assert_eq!((status.as_u16(), code.as_str()), (415, "unsupported_media_type"), "{route:?}");
        }
    }
}

#[tokio::test]
async fn form_that_is_not_text_is_refused() {
    let scene = scene().await;
    for route in ROUTES.into_iter().filter(|route| route.2) {
        for body in [
            b"room_id=%FF".to_vec(),
            b"transaction_id=\xff".to_vec(),
            b"data=a&data=b&room_id=1&room_id=2".to_vec(),
        ] {
            let (status, code) = scene.send(route, "application/x-www-form-urlencoded", body).await;
            assert_eq!((status.as_u16(), code.as_str()), (400, "invalid_body"), "{route:?}");
        }
    }
    scene.nothing_changed().await;
}

#[tokio::test]
async fn data_that_is_no_callback_is_refused() {
    let scene = scene().await;
    scene.client.start_payment(&scene.room).await;
    let before = scene.client.get("/api/payments/").await;
    let long = format!("data={}", "A".repeat(9 * 1024));
    let queries = [
        "",
        "data=",
        "data=nonsense",
        "data=%FF%FE",
        "data=e30=",
        "data=W10=",
        "data=bnVsbA==",
        "data=eyJ0cmFuc2F",
        "data=/////w==",
        "data=e30=&data=e30=",
        "oid=1&amt=30&refId=X",
        "%00",
        "data=%00",
        &long,
    ];
    for query in queries {
        let url = scene.server.url(&format!("/esewa-success/?{query}"));
        let (status, problem) = scene.client.follow_as_program(&url).await;
        assert_eq!((status.as_u16(), &problem["code"]), (400, &json!("invalid_callback")), "{query}");
    }
    assert_eq!(scene.client.get("/api/payments/").await, before);
}

#[tokio::test]
async fn ids_that_are_none_name_nothing() {
    let scene = scene().await;
    for id in ["x", "%00", "%FF", "..%2f..%2fetc", "' OR 1=1 --", &"9".repeat(300)] {
        for path in
            [format!("/api/rooms/{id}/"), format!("/api/rooms/{id}/contact/"), format!("/api/payments/{id}/")]
        {
            let (status, problem) = scene.client.get(&path).await;
            assert_eq!((status.as_u16(), &problem["code"]), (404, &json!("not_found")), "{path}");
        }
    }
    for query in ["", "?transaction_id=", "?transaction_id=%FF", "?transaction_id=a&transaction_id=b"] {
        let (status, problem) = scene.client.get(&format!("/esewa-failure/{query}")).await;
        assert_eq!((status.as_u16(), &problem["code"]), (400, &json!("invalid_query")), "{query}");
    }
}
