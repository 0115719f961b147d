//! `POST /api/admin/payments/{transaction_id}/refund/`: money goes back. eSewa refunds in the merchant's portal, so
//! the order is written down and eSewa is asked; access ends when eSewa itself says that the money went back.

use axum::Json;
use axum::extract::State;
use paygate::{IdempotencyKey, Money, Payment, RefundError, RefundOrder};
use serde::Deserialize;
use utoipa::ToSchema;

use super::acts::{Deed, logged, standing};
use super::resolve::actor;
use super::show::{FileBody, file};
use crate::auth::AdminUser;
use crate::db::users::User;
use crate::http::body::{JsonBody, PathText};
use crate::http::fields::{Fields, money_text};
use crate::http::payments::show::payment;
use crate::problem::Problem;
use crate::state::AppState;

/// What goes back.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[schema(as = RefundOrder)]
#[serde(default)]
pub struct RefundForm {
    /// Rupees that go back in total; all of it when empty.
    #[serde(deserialize_with = "money_text")]
    pub amount: Option<String>,
    /// Why; kept in the log.
    pub reason: String,
}

/// The route.
#[utoipa::path(
    post,
    path = "/api/admin/payments/{transaction_id}/refund",
    operation_id = "admin_refund",
    tag = "admin",
    summary = "Order a refund",
    security(("session" = [])),
    params(("transaction_id" = String, Path, description = "The payment")),
    request_body = RefundForm,
    responses(
        (status = 200, description = "How it stands now", body = FileBody),
        (status = 409, description = "Nothing was paid"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn refund(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    PathText(transaction_id): PathText,
    JsonBody(form): JsonBody<RefundForm>,
) -> Result<Json<FileBody>, Problem> {
    order(&state, &admin, &transaction_id, &form).await?;
    Ok(Json(FileBody::from(file(&state, &transaction_id).await?)))
}

/// Orders the refund, and asks eSewa whether it has been made.
pub async fn order(
    state: &AppState,
    admin: &User,
    transaction_id: &str,
    form: &RefundForm,
) -> Result<Payment, Problem> {
    let payment = payment(state, transaction_id).await?;
    let price = payment.intent.offer.price;
    let (total, reason) = checked(form, price)?;
    if payment.paid_at.is_none() {
        return Err(Problem::conflict(t!("admin-refused-nothing-paid")));
    }
    let id = payment.intent.id;
    let subject = id.as_str().to_owned();
    let reason = format!("{} NPR: {reason}", total.decimal_text());
    // The same total is the same order, however often it is sent: no money moves twice.
    let key = IdempotencyKey::new(format!("refund-{subject}-{}", total.minor)).map_err(Problem::internal)?;
    let order = RefundOrder { total, key, by: actor(admin)? };
    let payments = state.payments.clone();
    let ordering = async move { Box::pin(payments.refund(&id, order)).await.map_err(refusal) };
    logged(state, admin, Deed { act: "refund", subject, reason }, ordering, standing).await
}

fn checked(form: &RefundForm, price: Money) -> Result<(Money, String), Problem> {
    let mut fields = Fields::default();
    let total = match form.amount.as_deref().map(str::trim) {
        None | Some("") => price,
        Some(text) => Money { minor: fields.rupees("amount", text, price.minor), currency: price.currency },
    };
    let reason = fields.text("reason", &form.reason, 3..=500);
    fields.finish()?;
    Ok((total, reason))
}

fn refusal(error: RefundError) -> Problem {
    match error {
        RefundError::UnknownPayment => Problem::not_found(),
        RefundError::NotPaid => Problem::conflict(t!("admin-refused-too-much")),
        RefundError::Store(error) => Problem::unavailable(error),
        RefundError::Provider(error) => Problem::provider_unavailable(error),
        error => Problem::internal(error),
    }
}
