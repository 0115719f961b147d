//! `GET /esewa-failure/`: where eSewa sends the browser after failure, and also while it doesn't know yet.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use paygate::{Payment, PaymentId, RecheckError};
use serde::Deserialize;
use utoipa::IntoParams;

use super::esewa_success::answer;
use crate::http::body::QueryOf;
use crate::payments::wire::PaymentBody;
use crate::problem::Problem;
use crate::state::AppState;

/// Our own id, which we put into the address ourselves: eSewa adds nothing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FailureQuery {
    #[serde(default)]
    transaction_id: String,
}

/// The route: the address proves nothing, so eSewa is asked.
#[utoipa::path(
    get,
    path = "/esewa-failure",
    operation_id = "esewa_failure",
    tag = "payments",
    summary = "Where eSewa sends a payer who did not pay",
    params(FailureQuery),
    responses(
        (status = 200, description = "For a program: how it stands", body = PaymentBody),
        (status = 303, description = "For a browser: to the room"),
    ),
)]
pub async fn esewa_failure(
    State(state): State<AppState>,
    headers: HeaderMap,
    QueryOf(query): QueryOf<FailureQuery>,
) -> Result<Response, Problem> {
    if query.transaction_id.is_empty() {
        return Err(Problem::invalid_query("transaction_id is required."));
    }
    let payment = hinted(&state, &query.transaction_id).await?;
    Ok(answer(&state, &headers, &payment))
}

/// Somebody says that a payment moved: eSewa is asked, unless it was for the same reason a moment ago.
pub async fn hinted(state: &AppState, transaction_id: &str) -> Result<Payment, Problem> {
    let id = PaymentId::new(transaction_id).map_err(|_| Problem::not_found())?;
    if state.rate_limits.hint(&id, state.clock.now()).await {
        return recheck(state, transaction_id).await;
    }
    let known = state.payments.payment(&id).await.map_err(Problem::unavailable)?;
    known.ok_or_else(Problem::not_found)
}

/// Asks eSewa about one of our payments, and writes down what it says.
pub async fn recheck(state: &AppState, transaction_id: &str) -> Result<Payment, Problem> {
    // What can't be one of our ids names nothing.
    let id = PaymentId::new(transaction_id).map_err(|_| Problem::not_found())?;
    let payments = state.payments.clone();
    // To its end, even if the caller hangs up: what eSewa says, or doesn't, must be written down.
    let asking = state.tasks.spawn(async move { payments.recheck(&id).await });
    asking.await.map_err(Problem::internal)?.map_err(|error| match error {
        RecheckError::UnknownPayment => Problem::not_found(),
        RecheckError::Store(error) => Problem::unavailable(error),
        error => Problem::internal(error),
    })
}
