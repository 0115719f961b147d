//! A page for whom prefers one, JSON for everybody else.

use bytes::Bytes;
use http::HeaderMap;
use http::header::ACCEPT;
use http::request::Parts;

use super::{HtmlPage, ProblemJson, Refusal, Render, RenderError, Terms};

/// Chooses by the request's `Accept`: `page` where `text/html` is preferred to JSON, `data` else. Without a
/// preference it is a program that asks.
#[derive(Debug, Clone, Default)]
pub struct ByAccept<H = HtmlPage, J = ProblemJson> {
    page: H,
    data: J,
}

impl<H: Render, J: Render> ByAccept<H, J> {
    /// Answers by `page` for people and by `data` for programs.
    pub fn new(page: H, data: J) -> Self {
        Self { page, data }
    }
}

impl<H: Render, J: Render> Render for ByAccept<H, J> {
    fn render(
        &self,
        parts: &Parts,
        refusal: &Refusal,
        terms: &Terms,
    ) -> Result<http::Response<Bytes>, RenderError> {
        if prefers_html(&parts.headers) {
            self.page.render(parts, refusal, terms)
        } else {
            self.data.render(parts, refusal, terms)
        }
    }
}

/// A header that is longer than this is nobody's preference.
const ACCEPT_BYTES_MAX: usize = 4 * 1024;

fn prefers_html(headers: &HeaderMap) -> bool {
    let mut wanted = (Wish::default(), Wish::default());
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in values.filter(|value| value.len() <= ACCEPT_BYTES_MAX).flat_map(|value| value.split(',')) {
        let mut pieces = range.split(';').map(str::trim);
        let name = pieces.next().unwrap_or_default().to_ascii_lowercase();
        let quality = pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(Some(1_000), thousandths);
        let Some(quality) = quality else { continue };
        match name.as_str() {
            "text/html" => wanted.0.take(3, quality),
            "text/*" => wanted.0.take(2, quality),
            "application/json" | "application/problem+json" => wanted.1.take(3, quality),
            "application/*" => wanted.1.take(2, quality),
            "*/*" => {
                wanted.0.take(1, quality);
                wanted.1.take(1, quality);
            }
            _ => {}
        }
    }
    wanted.0.quality > wanted.1.quality
}

/// How much a type is wanted: the most precise range decides, and of two the better one.
#[derive(Default)]
struct Wish {
    precision: u8,
    quality: u16,
}

impl Wish {
    fn take(&mut self, precision: u8, quality: u16) {
        if precision > self.precision {
            *self = Self { precision, quality };
        } else if precision == self.precision {
            self.quality = self.quality.max(quality);
        }
    }
}

/// A quality of `0` to `1` with at most three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::{ACCEPT, prefers_html};

    #[test]
    fn t23_browsers_get_a_page_and_programs_do_not() {
        for (accept, page) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("text/html", true),
            ("TEXT/HTML; charset=utf-8", true),
            ("text/*", true),
            ("application/json;q=0.5, text/html;q=0.501", true),
            ("application/json;q=0, */*", true),
            ("", false),
            ("*/*", false),
            ("application/json", false),
            ("application/problem+json, text/html", false),
            ("text/html;q=0", false),
            ("text/html;q=0, */*", false),
            ("text/html;q=0.5, application/json", false),
            ("text/html;q=2", false),
            ("text/html;q=0.0001", false),
            ("text/html;q=x", false),
            ("image/png", false),
            (",;,=", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().unwrap());
            assert_eq!(prefers_html(&headers), page, "{accept}");
        }
        assert!(!prefers_html(&HeaderMap::new()));
        let mut endless = HeaderMap::new();
        endless.insert(ACCEPT, format!("text/html{}", " ".repeat(5_000)).parse().unwrap());
        assert!(!prefers_html(&endless));
    }
}
