//! `POST /api/admin/payments/{transaction_id}/recheck/`: eSewa is asked now.

use axum::Json;
use axum::extract::State;
use paygate::Payment;

use super::acts::{Deed, logged, standing};
use super::show::{FileBody, file};
use crate::auth::AdminUser;
use crate::db::users::User;
use crate::http::body::PathText;
use crate::http::payments::esewa_failure;
use crate::http::payments::show::payment;
use crate::problem::Problem;
use crate::state::AppState;

/// The route.
#[utoipa::path(
    post,
    path = "/api/admin/payments/{transaction_id}/recheck",
    operation_id = "admin_recheck",
    tag = "admin",
    summary = "Ask eSewa again",
    security(("session" = [])),
    params(("transaction_id" = String, Path, description = "The payment")),
    responses((status = 200, description = "How it stands now", body = FileBody)),
)]
pub async fn recheck(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    PathText(transaction_id): PathText,
) -> Result<Json<FileBody>, Problem> {
    ask(&state, &admin, &transaction_id).await?;
    Ok(Json(FileBody::from(file(&state, &transaction_id).await?)))
}

/// Asks eSewa on an administrator's word.
pub async fn ask(state: &AppState, admin: &User, transaction_id: &str) -> Result<Payment, Problem> {
    let subject = payment(state, transaction_id).await?.intent.id.as_str().to_owned();
    let (shared, id) = (state.clone(), subject.clone());
    let asking = async move { esewa_failure::recheck(&shared, &id).await };
    logged(state, admin, Deed { act: "recheck", subject, reason: String::new() }, asking, standing).await
}
