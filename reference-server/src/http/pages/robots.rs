//! `GET /robots.txt`: what search engines may read, which is what everybody may.

use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderValue, header};

use crate::state::AppState;

/// Pages of one person, of one payment, or for programs. A chat is not among them: it leads a stranger to the log-in.
const PRIVATE: [&str; 11] = [
    "/account/",
    "/admin/",
    "/api/",
    "/chats/",
    "/esewa-failure/",
    "/esewa-success/",
    "/login/?",
    "/my-rooms/",
    "/pay/",
    "/payments/",
    "/register/?",
];

/// The route.
pub async fn robots(State(state): State<AppState>) -> impl IntoResponse {
    let rules: String = PRIVATE.iter().map(|path| format!("Disallow: {path}\n")).collect();
    let origin = state.public_url.origin().ascii_serialization();
    let headers = [(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"))];
    (headers, format!("User-agent: *\n{rules}\nSitemap: {origin}/sitemap.xml\n"))
}
