//! `GET /api/payments/`: the caller's own payments.

use axum::Json;
use axum::extract::State;
use paygate::{Payment, PaymentId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page::{cursor, place};
use crate::auth::CurrentUser;
use crate::db::users::User;
use crate::http::admin::page::next_of;
use crate::http::body::QueryOf;
use crate::payments::subject_of_user;
use crate::payments::wire::PaymentBody;
use crate::problem::Problem;
use crate::state::AppState;

/// Payments a page.
const PAGE_PAYMENTS: u32 = 100;

/// Where the page begins.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PaymentsQuery {
    /// The `next_cursor` of the page before.
    pub cursor: String,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payments)]
pub struct PaymentsBody {
    payments: Vec<PaymentBody>,
    next_cursor: Option<String>,
}

/// The route: newest first.
#[utoipa::path(
    get,
    path = "/api/payments",
    operation_id = "payments",
    tag = "payments",
    summary = "The caller's own payments, newest first",
    security(("session" = [])),
    params(PaymentsQuery),
    responses((status = 200, description = "A page, of a hundred at most", body = PaymentsBody)),
)]
pub async fn list(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    QueryOf(query): QueryOf<PaymentsQuery>,
) -> Result<Json<PaymentsBody>, Problem> {
    let (payments, next_cursor) = page_of(&state, &user, &query.cursor, PAGE_PAYMENTS).await?;
    Ok(Json(PaymentsBody { payments: payments.iter().map(PaymentBody::from).collect(), next_cursor }))
}

/// A page of a person's own payments, newest first, and where the next one begins.
pub async fn page_of(
    state: &AppState,
    user: &User,
    from: &str,
    page: u32,
) -> Result<(Vec<Payment>, Option<String>), Problem> {
    let subject = subject_of_user(user.id)?;
    let before = match place(from)? {
        Some(place) => Some((place.created_at, PaymentId::new(place.id).map_err(Problem::internal)?)),
        None => None,
    };
    // One more than shown tells whether there is a next page.
    let payments = state.payments.payments_of(&subject, before, page + 1).await;
    let mut payments = payments.map_err(Problem::unavailable)?;
    let next = next_of(&mut payments, page, cursor);
    Ok((payments, next))
}
