//! The WebSockets.

mod chat;
mod payment;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

/// The upgrade routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(payment::payment)).routes(routes!(chat::chat))
}
