//! `POST /rooms/{id}/unlock/`: starts the payment, or goes on with the one that was started.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::shell::to_login;
use crate::auth::{CurrentUser, MaybeUser, Role};
use crate::http::body::PathId;
use crate::http::payments::create_intent::{Order, start};
use crate::problem::Problem;
use crate::state::AppState;

/// The route.
pub async fn unlock(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    PathId(room): PathId,
) -> Result<Response, Problem> {
    let room_url = format!("/rooms/{room}/");
    let Some(user) = user else { return Ok(to_login(&room_url)) };
    let client = CurrentUser(user).require(Role::Client)?;
    match start(&state, &client, Order::of_room(room)).await {
        Ok(started) => {
            let id = started.payment.intent.id;
            Ok(Redirect::to(&format!("/payments/{}/", id.as_str())).into_response())
        }
        // The room's page shows what is open, and what is being checked, better than an error could.
        Err(problem) if matches!(problem.code(), "already_unlocked" | "payment_in_progress") => {
            Ok(Redirect::to(&room_url).into_response())
        }
        Err(problem) => Err(problem),
    }
}
