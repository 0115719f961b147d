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

use axum::routing::MethodRouter;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::problem::Problem;
use crate::state::AppState;

/// The routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(hidden(routes!(list::list)))
        .routes(hidden(routes!(export::export)))
        .routes(hidden(routes!(show::show)))
        .routes(hidden(routes!(recheck::recheck)))
        .routes(hidden(routes!(resolve::resolve)))
        .routes(hidden(routes!(refund::refund)))
        .routes(hidden(routes!(acts::list)))
}

/// Other methods find nothing here either.
fn hidden(routes: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    routes.map(|methods: MethodRouter<AppState>| methods.fallback(|| async { Problem::not_found() }))
}
