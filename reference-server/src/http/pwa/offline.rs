//! `GET /offline/{lang}/`: what the service worker shows when there is no network. It keeps it for whoever uses the
//! browser, so it says nothing of anybody.

use axum::http::StatusCode;
use axum::response::Response;

use crate::http::body::PathText;
use crate::problem::Problem;
use crate::ui::lang::in_language;
use crate::ui::offline::OfflinePage;
use crate::ui::{self, Lang};

/// The route.
pub async fn offline(PathText(lang): PathText) -> Result<Response, Problem> {
    let lang = Lang::of_code(&lang).ok_or_else(Problem::not_found)?;
    Ok(in_language(lang, || ui::page(StatusCode::OK, &OfflinePage::new())))
}
