//! `GET /api/admin/payments/`: everybody's payments.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use paygate::Payment;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::find::{Asked, find};
use crate::auth::AdminUser;
use crate::http::body::QueryOf;
use crate::payments::user_of;
use crate::payments::wire::PaymentBody;
use crate::problem::Problem;
use crate::state::AppState;

/// A page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminPayments)]
pub struct PaymentsBody {
    payments: Vec<AdminPaymentBody>,
    next_cursor: Option<String>,
}

/// A payment as an administrator sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminPayment)]
pub struct AdminPaymentBody {
    #[serde(flatten)]
    payment: PaymentBody,
    /// Who pays.
    user_id: Option<Uuid>,
    /// Why somebody must look at it.
    review: Option<&'static str>,
    /// Whether the payer may have paid without eSewa's word on it.
    in_flight: bool,
    /// When a refund was first seen.
    #[schema(value_type = Option<String>, format = DateTime)]
    refunded_at: Option<Timestamp>,
    /// When eSewa is asked next.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_check_at: Option<Timestamp>,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/payments",
    operation_id = "admin_payments",
    tag = "admin",
    summary = "Everybody's payments",
    security(("session" = [])),
    params(Asked),
    responses(
        (status = 200, description = "A page, newest first", body = PaymentsBody),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminUser(_): AdminUser,
    QueryOf(asked): QueryOf<Asked>,
) -> Result<Json<PaymentsBody>, Problem> {
    let found = find(&state, &asked).await?;
    let payments = found.payments.iter().map(AdminPaymentBody::from).collect();
    Ok(Json(PaymentsBody { payments, next_cursor: found.next_cursor }))
}

impl From<&Payment> for AdminPaymentBody {
    fn from(payment: &Payment) -> Self {
        Self {
            payment: PaymentBody::from(payment),
            user_id: user_of(&payment.intent.subject),
            review: payment.review.map(paygate::Anomaly::code),
            in_flight: payment.in_flight,
            refunded_at: payment.refunded_at,
            next_check_at: payment.next_check_at,
        }
    }
}
