//! What administrators do about payments, as JSON; the pages use the same functions. For anybody else there is
//! nothing here, not even a method that isn't allowed.

pub mod acts;
pub mod export;
pub mod find;
pub mod list;
pub mod recheck;
pub mod refund;
pub mod resolve;
pub mod show;

use axum::Router;
use axum::routing::{get, post};

use crate::problem::Problem;
use crate::state::AppState;

/// The routes.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/admin/payments", get(list::list))
        .route("/api/admin/payments/export", get(export::export))
        .route("/api/admin/payments/{transaction_id}", get(show::show))
        .route("/api/admin/payments/{transaction_id}/recheck", post(recheck::recheck))
        .route("/api/admin/payments/{transaction_id}/resolve", post(resolve::resolve))
        .route("/api/admin/payments/{transaction_id}/refund", post(refund::refund))
        .route("/api/admin/acts", get(acts::list))
        .method_not_allowed_fallback(|| async { Problem::not_found() })
}
