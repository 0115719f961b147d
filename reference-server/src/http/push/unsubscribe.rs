//! `DELETE /api/push/subscribe/`: tell this browser no more.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use url::Url;
use utoipa::ToSchema;

use super::endpoint_hash;
use crate::auth::CurrentUser;
use crate::db::push_subscriptions;
use crate::http::body::JsonBody;
use crate::problem::Problem;
use crate::state::AppState;

/// Which browser.
#[derive(Deserialize, ToSchema)]
#[schema(as = PushEndpoint)]
pub struct EndpointBody {
    /// As it was subscribed with.
    endpoint: String,
}

/// The route; one that is not there, or somebody else's, is no error, and stays as it is.
#[utoipa::path(
    delete,
    path = "/api/push/subscribe",
    operation_id = "push_unsubscribe",
    tag = "push",
    summary = "Tell this browser no more",
    security(("session" = [])),
    request_body = EndpointBody,
    responses((status = 204, description = "It is told no more")),
)]
pub async fn unsubscribe(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    JsonBody(body): JsonBody<EndpointBody>,
) -> Result<StatusCode, Problem> {
    // Not asked whether the service is known: it may have been when the browser subscribed.
    if let Ok(endpoint) = Url::parse(&body.endpoint) {
        push_subscriptions::remove_own(&state.db, user.id, &endpoint_hash(&endpoint)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

impl std::fmt::Debug for EndpointBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndpointBody").finish_non_exhaustive()
    }
}
