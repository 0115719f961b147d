//! `POST /api/login/`: start a session.

use axum::Json;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::body::UserBody;
use crate::auth::{Phone, sign_in};
use crate::db::users::{self, User};
use crate::http::body::JsonBody;
use crate::problem::Problem;
use crate::state::AppState;

/// What a person types.
#[derive(Deserialize)]
pub struct Credentials {
    /// The log-in name.
    #[serde(default)]
    pub phone: String,
    /// Compared, never stored.
    #[serde(default)]
    pub password: String,
}

/// The route.
pub async fn login(
    State(state): State<AppState>,
    jar: CookieJar,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<(CookieJar, Json<UserBody>), Problem> {
    let user = authenticate(&state, &credentials).await?;
    let jar = sign_in(&state, jar, user.id).await?;
    Ok((jar, Json(user.into())))
}

/// The account, when the password is its own. Takes as long for a phone number that nobody has.
pub async fn authenticate(state: &AppState, typed: &Credentials) -> Result<User, Problem> {
    let known = match Phone::parse(&typed.phone) {
        Ok(phone) => users::lookup_by_phone(&state.db, phone.as_str()).await?,
        Err(_) => None,
    };
    let hash = known.as_ref().map(|(_, hash)| hash.as_str());
    let same = state.passwords.verify(&typed.password, hash).await.map_err(Problem::internal)?;
    known.filter(|_| same).map(|(user, _)| user).ok_or_else(Problem::bad_credentials)
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}
