//! The routes, grouped as the contract groups them. Paths are written without their trailing slash; both answer.

pub mod accounts;
pub mod admin;
pub mod body;
pub mod conversations;
pub mod fields;
pub mod messages;
pub mod operations;
pub mod pages;
pub mod payments;
pub mod photos;
pub mod rooms;
pub mod wire;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, patch, post};
use paygate::{ConfigError as GateConfigError, Decide, PaygateLayer};

use crate::middleware;
use crate::origin;
use crate::payments::RoomGate;
use crate::problem::Problem;
use crate::state::AppState;
use crate::{ui, ws};

/// Why the routes can't be put together.
#[derive(Debug, thiserror::Error)]
pub enum RoutesError {
    /// The payment gate refuses its configuration.
    #[error("the payment gate can't be set up")]
    Gate(#[from] GateConfigError),
}

/// All routes with the stack around them.
///
/// # Errors
///
/// When a layer refuses the configuration.
pub fn router(state: &AppState) -> Result<Router, RoutesError> {
    let guarded = Router::new()
        .merge(accounts())
        .merge(admin::routes())
        .merge(pages::admin::routes())
        .merge(rooms(state)?)
        .merge(photos::routes(state)?)
        .merge(payments())
        .merge(chat())
        .merge(ws::routes())
        .merge(ui::routes())
        .merge(pages::routes())
        .route("/healthz", get(operations::healthz::healthz))
        .route("/readyz", get(operations::readyz::readyz))
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(from_fn_with_state(state.clone(), origin::guard));
    let routes = Router::new()
        // eSewa, or anyone, from anywhere: it believes nothing that it is told.
        .route("/esewa-webhook", post(payments::esewa_webhook::esewa_webhook))
        .merge(guarded)
        .with_state(state.clone());
    Ok(middleware::stack(routes, state))
}

/// The payment gate before what a room locks.
fn gate(state: &AppState) -> Result<PaygateLayer<impl Decide + use<>, RoomGate>, GateConfigError> {
    let gate = RoomGate::new(state.clone());
    PaygateLayer::builder(gate.clone(), state.payments.store().clone())
        .clock(state.clock.clone())
        .render(gate)
        .build()
}

fn accounts() -> Router<AppState> {
    Router::new()
        .route("/api/register", post(accounts::register::register))
        .route("/api/login", post(accounts::login::login))
        .route("/api/logout", post(accounts::logout::logout))
        .route("/api/me", get(accounts::me::me))
}

fn rooms(state: &AppState) -> Result<Router<AppState>, GateConfigError> {
    Ok(Router::new()
        .route("/api/rooms", get(rooms::list::list).post(rooms::create::create))
        .route(
            "/api/rooms/{id}",
            get(rooms::show::show).patch(rooms::change::change).delete(rooms::remove::remove),
        )
        .route("/api/rooms/{id}/contact", get(rooms::contact::contact).layer(gate(state)?)))
}

fn chat() -> Router<AppState> {
    Router::new()
        .route("/api/messages", get(messages::list::list))
        .route("/api/messages/send", post(messages::send::send))
        .route("/api/messages/read", post(messages::read::read))
        .route("/api/messages/{id}", patch(messages::change::change).delete(messages::remove::remove))
        .route("/api/unread-count", get(messages::unread::unread))
        .route("/api/conversations", get(conversations::list::list))
        .route("/api/conversations/block", post(conversations::block::block))
        .route("/api/conversations/unblock", post(conversations::unblock::unblock))
        .route("/api/conversations/report", post(conversations::report::report))
}

fn payments() -> Router<AppState> {
    Router::new()
        .route("/create-payment-intent", post(payments::create_intent::create_intent))
        .route("/esewa-success", get(payments::esewa_success::esewa_success))
        .route("/esewa-failure", get(payments::esewa_failure::esewa_failure))
        .route("/api/payments", get(payments::list::list))
        .route("/api/payments/{transaction_id}", get(payments::show::show))
}
