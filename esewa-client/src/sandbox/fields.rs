//! The fields of a form, from the body or from the query, since real SDKs use either.

use axum::body::Bytes;
use axum::http::Uri;
use url::{Url, form_urlencoded};

use crate::status::{Field, object_fields};

/// Names and values in the order received; the body's come first and win.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn read(uri: &Uri, body: &Bytes) -> Self {
        let query = uri.query().unwrap_or_default().as_bytes();
        let pairs = form_urlencoded::parse(body).chain(form_urlencoded::parse(query));
        Self(pairs.take(FIELDS_MAX).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The members of a JSON object that have a text, numbers by the characters that were sent: those are what is
    /// signed. `None` where it is no object, or has a name twice.
    pub(super) fn of_json(body: &Bytes) -> Option<Self> {
        let fields = object_fields(std::str::from_utf8(body).ok()?).ok()?;
        let text = |(name, field): (String, Field)| Some((name, field.text()?.to_owned()));
        Some(Self(fields.into_iter().filter_map(text).collect()))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// Whether a browser can be sent there: an http address that fits in a header as it is.
pub(super) fn is_web_address(text: &str) -> bool {
    text.len() <= ADDRESS_BYTES_MAX
        && !text.contains(char::is_control)
        && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

const FIELDS_MAX: usize = 64;
/// What browsers and proxies take at least.
const ADDRESS_BYTES_MAX: usize = 2_048;
