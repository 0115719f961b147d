//! `POST /api/logout/`: end the session.

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;

use crate::auth::sign_out;
use crate::problem::Problem;
use crate::state::AppState;

/// The route; without a session it is the same.
#[utoipa::path(
    post,
    path = "/api/logout",
    operation_id = "log_out",
    tag = "accounts",
    summary = "End the session",
    responses((status = 204, description = "Signed out")),
)]
pub async fn logout(
    State(state): State<AppState>,
    jar: CookieJar,
) -> Result<(StatusCode, CookieJar), Problem> {
    Ok((StatusCode::NO_CONTENT, sign_out(&state, jar).await?))
}
