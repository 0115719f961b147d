//! `POST /api/push/subscribe/`: tell this browser of new messages, for as long as it stays logged in.

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use utoipa::ToSchema;

use super::endpoint_hash;
use crate::auth::CurrentUser;
use crate::db::push_subscriptions::{self, NewSubscription};
use crate::http::body::JsonBody;
use crate::http::fields::Fields;
use crate::problem::Problem;
use crate::push::{AUTH_BYTES, POINT_BYTES, Recipient};
use crate::state::AppState;
use crate::ui::Lang;

/// What a browser's `PushSubscription` gives as JSON.
#[derive(Deserialize, ToSchema)]
#[schema(as = PushSubscription)]
pub struct SubscriptionBody {
    /// Where its push service takes messages for it; https, at a service that the server knows.
    endpoint: String,
    keys: KeysBody,
}

/// What only this browser can read.
#[derive(Deserialize, ToSchema)]
#[schema(as = PushSubscriptionKeys)]
pub struct KeysBody {
    /// An uncompressed P-256 point in base64url.
    p256dh: String,
    /// 16 bytes in base64url.
    auth: String,
}

/// Browsers leave the padding out, libraries may not.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The route; once more it is the same. A browser that was another account's is this one's from now on.
#[utoipa::path(
    post,
    path = "/api/push/subscribe",
    operation_id = "push_subscribe",
    tag = "push",
    summary = "Tell this browser of new messages while nobody looks, until it is logged out",
    description = "The messages are in the language of this request. An account has at most 16 subscriptions; beyond \
        that the oldest ends.",
    security(("session" = [])),
    request_body = SubscriptionBody,
    responses(
        (status = 201, description = "It is told from now on"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn subscribe(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    jar: CookieJar,
    JsonBody(body): JsonBody<SubscriptionBody>,
) -> Result<StatusCode, Problem> {
    let session = state.session_cookie.token(&jar).ok_or_else(Problem::not_signed_in)?;
    let mut fields = Fields::default();
    let endpoint = state.push.services().check(&body.endpoint);
    let endpoint = endpoint.map_err(|refused| fields.refuse("endpoint", refused.to_string())).ok();
    let p256dh = BASE64URL.decode(&body.keys.p256dh).unwrap_or_default();
    let auth = BASE64URL.decode(&body.keys.auth).unwrap_or_default();
    // Each for itself: the other one stands in with something that does.
    if auth.len() != AUTH_BYTES {
        fields.refuse("keys.auth", format!("must be {AUTH_BYTES} bytes in base64url."));
    }
    if Recipient::new(&p256dh, &[0; AUTH_BYTES]).is_none() {
        fields.refuse("keys.p256dh", format!("must be a P-256 point of {POINT_BYTES} bytes in base64url."));
    }
    fields.finish()?;
    let endpoint = endpoint.ok_or_else(Problem::internal_without_cause)?;
    let endpoint_hash = endpoint_hash(&endpoint);
    let new = NewSubscription {
        endpoint_hash: &endpoint_hash,
        endpoint: endpoint.as_str(),
        p256dh: &p256dh,
        auth: &auth,
        lang: Lang::current(),
    };
    push_subscriptions::put(&state.db, &session, user.id, &new, state.clock.now()).await?;
    Ok(StatusCode::CREATED)
}

impl std::fmt::Debug for SubscriptionBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubscriptionBody").finish_non_exhaustive()
    }
}
