//! `POST /api/login/`: start a session.

use axum::Json;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::UserBody;
use crate::auth::{Device, Guesser, Phone, SignedIn, sign_in};
use crate::db::users::{self, User};
use crate::http::body::JsonBody;
use crate::metrics::LimitedBy;
use crate::problem::Problem;
use crate::rate_limits::RouteClass;
use crate::state::AppState;

/// What a person types.
#[derive(Deserialize, ToSchema)]
pub struct Credentials {
    /// The log-in name.
    #[serde(default)]
    pub phone: String,
    /// Compared, never stored.
    #[serde(default)]
    pub password: String,
}

/// The route.
#[utoipa::path(
    post,
    path = "/api/login",
    operation_id = "log_in",
    tag = "accounts",
    summary = "Start a session",
    request_body = Credentials,
    responses(
        (status = 200, description = "The account; the session is in `Set-Cookie`", body = UserBody),
        (status = 401, description = "`bad_credentials`: number or password is wrong"),
        (status = 403, description = "`account_suspended`: the password is right"),
    ),
)]
pub async fn login(
    State(state): State<AppState>,
    guesser: Guesser,
    device: Device,
    jar: CookieJar,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<(SignedIn, Json<UserBody>), Problem> {
    let user = authenticate(&state, &guesser, &credentials).await?;
    let signed_in = sign_in(&state, jar, &device, user.id).await?;
    Ok((signed_in, Json(user.into())))
}

/// The account, when the password is its own. Takes as long for a phone number that nobody has, and refuses further
/// guesses for it just the same.
pub async fn authenticate(state: &AppState, guesser: &Guesser, typed: &Credentials) -> Result<User, Problem> {
    let now = state.clock.now();
    let phone = Phone::parse(&typed.phone).ok();
    let known = match &phone {
        Some(phone) => users::lookup_by_phone(&state.db, phone.as_str()).await?,
        None => None,
    };
    let browser = known.as_ref().and_then(|(user, _)| guesser.known_device(state, user.id));
    if let Some(phone) = &phone {
        let counted = state.rate_limits.guess(phone, guesser.client, browser.as_ref(), now).await;
        counted.inspect_err(|_| state.metrics.rate_limited(RouteClass::SignIn, LimitedBy::Guess))?;
    }
    let hash = known.as_ref().map(|(_, hash)| hash.as_str());
    let same = state.passwords.verify(&typed.password, hash).await.map_err(Problem::internal)?;
    let found = match (phone, known) {
        (Some(phone), Some((user, _))) if same => {
            state.rate_limits.no_guess(&phone, guesser.client, browser.as_ref(), now).await;
            // Only to who knows the password: to everybody else the account is like any other, and like none.
            match users::is_suspended(&state.db, user.id).await? {
                true => Err(Problem::account_suspended()),
                false => Ok(user),
            }
        }
        _ => Err(Problem::bad_credentials()),
    };
    state.metrics.sign_in(found.is_ok());
    found
}

/// Compares the password of somebody who is signed in, with the same limits: a stolen session is no way to guess it. The
/// hash that it was compared with.
pub async fn confirm(
    state: &AppState,
    guesser: &Guesser,
    user: &User,
    password: &str,
) -> Result<Option<String>, Problem> {
    let now = state.clock.now();
    let Ok(phone) = Phone::parse(&user.phone) else { return Ok(None) };
    let browser = guesser.known_device(state, user.id);
    let counted = state.rate_limits.guess(&phone, guesser.client, browser.as_ref(), now).await;
    counted.inspect_err(|_| state.metrics.rate_limited(RouteClass::SignIn, LimitedBy::Guess))?;
    let hash = users::password_hash(&state.db, user.id).await?;
    if !state.passwords.verify(password, hash.as_deref()).await.map_err(Problem::internal)? {
        return Ok(None);
    }
    state.rate_limits.no_guess(&phone, guesser.client, browser.as_ref(), now).await;
    Ok(hash)
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}
