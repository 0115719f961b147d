//! `GET /api/payments/`: the caller's own payments.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::auth::CurrentUser;
use crate::payments::subject_of_user;
use crate::payments::wire::PaymentBody;
use crate::problem::Problem;
use crate::state::AppState;

/// Payments in the answer at most, the newest ones.
const PAYMENTS_MAX: u32 = 100;

/// The answer.
#[derive(Debug, Serialize)]
pub struct PaymentsBody {
    payments: Vec<PaymentBody>,
}

/// The route: newest first.
pub async fn list(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
) -> Result<Json<PaymentsBody>, Problem> {
    let subject = subject_of_user(user.id)?;
    let payments =
        state.payments.payments_of(&subject, None, PAYMENTS_MAX).await.map_err(Problem::unavailable)?;
    Ok(Json(PaymentsBody { payments: payments.iter().map(PaymentBody::from).collect() }))
}
