//! `GET /healthz`: the process answers.

/// The route.
pub async fn healthz() -> &'static str {
    "ok\n"
}
