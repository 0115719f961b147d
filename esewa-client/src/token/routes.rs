//! The four routes.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use url::form_urlencoded;

use super::credentials::{Kind, is_good, issue};
use super::reply::{bad, due, not_taken, refused, taken, tokens};
use super::value::{RequestId, TEXT_BYTES_MAX, TakenStatus, TokenPayment};
use super::{TokenApi, TokenMerchant, agrees};
use crate::amount::Amount;
use crate::ids::ReferenceId;
use crate::status::{Field, object_fields};

pub(super) fn router<M: TokenMerchant, S: Clone + Send + Sync + 'static>(api: TokenApi<M>) -> Router<S> {
    Router::new()
        .route("/access-token", post(access_token::<M>))
        .route("/inquiry/{request_id}", get(inquiry::<M>))
        .route("/inquiry/{request_id}/{mobile}", get(inquiry_for::<M>))
        .route("/payment", post(payment::<M>))
        .route("/status", post(status::<M>))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(api)
}

const BODY_BYTES_MAX: usize = 16 * 1024;

async fn access_token<M: TokenMerchant>(State(api): State<TokenApi<M>>, body: Bytes) -> Response {
    let shared = &api.shared;
    let Some(fields) = Fields::read(&body) else { return malformed() };
    let now = (shared.now)();
    let text = |name| fields.get(name).unwrap_or_default();
    // Whatever is wrong, all of it is compared, and the answer does not say which part was.
    let client = shared.credentials.is_client(text("client_secret"));
    let who = match text("grant_type") {
        "password" => shared.credentials.is_user(text("username"), text("password")),
        "refresh_token" => is_good(&shared.signing_key, Kind::Refresh, text("refresh_token"), now),
        _ => return bad(StatusCode::BAD_REQUEST, "Unsupported grant type"),
    };
    if !(client & who) {
        return bad(StatusCode::UNAUTHORIZED, "Invalid credentials");
    }
    let fresh = |kind: Kind| (issue(&shared.signing_key, kind, now), kind.seconds());
    tokens(fresh(Kind::Access), fresh(Kind::Refresh))
}

async fn inquiry<M: TokenMerchant>(
    State(api): State<TokenApi<M>>,
    headers: HeaderMap,
    Path(request_id): Path<String>,
) -> Response {
    inquire(&api, &headers, &request_id, None).await
}

async fn inquiry_for<M: TokenMerchant>(
    State(api): State<TokenApi<M>>,
    headers: HeaderMap,
    Path((request_id, mobile)): Path<(String, String)>,
) -> Response {
    inquire(&api, &headers, &request_id, Some(&mobile)).await
}

async fn inquire<M: TokenMerchant>(
    api: &TokenApi<M>,
    headers: &HeaderMap,
    request_id: &str,
    mobile: Option<&str>,
) -> Response {
    if !is_allowed(api, headers) {
        return unauthorized();
    }
    let plain = |mobile: &str| mobile.len() <= TEXT_BYTES_MAX && !mobile.chars().any(char::is_control);
    let (Ok(request_id), true) = (RequestId::new(request_id), mobile.is_none_or(plain)) else {
        return malformed();
    };
    match api.shared.merchant.inquire(&request_id, mobile).await {
        Ok(inquiry) => due(&request_id, &inquiry),
        Err(refusal) => refused(&refusal),
    }
}

async fn payment<M: TokenMerchant>(
    State(api): State<TokenApi<M>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_allowed(&api, &headers) {
        return unauthorized();
    }
    let Some(payment) = read_payment(&body) else { return malformed() };
    match api.shared.merchant.take(&payment).await {
        Ok(recorded) if agrees(&recorded, &payment) => taken(&recorded, None),
        Ok(_) => conflict(),
        Err(refusal) => refused(&refusal),
    }
}

async fn status<M: TokenMerchant>(
    State(api): State<TokenApi<M>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_allowed(&api, &headers) {
        return unauthorized();
    }
    let Some(payment) = read_payment(&body) else { return malformed() };
    match api.shared.merchant.find(&payment).await {
        Ok(Some(recorded)) if agrees(&recorded, &payment) => taken(&recorded, Some(TakenStatus::Success)),
        Ok(Some(_)) => conflict(),
        Ok(None) => not_taken(&payment.request_id, payment.amount),
        Err(refusal) => refused(&refusal),
    }
}

/// Basic credentials or a Bearer token: eSewa's pages show both.
fn is_allowed<M>(api: &TokenApi<M>, headers: &HeaderMap) -> bool {
    let shared = &api.shared;
    let told = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match told.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            is_good(&shared.signing_key, Kind::Access, token.trim(), (shared.now)())
        }
        Some((scheme, basic)) if scheme.eq_ignore_ascii_case("basic") => shared.credentials.is_basic(basic),
        _ => false,
    }
}

fn read_payment(body: &Bytes) -> Option<TokenPayment> {
    let fields = Fields::read(body)?;
    let package_id = fields.get("package_id").filter(|id| !id.is_empty());
    let plain = |id: &&str| id.len() <= TEXT_BYTES_MAX && !id.chars().any(char::is_control);
    Some(TokenPayment {
        request_id: RequestId::new(fields.get("request_id")?).ok()?,
        amount: Amount::from_wire(fields.get("amount")?).ok().filter(|amount| *amount != Amount::ZERO)?,
        transaction_code: ReferenceId::new(fields.get("transaction_code")?).ok()?,
        package_id: match package_id {
            Some(id) => Some(plain(&id).then(|| id.to_owned())?),
            None => None,
        },
    })
}

/// A body as JSON or as a form: eSewa's samples are the one, OAuth's habit is the other.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(body: &Bytes) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        if text.trim_start().starts_with('{') {
            let fields = object_fields(text).ok()?;
            let told = |(name, field): (String, Field)| field.text().map(|text| (name, text.to_owned()));
            return Some(Self(fields.into_iter().filter_map(told).collect()));
        }
        let fields: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        let twice = |index: usize| fields[..index].iter().any(|(name, _)| *name == fields[index].0);
        let odd = fields.len() > FIELDS_MAX || (0..fields.len()).any(twice);
        (!odd).then_some(Self(fields))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

const FIELDS_MAX: usize = 32;

fn malformed() -> Response {
    bad(StatusCode::BAD_REQUEST, "Invalid request")
}

fn unauthorized() -> Response {
    bad(StatusCode::UNAUTHORIZED, "Unauthorized")
}

fn conflict() -> Response {
    bad(StatusCode::CONFLICT, "The transaction code was used for another payment")
}
