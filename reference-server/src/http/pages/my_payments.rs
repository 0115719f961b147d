//! `GET /my/payments/`: a client's payments, newest first, each with its state in words and a receipt behind it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use paygate::{Payment, State as Reached};
use serde::Deserialize;

use super::payment::room_title;
use super::shell::{in_query, layout, to_login};
use crate::auth::{CurrentUser, MaybeUser, Role};
use crate::http::body::QueryOf;
use crate::http::payments::list::page_of;
use crate::payments::room_of;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::my_payments::{MyPaymentsPage, PaymentEntry, Standing};
use crate::ui::{self, Here, money, time};

/// Payments a page.
const PAGE_PAYMENTS: u32 = 20;

/// Where the list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    cursor: String,
}

/// The route.
pub async fn payments(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    QueryOf(query): QueryOf<Query>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/my/payments/")) };
    let client = CurrentUser(user).require(Role::Client)?;
    let (found, next) = page_of(&state, &client, &query.cursor, PAGE_PAYMENTS).await?;
    let mut payments = Vec::with_capacity(found.len());
    for payment in &found {
        payments.push(entry(&state, payment).await?);
    }
    let page = MyPaymentsPage {
        layout: layout(&state, t!("my-payments"), Some(&client), Here::My).await?,
        payments,
        next_url: next.map(|cursor| format!("/my/payments/?cursor={}", in_query(&cursor))),
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// A payment in a list.
pub(super) async fn entry(state: &AppState, payment: &Payment) -> Result<PaymentEntry, Problem> {
    let room = room_of(&payment.intent.offer.resource).ok_or_else(Problem::not_found)?;
    let now = state.clock.now();
    let at = payment.paid_at.unwrap_or(payment.intent.created_at);
    Ok(PaymentEntry {
        id: payment.intent.id.as_str().to_owned(),
        room_title: room_title(state, room).await?,
        amount: money::rupees(payment.intent.offer.price.minor),
        standing: standing(payment, now),
        datetime: at.to_string(),
        when: time::moment(at, now),
    })
}

/// Where a payment stands, as its payer should know it.
pub(super) fn standing(payment: &Payment, now: Timestamp) -> Standing {
    match payment.state {
        Reached::Refunded => Standing::Refunded,
        // A part went back of what was never seen paid: somebody looks.
        Reached::PartlyRefunded if payment.paid_at.is_none() => Standing::Checking,
        Reached::PartlyRefunded => Standing::PartlyRefunded,
        Reached::Paid => Standing::Paid,
        Reached::Lapsed(_) => Standing::NotPaid,
        _ if payment.in_flight => Standing::Checking,
        _ if payment.is_offered(now) => Standing::Open,
        _ => Standing::Expired,
    }
}
