//! `GET /sw.js`: the service worker. It is at the root so that it may look after every page, and says no more than
//! which files it consists of; their addresses carry the version, so that a new release is a new worker.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};

use crate::ui::assets;

/// The route.
pub async fn worker() -> Response {
    let folder = assets::url("");
    let script = format!(
        "const STATIC = '{folder}';\nimportScripts(`${{STATIC}}worker/offline.js`, `${{STATIC}}worker/push.js`);\n"
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, script).into_response()
}
