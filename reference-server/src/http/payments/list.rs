//! `GET /api/payments/`: the caller's own payments.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::CurrentUser;
use crate::payments::subject_of_user;
use crate::payments::wire::PaymentBody;
use crate::problem::Problem;
use crate::state::AppState;

/// Payments in the answer at most, the newest ones.
const PAYMENTS_MAX: u32 = 100;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payments)]
pub struct PaymentsBody {
    payments: Vec<PaymentBody>,
}

/// The route: newest first.
#[utoipa::path(
    get,
    path = "/api/payments",
    operation_id = "payments",
    tag = "payments",
    summary = "The caller's own payments, newest first",
    security(("session" = [])),
    responses((status = 200, description = "The newest hundred", body = PaymentsBody)),
)]
pub async fn list(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
) -> Result<Json<PaymentsBody>, Problem> {
    let subject = subject_of_user(user.id)?;
    let payments =
        state.payments.payments_of(&subject, None, PAYMENTS_MAX).await.map_err(Problem::unavailable)?;
    Ok(Json(PaymentsBody { payments: payments.iter().map(PaymentBody::from).collect() }))
}
