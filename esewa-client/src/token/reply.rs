//! The JSON of the answers, with amounts as the numbers that eSewa's samples show.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;

use super::RequestId;
use super::value::{Inquiry, TakenPayment, TakenStatus, TokenRefusal};
use crate::amount::Amount;

#[derive(Serialize)]
struct Tokens {
    access_token: String,
    expires_in: i64,
    token_type: &'static str,
    refresh_token: String,
    refresh_expires_in: i64,
}

#[derive(Serialize)]
struct Due<'i> {
    request_id: &'i str,
    response_code: u8,
    response_message: &'static str,
    amount: Box<RawValue>,
    properties: &'i BTreeMap<String, String>,
    packages: Vec<Choice<'i>>,
}

#[derive(Serialize)]
struct Choice<'i> {
    package_id: &'i str,
    display: &'i str,
    amount: Box<RawValue>,
}

#[derive(Serialize)]
struct Taken<'p> {
    request_id: &'p str,
    response_code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<TakenStatus>,
    response_message: &'static str,
    amount: Box<RawValue>,
    reference_code: Option<&'p str>,
}

#[derive(Serialize)]
struct Bad<'m> {
    response_code: u8,
    response_message: &'m str,
}

/// Two tokens and their lives in seconds.
pub(super) fn tokens(access: (String, i64), refresh: (String, i64)) -> Response {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    let tokens = Tokens {
        access_token: access.0,
        expires_in: access.1,
        token_type: "Bearer",
        refresh_token: refresh.0,
        refresh_expires_in: refresh.1,
    };
    (no_store, Json(tokens)).into_response()
}

pub(super) fn due(request_id: &RequestId, inquiry: &Inquiry) -> Response {
    let choice = |package: &'_ super::Package| (package.id.clone(), package.display.clone(), package.amount);
    let choices: Vec<_> = inquiry.packages.iter().map(choice).collect();
    let packages = choices.iter().filter_map(|(package_id, display, amount)| {
        Some(Choice { package_id, display, amount: number(*amount)? })
    });
    let Some(amount) = number(inquiry.amount) else { return unavailable() };
    Json(Due {
        request_id: request_id.as_str(),
        response_code: 0,
        response_message: "success",
        amount,
        properties: &inquiry.properties,
        packages: packages.collect(),
    })
    .into_response()
}

/// The answer to `payment`, and with a status the one to `status`.
pub(super) fn taken(payment: &TakenPayment, status: Option<TakenStatus>) -> Response {
    let Some(amount) = number(payment.amount) else { return unavailable() };
    Json(Taken {
        request_id: payment.request_id.as_str(),
        response_code: 0,
        status,
        response_message: "Payment successful",
        amount,
        reference_code: Some(&payment.reference_code),
    })
    .into_response()
}

/// The answer to `status` where nothing is recorded.
pub(super) fn not_taken(request_id: &RequestId, amount: Amount) -> Response {
    let Some(amount) = number(amount) else { return unavailable() };
    Json(Taken {
        request_id: request_id.as_str(),
        response_code: 1,
        status: Some(TakenStatus::Failed),
        response_message: "No such payment",
        amount,
        reference_code: None,
    })
    .into_response()
}

pub(super) fn bad(status: StatusCode, message: &str) -> Response {
    (status, Json(Bad { response_code: 1, response_message: message })).into_response()
}

pub(super) fn refused(refusal: &TokenRefusal) -> Response {
    let status = match refusal {
        TokenRefusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        TokenRefusal::Unknown | TokenRefusal::WrongAmount | TokenRefusal::Other(_) => StatusCode::OK,
    };
    bad(status, &refusal.to_string())
}

fn unavailable() -> Response {
    refused(&TokenRefusal::Unavailable)
}

/// An amount as a JSON number, written from its decimal text.
fn number(amount: Amount) -> Option<Box<RawValue>> {
    RawValue::from_string(amount.to_string()).ok()
}
