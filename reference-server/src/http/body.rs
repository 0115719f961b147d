//! Reading a request's body and query, where everything that is wrong gets a clear problem and nothing gets a 500.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::problem::Problem;

/// The largest body that any route takes.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// A JSON body.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

/// A body that may be JSON or an HTML form.
#[derive(Debug)]
pub struct JsonOrForm<T>(pub T);

/// An HTML form's body.
#[derive(Debug)]
pub struct FormBody<T>(pub T);

/// The query, read as the route expects.
#[derive(Debug)]
pub struct QueryOf<T>(pub T);

/// The one parameter of the path; what isn't UTF-8 names nothing.
#[derive(Debug)]
pub struct PathText(pub String);

/// The id in the path; what isn't one names nothing.
#[derive(Debug, Clone, Copy)]
pub struct PathId(pub Uuid);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !has_type(request.headers(), is_json) {
            return Err(Problem::unsupported_media_type("application/json"));
        }
        json(&bytes(request.into_body()).await?).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for FormBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !has_type(request.headers(), is_form) {
            return Err(Problem::unsupported_media_type("application/x-www-form-urlencoded"));
        }
        form(&bytes(request.into_body()).await?).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonOrForm<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let as_json = has_type(request.headers(), is_json);
        if !as_json && !has_type(request.headers(), is_form) {
            return Err(Problem::unsupported_media_type(
                "application/json or application/x-www-form-urlencoded",
            ));
        }
        let body = bytes(request.into_body()).await?;
        if as_json { json(&body).map(Self) } else { form(&body).map(Self) }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        if !percent_decodes_to_text(query) {
            return Err(Problem::invalid_query("The query is not UTF-8."));
        }
        Query::try_from_uri(&parts.uri)
            .map(|Query(query)| Self(query))
            .map_err(|_| Problem::invalid_query("A parameter is missing, twice there, or not of its type."))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathText {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(text)| Self(text)).map_err(|_| Problem::not_found())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let PathText(text) = PathText::from_request_parts(parts, state).await?;
        parse_id(&text).map(Self)
    }
}

/// An id as a client sends it; what isn't one names nothing.
pub fn parse_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}

/// The body, up to the limit.
async fn bytes(body: Body) -> Result<Bytes, Problem> {
    to_bytes(body, BODY_BYTES_MAX).await.map_err(|error| {
        let error = error.into_inner();
        match error.is::<http_body_util::LengthLimitError>() {
            true => Problem::too_large(BODY_BYTES_MAX),
            false => Problem::invalid_body("The body ended or stood still before it was whole."),
        }
    })
}

/// The message of the JSON parser may quote what was sent, so only the place is told.
fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // The whole of it, also what the route passes over.
    let text = std::str::from_utf8(body).map_err(|_| Problem::invalid_body("The body is not UTF-8."))?;
    serde_json::from_str(text).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => {
                "is JSON, but a field is missing or of another type than expected"
            }
            _ => "is not JSON",
        };
        let detail = format!("The body {what}, at line {} column {}.", error.line(), error.column());
        Problem::invalid_body(detail)
    })
}

fn form<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| Problem::invalid_body("The form is not UTF-8."))?;
    if !percent_decodes_to_text(text) {
        return Err(Problem::invalid_body("The form is not UTF-8."));
    }
    serde_urlencoded::from_str(text).map_err(|_| {
        Problem::invalid_body("A field of the form is missing, twice there, or not of its type.")
    })
}

/// Form decoding would put a replacement character for what isn't UTF-8, and so accept what nobody sent.
fn percent_decodes_to_text(text: &str) -> bool {
    percent_encoding::percent_decode_str(text).decode_utf8().is_ok()
}

fn has_type(headers: &HeaderMap, is: fn(&mime::Mime) -> bool) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.parse().ok()).is_some_and(|value| is(&value))
}

/// Whether a request carries a form that may have files in it.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    has_type(headers, |mime| mime.essence_str() == mime::MULTIPART_FORM_DATA.essence_str())
}

fn is_json(mime: &mime::Mime) -> bool {
    mime.type_() == mime::APPLICATION
        && (mime.subtype() == mime::JSON || mime.suffix().is_some_and(|suffix| suffix == mime::JSON))
}

fn is_form(mime: &mime::Mime) -> bool {
    mime.essence_str() == mime::APPLICATION_WWW_FORM_URLENCODED.essence_str()
}
