//! `GET /payments/{transaction_id}/receipt/`: what its payer can print and keep. It says what our record says, and
//! names nobody but the payer; whoever else asks finds nothing.

use axum::extract::{OriginalUri, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use paygate::{Anomaly, Payment};

use super::my_payments::standing;
use super::payment::room_title;
use super::shell::{layout, to_login};
use crate::auth::MaybeUser;
use crate::http::body::PathText;
use crate::http::payments::show::payment;
use crate::payments::{room_of, user_of};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::my_payments::{Moment, ReceiptPage, Standing};
use crate::ui::{self, Here, money, time};

/// The route.
pub async fn receipt(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    OriginalUri(uri): OriginalUri,
    PathText(transaction_id): PathText,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(uri.path())) };
    let payment = payment(&state, &transaction_id).await?;
    if user_of(&payment.intent.subject) != Some(user.id) {
        return Err(Problem::not_found());
    }
    let room = room_of(&payment.intent.offer.resource).ok_or_else(Problem::not_found)?;
    let standing = standing(&payment, state.clock.now());
    let title = if standing.is_receipt() { t!("receipt") } else { t!("payment-title") };
    let page = ReceiptPage {
        layout: layout(&state, title, Some(&user), Here::My).await?,
        id: payment.intent.id.as_str().to_owned(),
        room_id: room.to_string(),
        room_title: room_title(&state, room).await?,
        amount: money::rupees(payment.intent.offer.price.minor),
        standing,
        goes_back: goes_back(&payment, standing),
        started: moment(payment.intent.created_at),
        paid: payment.paid_at.map(moment),
        refunded: payment.refunded_at.map(moment),
        reference: payment.reference.as_ref().map(|reference| reference.as_str().to_owned()),
        payee: payment.intent.payee.as_str().to_owned(),
        payer: user.name.clone(),
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// Paid for nothing: access was there already, or the owner had left. Until an administrator has dealt with it.
fn goes_back(payment: &Payment, standing: Standing) -> bool {
    let for_nothing = matches!(payment.review, Some(Anomaly::PaidTwice | Anomaly::Undeliverable));
    standing == Standing::Paid && for_nothing
}

fn moment(at: Timestamp) -> Moment {
    Moment { datetime: at.to_string(), words: time::in_both_calendars(at) }
}
