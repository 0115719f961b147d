//! The account behind a request, for handlers to ask for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;

use super::Role;
use crate::db::sessions;
use crate::db::users::User;
use crate::metrics::LimitedBy;
use crate::problem::Problem;
use crate::rate_limits::{Asked, RouteClass};
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

/// The account whose session cookie the request brought; looked up, and counted, once a request.
pub async fn viewer_of(state: &AppState, parts: &Parts) -> Result<Option<User>, Problem> {
    let Some(Asked { class, viewer }) = parts.extensions.get() else {
        return look_up(state, parts, RouteClass::Free).await;
    };
    viewer.get_or_try_init(|| look_up(state, parts, *class)).await.cloned()
}

async fn look_up(state: &AppState, parts: &Parts, class: RouteClass) -> Result<Option<User>, Problem> {
    let jar = CookieJar::from_headers(&parts.headers);
    let Some(token) = state.session_cookie.token(&jar) else { return Ok(None) };
    let now = state.clock.now();
    let viewer = sessions::lookup_user(&state.db, &token, now).await?;
    if let Some(user) = &viewer {
        let counted = state.rate_limits.by_account(class, user.id, now).await;
        counted.inspect_err(|_| state.metrics.rate_limited(class, LimitedBy::Account))?;
    }
    Ok(viewer)
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
