//! `GET /api/payments/{transaction_id}/`: one payment, for its client or an admin.

use axum::Json;
use axum::extract::State;
use paygate::{Payment, PaymentId};

use crate::auth::{CurrentUser, Role};
use crate::db::users::User;
use crate::http::body::PathText;
use crate::payments::user_of;
use crate::payments::wire::PaymentBody;
use crate::problem::Problem;
use crate::state::AppState;

/// The route.
#[utoipa::path(
    get,
    path = "/api/payments/{transaction_id}",
    operation_id = "payment",
    tag = "payments",
    summary = "One payment, for its client or an admin",
    security(("session" = [])),
    params(("transaction_id" = String, Path, description = "The payment")),
    responses((status = 200, description = "The payment", body = PaymentBody)),
)]
pub async fn show(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathText(transaction_id): PathText,
) -> Result<Json<PaymentBody>, Problem> {
    let payment = payment_for(&state, &user, &transaction_id).await?;
    Ok(Json(PaymentBody::from(&payment)))
}

/// The payment, when the user may know that it exists.
pub async fn payment_for(state: &AppState, user: &User, transaction_id: &str) -> Result<Payment, Problem> {
    let payment = payment(state, transaction_id).await?;
    let own = user_of(&payment.intent.subject) == Some(user.id);
    if own || user.role == Role::Admin { Ok(payment) } else { Err(Problem::not_found()) }
}

/// The payment, for whoever holds its id.
pub async fn payment(state: &AppState, transaction_id: &str) -> Result<Payment, Problem> {
    let id = PaymentId::new(transaction_id).map_err(|_| Problem::not_found())?;
    let payment = state.payments.payment(&id).await.map_err(Problem::unavailable)?;
    payment.ok_or_else(Problem::not_found)
}
