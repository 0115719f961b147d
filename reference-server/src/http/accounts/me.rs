//! `GET /api/me/`: who is signed in.

use axum::Json;

use super::body::UserBody;
use crate::auth::CurrentUser;

/// The route.
#[utoipa::path(
    get,
    path = "/api/me",
    operation_id = "me",
    tag = "accounts",
    summary = "Who is signed in",
    security(("session" = [])),
    responses((status = 200, description = "The account", body = UserBody)),
)]
pub async fn me(CurrentUser(user): CurrentUser) -> Json<UserBody> {
    Json(user.into())
}
