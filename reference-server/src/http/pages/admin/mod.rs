//! The pages of administrators: payments, one payment, and the log of what was done. For anybody else there is nothing
//! here.

mod acts;
mod payment;
mod payments;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};

use crate::auth::AdminUser;
use crate::http::admin::export;
use crate::problem::Problem;
use crate::state::AppState;

/// The routes.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin", get(|AdminUser(_): AdminUser| async { Redirect::to("/admin/payments/") }))
        .route("/admin/payments", get(payments::payments))
        .route("/admin/payments/export", get(export::export))
        .route("/admin/payments/{transaction_id}", get(payment::show))
        .route("/admin/payments/{transaction_id}/recheck", post(payment::recheck))
        .route("/admin/payments/{transaction_id}/resolve", post(payment::resolve))
        .route("/admin/payments/{transaction_id}/refund", post(payment::refund))
        .route("/admin/acts", get(acts::acts))
        .method_not_allowed_fallback(|| async { Problem::not_found() })
}
