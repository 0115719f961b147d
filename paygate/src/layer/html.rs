//! The same answer for people: a small page, with a form and without a script.

use std::fmt::Write as _;

use bytes::Bytes;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use http::request::Parts;

use super::{Refusal, Render, RenderError, Terms, Way};
use crate::model::Offer;

/// Answers with a page. For each way to pay it has a form that posts to its start: `resource`, and `challenge`
/// where the offer is bound.
///
/// It looks like nothing in particular. A host with pages of its own implements [`Render`], and hands it to
/// [`ByAccept`](super::ByAccept).
#[derive(Debug, Clone, Copy, Default)]
pub struct HtmlPage;

impl Render for HtmlPage {
    fn render(
        &self,
        _: &Parts,
        refusal: &Refusal,
        terms: &Terms,
    ) -> Result<http::Response<Bytes>, RenderError> {
        let page = page(refusal, terms).map_err(RenderError::new)?;
        let mut answer = http::Response::new(Bytes::from(page));
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        // No `form-action`: a start leads on to the provider's page.
        let policy = HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        Ok(answer)
    }
}

fn page(refusal: &Refusal, terms: &Terms) -> Result<String, std::fmt::Error> {
    let title = refusal.title();
    let mut page = String::new();
    writeln!(page, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(page, "<title>{title}</title>\n</head>\n<body>\n<main>")?;
    writeln!(page, "<h1>{title}</h1>\n<p>{}</p>", refusal.detail())?;
    match refusal {
        Refusal::PaymentRequired { offer } => {
            writeln!(page, "<p>{}: {}</p>", Escaped(offer.resource.as_str()), offer.price)?;
            for way in &terms.ways {
                form(&mut page, way, offer)?;
            }
        }
        Refusal::InProgress { .. } => {
            if let Some(url) = &terms.payment_url {
                writeln!(page, "<p><a href=\"{}\">See how it stands</a></p>", Escaped(url))?;
            }
        }
        Refusal::SignIn | Refusal::Forbidden | Refusal::NotFound | Refusal::Unavailable => {}
    }
    writeln!(page, "</main>\n</body>\n</html>")?;
    Ok(page)
}

fn form(page: &mut String, way: &Way, offer: &Offer) -> std::fmt::Result {
    writeln!(page, "<form method=\"post\" action=\"{}\">", Escaped(&way.checkout.start))?;
    hidden(page, "resource", offer.resource.as_str())?;
    if let Some(challenge) = &way.challenge {
        hidden(page, "challenge", &challenge.to_string())?;
    }
    let provider = Escaped(way.checkout.provider.as_str());
    writeln!(page, "<button type=\"submit\">Pay {} with {provider}</button>\n</form>", offer.price)
}

fn hidden(page: &mut String, name: &str, value: &str) -> std::fmt::Result {
    writeln!(page, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", Escaped(value))
}

/// A text that ends no tag and no attribute.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}
