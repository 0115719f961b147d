//! Everything between the socket and a route, in the order in which a request meets it.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::IntoResponse as _;
use tower::ServiceBuilder;
use tower_http::ServiceBuilderExt as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::map_request_body::MapRequestBodyLayer;
use tower_http::request_id::MakeRequestUuid;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};

use crate::http::pages;
use crate::metrics;
use crate::problem::Problem;
use crate::rate_limits;
use crate::state::AppState;
use crate::ui::lang::in_language_of;

/// How long a body may stand still on its way here.
const BODY_STALL_MS: u64 = 10_000;
/// Shorter answers cost more to compress than to send.
const COMPRESS_BYTES_MIN: u64 = 512;

/// Puts the stack around the routes.
pub fn stack(routes: Router, state: &AppState) -> Router {
    let predicate = DefaultPredicate::new()
        .and(tower_http::compression::predicate::SizeAbove::new(COMPRESS_BYTES_MIN))
        .and(NotForContentType::const_new("font/"));
    routes.layer(
        ServiceBuilder::new()
            // A name for the request in every log line and in the answer, so that both can be found.
            .set_x_request_id(MakeRequestUuid)
            .propagate_x_request_id()
            .layer(from_fn_with_state(state.clone(), metrics::record))
            // One span a request. No query and no body in it: they carry callbacks, tokens and phone numbers.
            .layer(
                TraceLayer::new_for_http()
                    .make_span_with(span)
                    .on_response(DefaultOnResponse::new().level(tracing::Level::DEBUG))
                    .on_failure(()),
            )
            .layer(from_fn(in_language_of))
            .layer(from_fn_with_state(state.clone(), security_headers))
            .layer(CompressionLayer::new().compress_when(predicate))
            // Inside compression, so that error pages are compressed too; outside everything that may refuse.
            .layer(from_fn_with_state(state.clone(), readable_errors))
            .layer(CatchPanicLayer::custom(|_| Problem::internal_without_cause().into_response()))
            .layer(from_fn_with_state(state.clone(), rate_limits::limit))
            .layer(RequestBodyTimeoutLayer::new(Duration::from_millis(BODY_STALL_MS)))
            .layer(MapRequestBodyLayer::new(Body::new)),
    )
}

fn span(request: &Request) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

/// Headers that every answer has, whatever made it.
async fn security_headers(State(state): State<AppState>, request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    // `form-action` names eSewa, because the payment is a form that the browser posts there.
    let policy = format!(
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
         connect-src 'self' {}; form-action 'self' {}; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
        state.websocket_origin(),
        state.esewa_origin
    );
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=()",
        ),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let headers = response.headers_mut();
    // What a viewer sees depends on who they are; only the pages' files are everybody's, and say so themselves.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if state.public_url.scheme() == "https" {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Every error is a problem+json, or for a person with a browser a page that says the same.
async fn readable_errors(State(state): State<AppState>, request: Request, next: Next) -> Response<Body> {
    let wants_page = wants_html(request.headers());
    let (parts, body) = request.into_parts();
    let who = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return response;
    }
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        // A page that shows what is wrong with a form is an answer of its own; a layer's plain words are not.
        None if !is_plain(&response) => return response,
        None => Problem::of_status(response.status()),
    };
    let mut readable = match wants_page {
        true => pages::problem::answer(&state, &who, &problem).await,
        false if response.extensions().get::<Problem>().is_some() => return response,
        false => problem.into_response(),
    };
    for name in [header::RETRY_AFTER, header::ALLOW, header::WWW_AUTHENTICATE, header::SET_COOKIE] {
        for value in response.headers().get_all(&name) {
            readable.headers_mut().append(name.clone(), value.clone());
        }
    }
    readable
}

/// Whether a page is preferred: a browser names `text/html` first when it navigates.
pub fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let position = |name: &str| accept.split(',').position(|part| part.trim().starts_with(name));
    match (position("text/html"), position("application/json")) {
        (Some(html), Some(json)) => html < json,
        (html, None) => html.is_some(),
        (None, Some(_)) => false,
    }
}

fn is_plain(response: &Response<Body>) -> bool {
    let value = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.is_none_or(|value| value.starts_with("text/plain"))
}
