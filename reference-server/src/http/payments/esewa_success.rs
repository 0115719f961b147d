//! `GET /esewa-success/`: where eSewa sends the payer's browser. It needs no session and believes nothing unasked.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use paygate::{CallbackError, Payment, ProviderId, RawCallback};
use url::form_urlencoded;

use crate::payments::wire::{PaymentBody, Status};
use crate::payments::{returned, room_of};
use crate::problem::Problem;
use crate::state::AppState;

/// A callback of eSewa's is under a kilobyte; more than this is none.
const QUERY_BYTES_MAX: usize = 8 * 1024;

/// The route.
#[utoipa::path(
    get,
    path = "/esewa-success",
    operation_id = "esewa_success",
    tag = "payments",
    summary = "Where eSewa sends the payer",
    params(("data" = Option<String>, Query, description = "ePay v2: the signed callback"), ("oid" = Option<String>, Query, description = "ePay v1"), ("amt" = Option<String>, Query, description = "ePay v1"), ("refId" = Option<String>, Query, description = "ePay v1")),
    responses(
        (status = 200, description = "For a program: how it stands", body = PaymentBody),
        (status = 303, description = "For a browser: to the room"),
        (status = 400, description = "`invalid_callback`: forged or malformed; nothing was changed"),
    ),
)]
pub async fn esewa_success(
    State(state): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let payment = settle(&state, &query).await?;
    Ok(answer(&state, &headers, &payment))
}

/// Verifies a callback, asks eSewa, and writes down what it says.
pub async fn settle(state: &AppState, query: &str) -> Result<Payment, Problem> {
    if query.len() > QUERY_BYTES_MAX {
        return Err(Problem::invalid_callback());
    }
    let version = version_of(query);
    let provider = ProviderId::new(version).map_err(Problem::internal)?;
    let (payments, query) = (state.payments.clone(), query.to_owned());
    // To its end, even if the payer's browser hangs up: what eSewa says, or doesn't, must be written down.
    let settling = state.tasks.spawn(async move {
        let raw = RawCallback { query: &query, headers: &HeaderMap::new(), body: &[] };
        payments.callback(&provider, raw).await
    });
    settling.await.map_err(Problem::internal)?.map_err(|error| match error {
        // Nothing of v1 is signed: a payment that is not ours is made up, as far as anybody can know.
        CallbackError::UnknownPayment if version == V1 => Problem::invalid_callback(),
        error => refusal(error),
    })
}

const V1: &str = "esewa-v1";

/// Whose callback it looks like. A payment that was started with the other version is not found by it.
fn version_of(query: &str) -> &'static str {
    let has = |wanted| form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == wanted);
    if has("oid") && !has("data") { V1 } else { "esewa" }
}

/// For a program the payment; for a browser the room's page, which says how it stands.
pub fn answer(state: &AppState, headers: &HeaderMap, payment: &Payment) -> Response {
    if wants_json(headers) {
        return Json(PaymentBody::from(payment)).into_response();
    }
    answer_to_browser(state, payment)
}

/// The room's page, which says how the payment stands.
pub fn answer_to_browser(state: &AppState, payment: &Payment) -> Response {
    let status = match Status::from(payment) {
        Status::Success => "success",
        Status::Pending => "pending",
        Status::Failed | Status::Refunded => "failed",
    };
    match room_of(&payment.intent.offer.resource) {
        Some(room) => {
            let cookie = [(header::SET_COOKIE, returned::remember(state, payment))];
            (cookie, Redirect::to(&format!("/rooms/{room}/?payment={status}"))).into_response()
        }
        None => Problem::not_found().into_response(),
    }
}

fn refusal(error: CallbackError) -> Problem {
    match error {
        // Rightly signed, but not of ours.
        CallbackError::UnknownPayment | CallbackError::ForeignPayee => Problem::not_found(),
        CallbackError::Store(error) => Problem::unavailable(error),
        error @ CallbackError::UnknownProvider => Problem::internal(error),
        _ => Problem::invalid_callback(),
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/json"))
        && !crate::middleware::wants_html(headers)
}
