//! `GET /readyz`: what the server needs answers too.

use axum::extract::State;

use crate::problem::Problem;
use crate::state::AppState;

/// The route: 503 while the database or Redis doesn't answer, or the server is stopping.
pub async fn readyz(State(state): State<AppState>) -> Result<&'static str, Problem> {
    if state.stopping.is_cancelled() {
        return Err(Problem::unavailable_for_now());
    }
    state.db.ask().await.map_err(Problem::unavailable)?;
    state.nodes.ask().await.map_err(Problem::unavailable)?;
    Ok("ready\n")
}
