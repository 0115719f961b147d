//! `POST /language/`: the switch between English and Nepali, on every page.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use url::Url;

use crate::http::body::FormBody;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::lang::{COOKIE, Lang};
use crate::ui::next::local_path;

/// How long a browser remembers, a year.
const MAX_AGE_S: u32 = 31_536_000;

/// What the switch posts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Posted {
    lang: String,
}

/// Remembers the language, and goes back to where the switch was.
pub async fn choose(
    State(state): State<AppState>,
    headers: HeaderMap,
    FormBody(posted): FormBody<Posted>,
) -> Result<Response, Problem> {
    let lang = Lang::of_code(&posted.lang)
        .ok_or_else(|| Problem::invalid_body("The form names a language that there isn't."))?;
    let secure = state.secure_attribute();
    let cookie = format!("{COOKIE}={}; Path=/; SameSite=Lax; Max-Age={MAX_AGE_S}{secure}", lang.code());
    let cookie = HeaderValue::try_from(cookie).map_err(Problem::internal)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&came_from(&headers))).into_response())
}

/// The page of this site that the browser names as the one before.
fn came_from(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let page = referer.and_then(|text| Url::parse(text).ok());
    let path = page.map(|page| match page.query() {
        Some(query) => format!("{}?{query}", page.path()),
        None => page.path().to_owned(),
    });
    path.as_deref().and_then(local_path).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(referer: &'static str) -> String {
        came_from(&HeaderMap::from_iter([(header::REFERER, HeaderValue::from_static(referer))]))
    }

    #[test]
    fn switch_goes_back_within_this_site_only() {
        assert_eq!(back("http://127.0.0.1:8080/?q=two%20rooms"), "/?q=two%20rooms");
        assert_eq!(back("https://kotha.example/rooms/1/"), "/rooms/1/");
        assert_eq!(back("https://evil.example//evil.example/"), "/");
        assert_eq!(back("nonsense"), "/");
        assert_eq!(came_from(&HeaderMap::new()), "/");
    }
}
