//! The WebSockets.

mod chat;
mod payment;

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

/// The upgrade routes.
pub fn routes() -> Router<AppState> {
    Router::new().route("/ws/payment", get(payment::payment)).route("/ws/chat/{room_id}", get(chat::chat))
}
