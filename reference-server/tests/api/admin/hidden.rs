//! Who is no administrator finds nothing, and leaves no trace in the log.

use serde_json::json;

use crate::support::Scene;

/// Every route of administrators: method and path, with an id where there is one.
fn routes(id: &str) -> Vec<(&'static str, String)> {
    let mut routes = Vec::new();
    for base in ["/api/admin", "/admin"] {
        for path in ["payments/", "payments/export/", "users/", "rooms/", "reports/", "acts/"] {
            routes.push(("GET", format!("{base}/{path}")));
        }
        for path in [
            format!("payments/{id}/recheck/"),
            format!("payments/{id}/resolve/"),
            format!("payments/{id}/refund/"),
            format!("users/{id}/suspend/"),
            format!("users/{id}/lift/"),
            format!("rooms/{id}/suspend/"),
            format!("rooms/{id}/lift/"),
            format!("reports/{id}/decide/"),
        ] {
            routes.push(("POST", format!("{base}/{path}")));
        }
        for path in ["payments", "users", "rooms", "reports"] {
            routes.push(("GET", format!("{base}/{path}/{id}/")));
            routes.push(("DELETE", format!("{base}/{path}/{id}/")));
        }
        routes.push(("GET", format!("{base}/reports/{id}/image/")));
    }
    routes.push(("GET", "/api/admin/figures/".to_owned()));
    routes.push(("GET", "/admin/".to_owned()));
    routes
}

#[tokio::test]
async fn nothing_is_there_for_anybody_else() {
    let scene = Scene::start().await;
    let owner = scene.server.owner().await;
    let ids = [scene.id(), &scene.room, &owner.id];
    for (method, path) in ids.into_iter().flat_map(routes) {
        for who in [&scene.client, &owner, &scene.server.visitor()] {
            let body = json!({ "reason": "because", "verdict": "upheld" });
            let (status, problem) = who.send(method, &path, &body).await;
            assert_eq!((status.as_u16(), &problem["code"]), (404, &json!("not_found")), "{method} {path}");
        }
    }
    let (_, acts) = scene.server.admin().await.get("/api/admin/acts/").await;
    assert_eq!(acts["acts"], json!([]), "who is no administrator leaves no act");
    assert_eq!(owner.get("/api/me/").await.0, 200, "and suspends nobody");
}
