//! `POST /api/account/password/`: another password. Every other session ends: whoever knew the old one is out.

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use utoipa::ToSchema;

use super::login::confirm;
use crate::auth::{CurrentUser, Guesser, PasswordError, sessions_ended};
use crate::db::sessions;
use crate::db::users::{self, User};
use crate::http::body::JsonBody;
use crate::problem::{FieldError, Problem};
use crate::state::AppState;

/// What a person types.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PasswordChange {
    /// The password until now.
    pub current_password: String,
    /// The one from now on: 8 characters to 256 bytes.
    pub new_password: String,
}

/// The route.
#[utoipa::path(
    post,
    path = "/api/account/password",
    operation_id = "change_password",
    tag = "accounts",
    summary = "Change the password; every other session ends",
    security(("session" = [])),
    request_body = PasswordChange,
    responses(
        (status = 204, description = "Changed"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn password(
    State(state): State<AppState>,
    guesser: Guesser,
    CurrentUser(user): CurrentUser,
    jar: CookieJar,
    JsonBody(typed): JsonBody<PasswordChange>,
) -> Result<StatusCode, Problem> {
    change_password(&state, &guesser, &jar, &user, &typed).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Checks both passwords, changes it, and ends the other sessions.
pub async fn change_password(
    state: &AppState,
    guesser: &Guesser,
    jar: &CookieJar,
    user: &User,
    typed: &PasswordChange,
) -> Result<(), Problem> {
    let token = state.session_cookie.token(jar).ok_or_else(Problem::not_signed_in)?;
    let known = confirm(state, guesser, user, &typed.current_password).await?;
    let known = known.ok_or_else(|| refused("current_password", &t!("wrong-password")))?;
    let hash = match state.passwords.hash(&typed.new_password).await {
        Ok(hash) => hash,
        Err(error @ (PasswordError::TooShort | PasswordError::TooLong)) => {
            return Err(refused("new_password", &error.to_string()));
        }
        Err(error) => return Err(Problem::internal(error)),
    };
    if !users::change_password(&state.db, user.id, &known, &hash).await? {
        return Err(refused("current_password", &t!("wrong-password")));
    }
    sessions::end_others(&state.db, user.id, &token, state.clock.now()).await?;
    sessions_ended(state, user.id);
    Ok(())
}

pub(super) fn refused(field: &'static str, message: &str) -> Problem {
    Problem::invalid_fields(vec![FieldError { field, message: message.to_owned() }])
}

impl std::fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordChange").finish_non_exhaustive()
    }
}
