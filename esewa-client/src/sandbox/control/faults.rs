//! `/_sandbox/faults`: makes the next calls of a route go wrong, or right again.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{answer, problem, read};
use crate::sandbox::Emulator;
use crate::sandbox::faults::{Armed, Fault, Route, default_delay_ms};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArmRequest {
    route: Route,
    fault: Fault,
    #[serde(default = "once")]
    times: u32,
    #[serde(default)]
    delay_ms: Option<u64>,
}

pub(in crate::sandbox) async fn list(State(emulator): State<Emulator>) -> Response {
    let armed = emulator.world().faults.armed().to_vec();
    answer(StatusCode::OK, &serde_json::json!({ "faults": armed }))
}

pub(in crate::sandbox) async fn arm(State(emulator): State<Emulator>, body: Bytes) -> Response {
    let request: ArmRequest = match read(&body) {
        Ok(request) => request,
        Err(invalid) => return invalid.into_response(),
    };
    let unfit = |detail| problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", detail);
    if !fits(request.route, request.fault) {
        return unfit("this fault cannot happen on this route");
    }
    let delay_ms = request.delay_ms.unwrap_or_else(|| default_delay_ms(request.fault));
    if !(1..=TIMES_MAX).contains(&request.times) || delay_ms > DELAY_MS_MAX {
        return unfit("times is 1 to 10000, delay_ms at most 600000");
    }
    let armed = Armed { route: request.route, fault: request.fault, times: request.times, delay_ms };
    if !emulator.world().faults.arm(armed) {
        return problem(StatusCode::CONFLICT, "conflict", "too many faults wait already");
    }
    list(State(emulator)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DisarmRequest {
    #[serde(default)]
    route: Option<Route>,
    #[serde(default)]
    fault: Option<Fault>,
}

/// `DELETE /_sandbox/faults[?route=][&fault=]`: takes back what waits, and lists what still does.
pub(in crate::sandbox) async fn disarm(State(emulator): State<Emulator>, uri: Uri) -> Response {
    let request = match Query::<DisarmRequest>::try_from_uri(&uri) {
        Ok(Query(request)) => request,
        Err(invalid) => return problem(StatusCode::BAD_REQUEST, "invalid_query", &invalid.body_text()),
    };
    emulator.world().faults.disarm(request.route, request.fault);
    list(State(emulator)).await
}

const TIMES_MAX: u32 = 10_000;
const DELAY_MS_MAX: u64 = 600_000;

fn once() -> u32 {
    1
}

/// Some faults mean something on certain routes only.
fn fits(route: Route, fault: Fault) -> bool {
    match fault {
        Fault::StalePending | Fault::WrongAmount => !matches!(route, Route::Form | Route::Redirect),
        // The way back is an address: there is nothing to break off in it.
        Fault::Cut => !matches!(route, Route::Redirect),
        Fault::Lost | Fault::Twice | Fault::Early => matches!(route, Route::Redirect | Route::Intent),
        _ => true,
    }
}
