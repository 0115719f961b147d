//! `GET /sitemap.xml`: the list of rooms and each room that is listed, in every language.

use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderValue, header};

use crate::db::rooms::{self, SearchFilter};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::Lang;
use crate::ui::lang::COOKIE;

/// The newest ones; older rooms are found from page to page.
const ROOMS_MAX: u32 = 1_000;

/// The route. Ids and our own address are all that is in it, so nothing needs to be escaped.
pub async fn sitemap(State(state): State<AppState>) -> Result<impl IntoResponse, Problem> {
    let listed = rooms::search(&state.db, &SearchFilter::default(), ROOMS_MAX).await?;
    let origin = state.public_url.origin().ascii_serialization();
    let rooms = listed.iter().map(|room| format!("{origin}/rooms/{}/", room.id));
    let urls: String = std::iter::once(format!("{origin}/")).chain(rooms).map(|page| url(&page)).collect();
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/xml")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
    ];
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n{urls}</urlset>\n"
    );
    Ok((headers, xml))
}

fn url(page: &str) -> String {
    let other = |lang: Lang| {
        let code = lang.code();
        let href = format!("{page}?{COOKIE}={code}");
        format!("<xhtml:link rel=\"alternate\" hreflang=\"{code}\" href=\"{href}\"/>")
    };
    format!("<url><loc>{page}</loc>{}</url>\n", Lang::ALL.map(other).concat())
}
