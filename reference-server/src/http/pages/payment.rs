//! `GET /payments/{transaction_id}/`: the checkout on the client's own device.

use axum::extract::{OriginalUri, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use paygate::{NextStep, Payment, ResumeError};
use uuid::Uuid;

use super::shell::{layout, to_login};
use crate::auth::MaybeUser;
use crate::db::rooms;
use crate::db::users::{self, User};
use crate::http::body::PathText;
use crate::http::payments::create_intent::checkout_url;
use crate::http::payments::show::payment_for;
use crate::payments::wire::Status;
use crate::payments::{room_of, user_of};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::checkout::{Checkout, EsewaForm, PaymentPage, PaymentState};
use crate::ui::{self, Here, money, qr, time};

/// The route.
pub async fn payment(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    OriginalUri(uri): OriginalUri,
    PathText(transaction_id): PathText,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(uri.path())) };
    let payment = payment_for(&state, &user, &transaction_id).await?;
    let room = room_of(&payment.intent.offer.resource).ok_or_else(Problem::not_found)?;
    match resume(&state, &payment).await? {
        Resumed::Form(form) => {
            let checkout = checkout(&state, &payment, form)?;
            show(&state, &user, room, &payment, PaymentState::Open(checkout)).await
        }
        Resumed::Over(now) => match standing(&now) {
            PaymentState::Paid => {
                Ok(Redirect::to(&format!("/rooms/{room}/?payment=success")).into_response())
            }
            standing => show(&state, &user, room, &now, standing).await,
        },
    }
}

/// What a payment's page can offer.
pub(super) enum Resumed {
    /// To be paid with this form.
    Form(EsewaForm),
    /// Not to be paid; this is how it stands.
    Over(Box<Payment>),
}

/// Signs the form of an open payment again.
pub(super) async fn resume(state: &AppState, payment: &Payment) -> Result<Resumed, Problem> {
    let room = room_of(&payment.intent.offer.resource).ok_or_else(Problem::not_found)?;
    let payer = user_of(&payment.intent.subject).ok_or_else(Problem::not_found)?;
    if rooms::lookup(&state.db, room).await?.is_none() || !users::is_active(&state.db, payer).await? {
        // Not listed any more: for sale to nobody. Whoever has paid all the same still gets what they paid for. Nor is
        // anybody else asked to pay, with a code that was shown before, for who is suspended or gone.
        return Ok(Resumed::Over(Box::new(payment.clone())));
    }
    match state.payments.resume(&payment.intent.id).await {
        Ok((_, NextStep::PostForm { action, fields })) => {
            Ok(Resumed::Form(EsewaForm { action: action.to_string(), fields }))
        }
        Ok(_) => Err(Problem::internal_without_cause()),
        Err(ResumeError::NotOpen(payment)) => Ok(Resumed::Over(payment)),
        Err(ResumeError::UnknownPayment) => Err(Problem::not_found()),
        Err(ResumeError::Provider(error)) => Err(Problem::provider_unavailable(error)),
        Err(ResumeError::Store(error)) => Err(Problem::unavailable(error)),
        Err(error) => Err(Problem::internal(error)),
    }
}

/// A payment that is not offered any more.
fn standing(payment: &Payment) -> PaymentState {
    match Status::from(payment) {
        Status::Success => PaymentState::Paid,
        Status::Refunded => PaymentState::Refunded,
        Status::Failed => PaymentState::Closed,
        Status::Pending if payment.in_flight => PaymentState::Checking,
        // A new start asks eSewa about it before it offers another.
        Status::Pending => PaymentState::Expired,
    }
}

fn checkout(state: &AppState, payment: &Payment, form: EsewaForm) -> Result<Checkout, Problem> {
    let checkout_url = checkout_url(state, payment.intent.id.as_str())?;
    Ok(Checkout {
        form,
        qr_svg: qr::svg(&checkout_url),
        checkout_url,
        expires: time::clock(payment.intent.expires_at),
    })
}

async fn show(
    state: &AppState,
    user: &User,
    room: Uuid,
    payment: &Payment,
    standing: PaymentState,
) -> Result<Response, Problem> {
    let page = PaymentPage {
        layout: layout(state, t!("payment-title"), Some(user), Here::Elsewhere).await?,
        transaction_id: payment.intent.id.as_str().to_owned(),
        room_id: room.to_string(),
        room_title: room_title(state, room).await?,
        amount: money::rupees(payment.intent.offer.price.minor),
        state: standing,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// The title, also of a room that was taken down meanwhile.
pub(super) async fn room_title(state: &AppState, room: Uuid) -> Result<String, Problem> {
    let room = rooms::lookup_ever(&state.db, room).await?.ok_or_else(Problem::not_found)?;
    Ok(room.title)
}
