//! `POST /api/admin/payments/{transaction_id}/resolve/`: a person's verdict on a payment that is in review.

use axum::Json;
use axum::extract::State;
use paygate::{Actor, Payment, ProviderRef, RecheckError, RefundSize, Verdict};
use serde::Deserialize;
use utoipa::ToSchema;

use super::acts::{Deed, logged, standing};
use super::show::{FileBody, file};
use crate::auth::AdminUser;
use crate::db::users::User;
use crate::http::body::{JsonBody, PathText};
use crate::http::fields::Fields;
use crate::http::payments::show::payment;
use crate::problem::Problem;
use crate::state::AppState;

/// What the administrator found out.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[serde(default)]
pub struct Ruling {
    /// `noted`, `not_paid`, `refunded`, or `paid`.
    pub verdict: String,
    /// eSewa's reference, with `paid`.
    pub reference: String,
    /// Why; kept in the log.
    pub reason: String,
}

/// The route.
#[utoipa::path(
    post,
    path = "/api/admin/payments/{transaction_id}/resolve",
    operation_id = "admin_resolve",
    tag = "admin",
    summary = "Decide what is in review",
    security(("session" = [])),
    params(("transaction_id" = String, Path, description = "The payment")),
    request_body = Ruling,
    responses(
        (status = 200, description = "How it stands now", body = FileBody),
        (status = 409, description = "It is not in review"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn resolve(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    PathText(transaction_id): PathText,
    JsonBody(ruling): JsonBody<Ruling>,
) -> Result<Json<FileBody>, Problem> {
    rule(&state, &admin, &transaction_id, &ruling).await?;
    Ok(Json(FileBody::from(file(&state, &transaction_id).await?)))
}

/// Takes the verdict, unless there is nothing to decide.
pub async fn rule(
    state: &AppState,
    admin: &User,
    transaction_id: &str,
    ruling: &Ruling,
) -> Result<Payment, Problem> {
    let payment = payment(state, transaction_id).await?;
    let (verdict, reason) = checked(ruling)?;
    if payment.review.is_none() {
        return Err(Problem::conflict(t!("admin-refused-not-in-review")));
    }
    let id = payment.intent.id;
    let subject = id.as_str().to_owned();
    let reason = format!("{}: {reason}", ruling.verdict);
    let (payments, by) = (state.payments.clone(), actor(admin)?);
    let ruling = async move {
        payments.resolve(&id, verdict, by).await.map_err(|error| match error {
            RecheckError::UnknownPayment => Problem::not_found(),
            RecheckError::BadReference => wrong_reference(),
            RecheckError::Store(error) => Problem::unavailable(error),
            error => Problem::internal(error),
        })
    };
    logged(state, admin, Deed { act: "resolve", subject, reason }, ruling, standing).await
}

/// Who acted, as paygate's trail names them.
pub fn actor(admin: &User) -> Result<Actor, Problem> {
    Actor::new(format!("admin:{}", admin.id)).map_err(Problem::internal)
}

/// eSewa gives out no such reference.
fn wrong_reference() -> Problem {
    let mut fields = Fields::default();
    fields.refuse("reference", t!("wrong-reference"));
    fields.finish().err().unwrap_or_else(Problem::internal_without_cause)
}

fn checked(ruling: &Ruling) -> Result<(Verdict, String), Problem> {
    let mut fields = Fields::default();
    let verdict = match ruling.verdict.as_str() {
        "noted" => Some(Verdict::Noted),
        "not_paid" => Some(Verdict::NotPaid),
        "refunded" => Some(Verdict::Refunded(RefundSize::Full)),
        "paid" => {
            let reference = fields.line("reference", &ruling.reference, 1..=64);
            match ProviderRef::new(reference) {
                Ok(reference) => Some(Verdict::Paid(reference)),
                Err(_) if ruling.reference.trim().is_empty() => None,
                Err(_) => {
                    fields.refuse("reference", t!("wrong-reference"));
                    None
                }
            }
        }
        _ => {
            fields.refuse("verdict", t!("wrong-payment-verdict"));
            None
        }
    };
    let reason = fields.text("reason", &ruling.reason, 3..=500);
    fields.finish()?;
    verdict.map(|verdict| (verdict, reason)).ok_or_else(Problem::internal_without_cause)
}
