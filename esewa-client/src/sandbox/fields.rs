//! The fields of a form, from the body or from the query, since real SDKs use either.

use axum::body::Bytes;
use axum::http::Uri;
use url::{Url, form_urlencoded};

/// Names and values in the order received; the body's come first and win.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn read(uri: &Uri, body: &Bytes) -> Self {
        let query = uri.query().unwrap_or_default().as_bytes();
        let pairs = form_urlencoded::parse(body).chain(form_urlencoded::parse(query));
        Self(pairs.take(FIELDS_MAX).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The members of a JSON object, as text.
    pub(super) fn of_json(object: &serde_json::Map<String, serde_json::Value>) -> Self {
        let text =
            |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Self(object.iter().take(FIELDS_MAX).map(|(name, value)| (name.clone(), text(value))).collect())
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
    !text.contains(char::is_control)
        && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

const FIELDS_MAX: usize = 64;
