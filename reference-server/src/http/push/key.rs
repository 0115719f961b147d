//! `GET /api/push/key/`: the key that a browser subscribes with.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::AppState;

/// Who sends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PushKey)]
pub struct KeyBody {
    /// An uncompressed P-256 point in base64url: the `applicationServerKey` of a subscription (RFC 8292).
    public_key: String,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/push/key",
    operation_id = "push_key",
    tag = "push",
    summary = "The key that a browser subscribes with",
    responses((status = 200, description = "It stays the same for as long as the database", body = KeyBody)),
)]
pub async fn key(State(state): State<AppState>) -> Json<KeyBody> {
    Json(KeyBody { public_key: state.push.vapid().key().public().to_owned() })
}
