//! Requests: how many, how long, how many at the moment.

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, Response};
use axum::middleware::Next;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use tokio::time::Instant;

use crate::state::AppState;

/// Upper bounds in seconds: a page should take under 0.1, and nothing takes over 20 but an upload.
const DURATION_BUCKETS_S: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0, 300.0];

/// The counts of requests.
pub struct HttpMetrics {
    requests: Family<RequestLabels, Counter>,
    duration: Family<RouteLabels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
}

/// Counted down even where the client hangs up before the answer.
struct InFlight<'a>(&'a Gauge);

impl HttpMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            requests: Family::default(),
            duration: Family::new_with_constructor(|| Histogram::new(DURATION_BUCKETS_S)),
            in_flight: Gauge::default(),
        };
        registry.register("http_requests", "Answered requests", metrics.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "From a request's head to its answer's",
            Unit::Seconds,
            metrics.duration.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests without an answer yet",
            metrics.in_flight.clone(),
        );
        metrics
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Counts one request.
pub async fn record(State(state): State<AppState>, request: Request, next: Next) -> Response<Body> {
    let http = &state.metrics.http;
    let method = method(request.method());
    // The route as the router has it: a path would have ids in it, and there is no end of them.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    http.in_flight.inc();
    let in_flight = InFlight(&http.in_flight);
    let response = next.run(request).await;
    drop(in_flight);
    let labels = RouteLabels { method, route };
    http.duration.get_or_create(&labels).observe(begun.elapsed().as_secs_f64());
    let RouteLabels { method, route } = labels;
    let status = response.status().as_u16();
    http.requests.get_or_create(&RequestLabels { method, route, status }).inc();
    response
}

/// A client may make up methods.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
