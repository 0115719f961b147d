//! `GET /pay/{transaction_id}/`: the checkout on the phone that scanned the code. It needs no session, and so it
//! shows nothing but the amount and the room's title.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::payment::{Resumed, resume, room_title};
use crate::http::body::PathText;
use crate::http::payments::show::payment;
use crate::payments::room_of;
use crate::payments::wire::Status;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::checkout::{PayPage, PayState};
use crate::ui::{self, Here, Layout, money};

/// The route.
pub async fn pay(
    State(state): State<AppState>,
    PathText(transaction_id): PathText,
) -> Result<Response, Problem> {
    let payment = payment(&state, &transaction_id).await?;
    let room = room_of(&payment.intent.offer.resource).ok_or_else(Problem::not_found)?;
    let standing = match resume(&state, &payment).await? {
        Resumed::Form(form) => PayState::Open(form),
        Resumed::Over(now) => match Status::from(&*now) {
            Status::Success => PayState::Paid,
            Status::Pending if now.in_flight => PayState::Checking,
            Status::Refunded => PayState::Refunded,
            Status::Pending | Status::Failed => PayState::Closed,
        },
    };
    let page = PayPage {
        layout: Layout::new(t!("pay-title"), None, Here::Bare),
        room_title: room_title(&state, room).await?,
        amount: money::rupees(payment.intent.offer.price.minor),
        state: standing,
    };
    Ok(ui::page(StatusCode::OK, &page))
}
