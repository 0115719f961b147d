//! Every refusal of the server: an RFC 9457 problem with a stable code, public text, and a cause for the log only.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::db;

/// Where a caller who should come back later is told to wait, in seconds.
const RETRY_AFTER_S: u32 = 5;

/// What is answered in place of what was asked for. `detail` is public; `cause` is logged, once, and never sent.
///
/// One pointer wide: a problem travels in the `Err` of nearly every function of the server.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    retry_after_s: Option<u32>,
    headers: HeaderMap,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// One field that doesn't do, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's name in the request.
    pub field: &'static str,
    /// For a person.
    pub message: String,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            status,
            code,
            title,
            detail: detail.into(),
            errors: Vec::new(),
            members: Map::new(),
            retry_after_s: None,
            headers: HeaderMap::new(),
            cause: None,
        }))
    }

    /// 400: the body is not what the route expects.
    pub fn invalid_body(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_body", "The body can't be read", detail)
    }

    /// 400: the query is not what the route expects.
    pub fn invalid_query(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_query", "The query can't be read", detail)
    }

    /// 400: forged or malformed.
    pub fn invalid_callback() -> Self {
        let detail = "This is not an answer that eSewa signed for this shop. Nothing was changed.";
        Self::new(StatusCode::BAD_REQUEST, "invalid_callback", "Not a valid eSewa callback", detail)
    }

    /// 401: no session, or one that ended.
    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", "Not signed in", "Log in first.")
    }

    /// 401: which of the two is wrong is not said.
    pub fn bad_credentials() -> Self {
        let detail = "The phone number or the password is wrong.";
        Self::new(StatusCode::UNAUTHORIZED, "bad_credentials", "Can't log in", detail)
    }

    /// 402: the offer goes into further members, see [`Problem::with`].
    pub fn payment_required(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYMENT_REQUIRED, "payment_required", "Payment required", detail)
    }

    /// 403: known, and not allowed.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
    }

    /// 403: an administrator has suspended the account.
    pub fn account_suspended() -> Self {
        let detail =
            "This account is suspended. Ask whoever runs this site why, and what can be done about it.";
        Self::new(StatusCode::FORBIDDEN, "account_suspended", "Account suspended", detail)
    }

    /// 403: sent by a page of another site.
    pub fn cross_origin() -> Self {
        let detail = "The request came from a page of another site.";
        Self::new(StatusCode::FORBIDDEN, "cross_origin", "Cross-origin request refused", detail)
    }

    /// 404, also for what the caller may not know exists.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", "There is nothing here, or not for you.")
    }

    /// 405.
    pub fn method_not_allowed() -> Self {
        let detail = "This path does not answer this method.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed", detail)
    }

    /// 409: somebody else was first.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "Conflict", detail)
    }

    /// 409: nothing to pay for.
    pub fn already_unlocked() -> Self {
        let detail = "This room is unlocked for you already; there is nothing to pay.";
        Self::new(StatusCode::CONFLICT, "already_unlocked", "Already unlocked", detail)
    }

    /// 409: wait, and above all do not pay again.
    pub fn payment_in_progress() -> Self {
        let detail = "Your payment is being checked with eSewa. Do not pay again; look here in a moment.";
        Self::new(StatusCode::CONFLICT, "payment_in_progress", "Payment in progress", detail)
            .retry_after_s(RETRY_AFTER_S)
    }

    /// 409: a client's id was used for something else before.
    pub fn id_reused() -> Self {
        let detail = "This id was used before, with other content.";
        Self::new(StatusCode::CONFLICT, "id_reused", "Id used before", detail)
    }

    /// 413: a body over `limit_bytes`.
    pub fn too_large(limit_bytes: usize) -> Self {
        let detail = format!("At most {limit_bytes} bytes are taken here.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "Too large", detail)
    }

    /// 415: a body of a type the route doesn't take.
    pub fn unsupported_media_type(expected: &str) -> Self {
        let detail = format!("Send {expected}.");
        let title = "Unsupported media type";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", title, detail)
    }

    /// 422: understood, but one or more fields don't do.
    pub fn invalid_fields(errors: Vec<FieldError>) -> Self {
        let detail =
            errors.iter().map(|e| format!("{}: {}", e.field, e.message)).collect::<Vec<_>>().join(" ");
        let title = "A field is not valid";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", title, detail).with_errors(errors)
    }

    /// 429: more than is taken at once.
    pub fn rate_limited(retry_ms: u64) -> Self {
        let seconds = u32::try_from(retry_ms.div_ceil(1_000)).unwrap_or(u32::MAX);
        let detail = format!("Too many at once. Try again in {seconds} s.");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", "Too many requests", detail)
            .retry_after_s(seconds)
    }

    /// 502: eSewa can't be used at the moment.
    pub fn provider_unavailable(cause: impl Error + Send + Sync + 'static) -> Self {
        let detail = "eSewa does not answer at the moment. Nothing was charged by this request.";
        Self::new(StatusCode::BAD_GATEWAY, "provider_unavailable", "eSewa is not available", detail)
            .retry_after_s(RETRY_AFTER_S)
            .caused_by(cause)
    }

    /// 503: one of our own parts doesn't answer.
    pub fn unavailable(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::unavailable_for_now().caused_by(cause)
    }

    /// 503 without a cause of its own.
    pub fn unavailable_for_now() -> Self {
        let detail = "The service can't answer at the moment. Try again shortly.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not available", detail)
            .retry_after_s(RETRY_AFTER_S)
    }

    /// 504: the answer took too long.
    pub fn timed_out() -> Self {
        let detail = "The answer took too long. Try again shortly.";
        Self::new(StatusCode::GATEWAY_TIMEOUT, "unavailable", "Timed out", detail)
            .retry_after_s(RETRY_AFTER_S)
    }

    /// 500: our fault.
    pub fn internal(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::internal_without_cause().caused_by(cause)
    }

    /// 500 where the cause was logged elsewhere (a panic).
    pub fn internal_without_cause() -> Self {
        let detail = "Something broke on our side. It was noted.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail)
    }

    /// The plain problem of a status that a layer answered without a body.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::METHOD_NOT_ALLOWED => Self::method_not_allowed(),
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::GATEWAY_TIMEOUT | StatusCode::REQUEST_TIMEOUT => Self::timed_out(),
            status if status.is_server_error() => Self::internal_without_cause(),
            status => {
                Self::new(status, "invalid_body", "The request can\'t be read", "The request can't be read.")
            }
        }
    }

    /// Adds a member to the problem object.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// Names the fields that the problem is about.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors = errors;
        self
    }

    fn retry_after_s(mut self, seconds: u32) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    fn caused_by(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.0.cause = Some(Arc::new(cause));
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable, machine-readable code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// A few words for a person.
    pub fn title(&self) -> &'static str {
        self.0.title
    }

    /// A sentence or two for a person.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The fields that don't do.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    fn body(&self) -> Value {
        let mut body = self.0.members.clone();
        body.insert("type".into(), format!("urn:kotha:problem:{}", self.0.code).into());
        body.insert("title".into(), self.0.title.into());
        body.insert("status".into(), self.0.status.as_u16().into());
        body.insert("detail".into(), self.0.detail.clone().into());
        body.insert("code".into(), self.0.code.into());
        if !self.0.errors.is_empty() {
            body.insert("errors".into(), serde_json::json!(self.0.errors));
        }
        Value::Object(body)
    }
}

