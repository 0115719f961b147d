//! `GET /docs/`: the description of the API for people.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::shell::layout;
use crate::auth::MaybeUser;
use crate::openapi::Description;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::docs::DocsPage;
use crate::ui::{self, Here};

/// The page.
pub async fn docs(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    Extension(description): Extension<Arc<Description>>,
) -> Result<Response, Problem> {
    let layout = layout(&state, "The API", user.as_ref(), Here::Elsewhere).await?;
    Ok(ui::page(StatusCode::OK, &DocsPage::new(layout, &description.document)))
}
