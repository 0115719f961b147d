//! The account behind a request, for handlers to ask for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;

use super::Role;
use crate::db::sessions;
use crate::db::users::User;
use crate::problem::Problem;
use crate::state::AppState;

/// Whoever is signed in; nobody gives 401.
#[derive(Debug, Clone)]
pub struct CurrentUser(pub User);

/// Whoever is signed in, or nobody.
#[derive(Debug, Clone)]
pub struct MaybeUser(pub Option<User>);

/// An administrator; for anybody else, signed in or not, there is nothing here.
#[derive(Debug, Clone)]
pub struct AdminUser(pub User);

impl CurrentUser {
    /// Passes the role on, and refuses the others.
    ///
    /// # Errors
    ///
    /// 403 for another role.
    pub fn require(self, role: Role) -> Result<User, Problem> {
        if self.0.role == role {
            return Ok(self.0);
        }
        Err(Problem::forbidden(format!("This is for accounts with the role {role}.")))
    }
}

/// The account whose session cookie the request brought.
pub async fn viewer_of(state: &AppState, parts: &Parts) -> Result<Option<User>, Problem> {
    let jar = CookieJar::from_headers(&parts.headers);
    let Some(token) = state.session_cookie.token(&jar) else { return Ok(None) };
    Ok(sessions::lookup_user(&state.db, &token, state.clock.now()).await?)
}

impl FromRequestParts<AppState> for MaybeUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        viewer_of(state, parts).await.map(Self)
    }
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        viewer_of(state, parts).await?.map(Self).ok_or_else(Problem::not_signed_in)
    }
}

impl FromRequestParts<AppState> for AdminUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let viewer = viewer_of(state, parts).await?;
        viewer.filter(|user| user.role == Role::Admin).map(Self).ok_or_else(Problem::not_found)
    }
}