impl Problem {
    /// The whole answer. Logs the cause: this is the one place where a failure is logged.
    pub fn into_http(self) -> http::Response<Bytes> {
        if let Some(cause) = &self.0.cause {
            tracing::error!(code = self.0.code, cause = %causes(cause.as_ref()), "request failed");
        }
        let mut response = http::Response::new(Bytes::from(self.body().to_string()));
        *response.status_mut() = self.0.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.0.retry_after_s {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        headers.extend(self.0.headers.clone());
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into_http().map(Body::from)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)
    }
}

impl Error for Problem {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.cause.as_ref().map(|cause| cause.as_ref() as _)
    }
}

fn causes(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        line.push_str(": ");
        line.push_str(&error.to_string());
        source = error.source();
    }
    line
}

impl From<sqlx::Error> for Problem {
    /// A database that doesn't answer is "try again"; everything else is ours to mend.
    fn from(error: sqlx::Error) -> Self {
        match db::is_passing(&error) {
            true => Self::unavailable(error),
            false => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_carries_code_and_members_but_no_cause() {
        let problem = Problem::payment_required("Unlock first.").with("amount", "30.00");
        let problem = problem.caused_by(std::io::Error::other("password=hunter2"));
        let body = problem.body();
        assert_eq!(body["code"], "payment_required");
        assert_eq!(body["status"], 402);
        assert_eq!(body["amount"], "30.00");
        assert!(!body.to_string().contains("hunter2"));
    }

    #[test]
    fn members_never_replace_the_standard_ones() {
        let body = Problem::not_found().with("status", 200).body();
        assert_eq!(body["status"], 404);
    }

    #[test]
    fn field_errors_are_listed_by_field() {
        let errors = vec![FieldError { field: "phone", message: "ten digits.".into() }];
        let body = Problem::invalid_fields(errors).body();
        assert_eq!(body["errors"][0]["field"], "phone");
        assert_eq!(body["code"], "invalid_field");
    }
}
