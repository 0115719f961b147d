//! `GET /readyz`: what the server needs answers too.

use axum::extract::State;

use crate::problem::Problem;
use crate::state::AppState;

/// The route: 503 while the database or Redis doesn't answer, or the server is stopping.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "readyz",
    tag = "operations",
    summary = "What the server needs answers too",
    responses(
        (status = 200, description = "It does", body = String, content_type = "text/plain"),
        (status = 503, description = "Not now, or the server is stopping"),
    ),
)]
pub async fn readyz(State(state): State<AppState>) -> Result<&'static str, Problem> {
    if state.stopping.is_cancelled() {
        return Err(Problem::unavailable_for_now());
    }
    state.db.ask().await.map_err(Problem::unavailable)?;
    state.nodes.ask().await.map_err(Problem::unavailable)?;
    Ok("ready\n")
}
