//! Where a request meets the limits: by its address before anything else is done, by its account as soon as it is known.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::OnceCell;

use super::RouteClass;
use crate::db::users::User;
use crate::http::body::is_multipart;
use crate::metrics::LimitedBy;
use crate::problem::Problem;
use crate::state::AppState;

/// What is known of a request beside what it says: its class, and once somebody asked, who sent it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What kind of work it is.
    pub class: RouteClass,
    /// Looked up once a request, and then counted.
    pub viewer: Arc<OnceCell<Option<User>>>,
}

/// Counts the request, and ends it when its class' time is over.
pub async fn limit(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let class = RouteClass::of(request.method(), route, is_multipart(request.headers()));
    let client = state.trusted_proxies.client_of_request(&request);
    if let Err(problem) = state.rate_limits.by_address(class, client, state.clock.now()).await {
        state.metrics.rate_limited(class, LimitedBy::Address);
        return problem.into_response();
    }
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(Asked { class, viewer: Arc::default() });
    let answer = next.run(request);
    match tokio::time::timeout(Duration::from_millis(class.answer_ms_max()), answer).await {
        Ok(answer) => answer,
        Err(_) => Problem::timed_out().into_response(),
    }
}
