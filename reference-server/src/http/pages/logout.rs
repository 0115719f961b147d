//! `POST /logout/`: end the session and go back to the rooms.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;

use crate::auth::sign_out;
use crate::problem::Problem;
use crate::state::AppState;

/// The route; without a session it is the same.
pub async fn logout(State(state): State<AppState>, jar: CookieJar) -> Result<Response, Problem> {
    Ok((sign_out(&state, jar).await?, Redirect::to("/")).into_response())
}
