//! What administrators see and do, as JSON; the pages use the same functions. For anybody else there is
//! nothing here, not even a method that isn't allowed.

pub mod acts;
pub mod export;
pub mod figures;
pub mod find;
pub mod list;
pub mod page;
pub mod recheck;
pub mod refund;
pub mod reports;
pub mod resolve;
pub mod rooms;
pub mod show;
pub mod suspension;
pub mod users;

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
        .routes(hidden(routes!(figures::show)))
        .routes(hidden(routes!(users::list::list)))
        .routes(hidden(routes!(users::show::show)))
        .routes(hidden(routes!(users::suspend::suspend)))
        .routes(hidden(routes!(users::suspend::lift)))
        .routes(hidden(routes!(rooms::list::list)))
        .routes(hidden(routes!(rooms::show::show)))
        .routes(hidden(routes!(rooms::suspend::suspend)))
        .routes(hidden(routes!(rooms::suspend::lift)))
        .routes(hidden(routes!(reports::list::list)))
        .routes(hidden(routes!(reports::show::show)))
        .routes(hidden(routes!(reports::image::image)))
        .routes(hidden(routes!(reports::decide::decide)))
        .routes(hidden(routes!(acts::list)))
}

/// Other methods find nothing here either.
fn hidden(routes: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    routes.map(|methods: MethodRouter<AppState>| methods.fallback(|| async { Problem::not_found() }))
}
