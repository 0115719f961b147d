//! Scripted misfortune: what goes wrong on which route, and for how many calls.

use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Emulator;
use crate::sandbox::v2::outage;

/// Where something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Route {
    Form,
    Status,
    Transrec,
    Redirect,
    Intent,
    Mobile,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    Outage,
    Forbidden,
    BadGateway,
    Timeout,
    Slow,
    Cut,
    Garbage,
    StalePending,
    WrongAmount,
    Lost,
    Twice,
    Early,
}

/// A fault that waits for its route to be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Armed {
    pub(super) route: Route,
    pub(super) fault: Fault,
    pub(super) times: u32,
    pub(super) delay_ms: u64,
}

/// All that wait, oldest first.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Armed>);

impl Faults {
    /// Arms one; `false` where too many wait already.
    pub(super) fn arm(&mut self, armed: Armed) -> bool {
        if self.0.len() >= ARMED_MAX {
            return false;
        }
        self.0.push(armed);
        true
    }

    /// Disarms those of a route, or of a kind, or of both; all where neither is named.
    pub(super) fn disarm(&mut self, route: Option<Route>, fault: Option<Fault>) {
        let meant = |armed: &Armed| {
            route.is_none_or(|route| route == armed.route) && fault.is_none_or(|fault| fault == armed.fault)
        };
        self.0.retain(|armed| !meant(armed));
    }

    /// What goes wrong with this call, and counts it.
    fn strike(&mut self, route: Route, fits: impl Fn(Fault) -> bool) -> Option<Armed> {
        let index = self.0.iter().position(|armed| armed.route == route && fits(armed.fault))?;
        let struck = self.0[index];
        self.0[index].times -= 1;
        if self.0[index].times == 0 {
            self.0.remove(index);
        }
        Some(struck)
    }

    pub(super) fn armed(&self) -> &[Armed] {
        &self.0
    }
}

/// A fault that changes what an answer says, and how long after it the status follows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bend {
    pub(super) fault: Fault,
    pub(super) delay_ms: u64,
}

/// What a route does about a fault.
pub(super) enum Struck {
    /// Answer this and nothing else.
    Instead(Response),
    /// Answer as usual, but as the fault says.
    Bent(Bend),
    /// Answer as usual, then break off in the middle.
    Cut,
    /// Nothing is wrong.
    No,
}

impl Emulator {
    /// Lets the next fault of `route` strike, with the waiting that belongs to it.
    pub(super) async fn strike(&self, route: Route) -> Struck {
        // A fault of Intent's delivery waits for a payment, and does not strike a call.
        let fits = |fault| route != Route::Intent || !is_of_delivery(fault);
        let Some(armed) = self.world().faults.strike(route, fits) else { return Struck::No };
        let delay = Duration::from_millis(armed.delay_ms);
        match armed.fault {
            Fault::Outage => {
                let quirks = self.quirks();
                Struck::Instead(outage(match route {
                    Route::Status => quirks.status_outage_http_status,
                    _ => quirks.outage_http_status,
                }))
            }
            Fault::Forbidden => Struck::Instead(page(StatusCode::FORBIDDEN, "403 Forbidden")),
            Fault::BadGateway => Struck::Instead(page(StatusCode::BAD_GATEWAY, "502 Bad Gateway")),
            Fault::Garbage => {
                Struck::Instead((StatusCode::OK, "upstream said: \u{1}{{{ null").into_response())
            }
            Fault::Timeout => {
                tokio::time::sleep(delay).await;
                Struck::Instead(page(StatusCode::GATEWAY_TIMEOUT, "504 Gateway Time-out"))
            }
            Fault::Slow => {
                tokio::time::sleep(delay).await;
                Struck::No
            }
            Fault::Cut => Struck::Cut,
            fault
            @ (Fault::StalePending | Fault::WrongAmount | Fault::Lost | Fault::Twice | Fault::Early) => {
                Struck::Bent(Bend { fault, delay_ms: armed.delay_ms })
            }
        }
    }
}

impl Emulator {
    /// What goes wrong with this delivery of an Intent callback: it is lost, made twice, tells a wrong amount, or
    /// comes before the status says so.
    pub(super) fn strike_delivery(&self) -> Option<Bend> {
        let armed = self.world().faults.strike(Route::Intent, is_of_delivery)?;
        Some(Bend { fault: armed.fault, delay_ms: armed.delay_ms })
    }
}

fn is_of_delivery(fault: Fault) -> bool {
    matches!(fault, Fault::Lost | Fault::Twice | Fault::Early | Fault::WrongAmount)
}

/// Sends the first half of an answer and breaks the connection off.
pub(super) async fn cut(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
    let half = bytes.slice(..bytes.len() / 2);
    let broken =
        std::io::Error::new(std::io::ErrorKind::ConnectionReset, "the emulator broke off, as it was told to");
    Response::from_parts(parts, Body::from_stream(futures_util::stream::iter([Ok(half), Err(broken)])))
}

/// From when on the status says what happened at `now`, where a fault makes that later.
pub(super) fn settles_at(bend: Option<Bend>, now: Timestamp) -> Option<Timestamp> {
    let bend = bend.filter(|bend| bend.fault == Fault::Early)?;
    let delay = SignedDuration::from_millis(i64::try_from(bend.delay_ms).unwrap_or(i64::MAX));
    Some(now.checked_add(delay).unwrap_or(now))
}

/// How long a fault of a kind waits where nobody said.
pub(super) fn default_delay_ms(fault: Fault) -> u64 {
    match fault {
        Fault::Timeout => 30_000,
        Fault::Slow => 3_000,
        Fault::Early => 5_000,
        _ => 0,
    }
}

fn page(status: StatusCode, title: &str) -> Response {
    let html = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, Html(html)).into_response()
}

const ARMED_MAX: usize = 100;
const BODY_BYTES_MAX: usize = 1024 * 1024;
