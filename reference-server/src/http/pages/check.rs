//! `POST /payments/{transaction_id}/check/`: the payer asks that eSewa be asked, now.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::shell::to_login;
use crate::auth::MaybeUser;
use crate::http::body::PathText;
use crate::http::payments::esewa_failure::hinted;
use crate::http::payments::esewa_success::answer_to_browser;
use crate::http::payments::show::payment_for;
use crate::payments::wire::Status;
use crate::problem::Problem;
use crate::state::AppState;

/// The route: on to the room once it is decided, else back to the payment's page.
pub async fn check(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    PathText(transaction_id): PathText,
) -> Result<Response, Problem> {
    let page = format!("/payments/{transaction_id}/");
    let Some(user) = user else { return Ok(to_login(&page)) };
    payment_for(&state, &user, &transaction_id).await?;
    let payment = hinted(&state, &transaction_id).await?;
    match Status::from(&payment) {
        Status::Pending => Ok(Redirect::to(&page).into_response()),
        Status::Success | Status::Failed | Status::Refunded => Ok(answer_to_browser(&state, &payment)),
    }
}
