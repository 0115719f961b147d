//! What makes the pages an app on a phone: the manifest, the service worker, and the page that it shows offline. None
//! of them knows who asks.

mod manifest;
mod offline;
mod worker;

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

/// The routes.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/manifest.webmanifest", get(manifest::manifest))
        .route("/sw.js", get(worker::worker))
        .route("/offline/{lang}", get(offline::offline))
}
