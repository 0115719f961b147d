//! `GET /api/me/`: who is signed in.

use axum::Json;

use super::body::UserBody;
use crate::auth::CurrentUser;

/// The route.
pub async fn me(CurrentUser(user): CurrentUser) -> Json<UserBody> {
    Json(user.into())
}
