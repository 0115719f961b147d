//! The routes, grouped as the contract groups them. Paths are written without their trailing slash; both answer.

pub mod accounts;
pub mod admin;
pub mod body;
mod characters;
pub mod conversations;
pub mod earnings;
pub mod fields;
pub mod messages;
pub mod operations;
pub mod pages;
pub mod parts;
pub mod payments;
pub mod photos;
pub mod push;
pub mod pwa;
pub mod rooms;
pub mod wire;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::{Extension, Router};
use paygate::{ConfigError as GateConfigError, Decide, PaygateLayer};
use utoipa::OpenApi as _;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::middleware;
use crate::openapi::Description;
use crate::origin;
use crate::payments::{self as paying, RoomGate};
use crate::problem::Problem;
use crate::state::AppState;
use crate::{ui, ws};

/// Why the routes can't be put together.
#[derive(Debug, thiserror::Error)]
pub enum RoutesError {
    /// The payment gate refuses its configuration.
    #[error("the payment gate can't be set up")]
    Gate(#[from] GateConfigError),
    /// The API can't be described.
    #[error("the description of the API can't be written")]
    Description(#[from] serde_json::Error),
}

/// All routes with the stack around them.
///
/// # Errors
///
/// When a layer refuses the configuration.
pub fn router(state: &AppState) -> Result<Router, RoutesError> {
    let (guarded, mut described) = api(state)?.split_for_parts();
    let (open, described_open) = open().split_for_parts();
    described.merge(described_open);
    let description = Arc::new(Description::of(&described, state.session_cookie.name())?);
    let guarded = guarded
        .merge(ui::routes())
        .merge(pages::admin::routes())
        .merge(pages::routes())
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(Extension(description))
        .layer(from_fn_with_state(state.clone(), origin::guard));
    let routes = open.merge(guarded).with_state(state.clone());
    Ok(middleware::stack(routes, state))
}

/// What eSewa, or anyone, may ask for from anywhere: it believes nothing that it is told.
fn open() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(payments::esewa_webhook::esewa_webhook))
}

/// The API: each route with its description.
fn api(state: &AppState) -> Result<OpenApiRouter<AppState>, RoutesError> {
    Ok(OpenApiRouter::with_openapi(Shapes::openapi())
        .merge(accounts())
        .merge(admin::routes())
        .merge(rooms(state)?)
        .merge(photos::routes(state)?)
        .routes(routes!(earnings::earnings))
        .merge(payments())
        .merge(chat())
        .merge(push())
        .merge(ws::routes())
        .routes(routes!(operations::healthz::healthz))
        .routes(routes!(operations::readyz::readyz))
        .routes(routes!(operations::openapi::openapi)))
}

/// Shapes that no answer of a handler leads to.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(crate::openapi::ProblemBody)))]
struct Shapes;

/// The payment gate before what a room locks.
fn gate(state: &AppState) -> Result<PaygateLayer<impl Decide + use<>, RoomGate>, GateConfigError> {
    let gate = RoomGate::new(state.clone());
    PaygateLayer::builder(gate.clone(), state.payments.store().clone())
        .clock(state.clock.clone())
        .realm(paying::REALM)
        .checkout(state.offers.checkout.clone())
        .offer_keys(state.offers.keys.clone())
        .offer_ttl_s(paying::OFFER_TTL_S)
        .payments_at("/api/payments/")
        .render(gate)
        .build()
}

fn accounts() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(accounts::register::register))
        .routes(routes!(accounts::login::login))
        .routes(routes!(accounts::logout::logout))
        .routes(routes!(accounts::me::me))
        .routes(routes!(accounts::sessions::list, accounts::sessions::end_others))
        .routes(routes!(accounts::sessions::end))
        .routes(routes!(accounts::password::password))
        .routes(routes!(accounts::delete::delete))
}

fn rooms(state: &AppState) -> Result<OpenApiRouter<AppState>, GateConfigError> {
    Ok(OpenApiRouter::default()
        .routes(routes!(rooms::list::list, rooms::create::create))
        .routes(routes!(rooms::show::show, rooms::change::change, rooms::remove::remove))
        .routes(routes!(rooms::contact::contact).layer(gate(state)?)))
}

fn chat() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(messages::list::list))
        // The route reads in pieces and counts for itself.
        .routes(routes!(messages::send::send).layer(DefaultBodyLimit::disable()))
        .routes(routes!(messages::read::read))
        .routes(routes!(messages::change::change, messages::remove::remove))
        .routes(routes!(messages::image::image))
        .routes(routes!(messages::unread::unread))
        .routes(routes!(conversations::list::list))
        .routes(routes!(conversations::block::block))
        .routes(routes!(conversations::unblock::unblock))
        .routes(routes!(conversations::report::report))
}

fn push() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(push::key::key))
        .routes(routes!(push::subscribe::subscribe, push::unsubscribe::unsubscribe))
}

fn payments() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(payments::create_intent::create_intent))
        .routes(routes!(payments::esewa_success::esewa_success))
        .routes(routes!(payments::esewa_failure::esewa_failure))
        .routes(routes!(payments::list::list))
        .routes(routes!(payments::show::show))
}
