//! Which Khalti, as whom, and within which bounds.

use std::fmt;
use std::time::Duration;

use tokio::sync::Mutex;
use url::Url;
use zeroize::Zeroizing;

use super::Khalti;
use super::fetch::Http;
use crate::provider::ProviderError;
use crate::{PayeeId, ProviderId};

/// The merchant's secret key. It is never shown, and wiped at the end.
#[derive(Clone)]
pub struct KhaltiKey(Zeroizing<String>);

/// A text that cannot be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a Khalti key is 1 to 200 visible ASCII characters, without the word `Key`")]
pub struct KhaltiKeyError;

impl KhaltiKey {
    /// Takes the `live_secret_key` of Khalti's dashboard; the sandbox's is called the same.
    ///
    /// # Errors
    /// It is empty, too long, or has blanks: then the header's `Key ` was copied along.
    pub fn new(text: impl Into<String>) -> Result<Self, KhaltiKeyError> {
        let text = Zeroizing::new(text.into());
        let fits = (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text)) } else { Err(KhaltiKeyError) }
    }

    /// What the header says.
    pub(super) fn header(&self) -> Result<http::HeaderValue, KhaltiSetupError> {
        let text = Zeroizing::new(format!("Key {}", self.0.as_str()));
        let mut value = http::HeaderValue::from_str(&text).map_err(|_| KhaltiSetupError::Key)?;
        // Kept out of logs and out of HTTP/2's tables.
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for KhaltiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KhaltiKey([redacted])")
    }
}

/// Who is paid, and where the payer comes back to.
#[derive(Debug, Clone)]
pub struct KhaltiMerchant {
    /// The secret key.
    pub key: KhaltiKey,
    /// The name under which payments remember this account.
    pub payee: PayeeId,
    /// Where Khalti sends the payer's browser, with its parameters in the query.
    pub return_url: Url,
    /// The address of the website, which Khalti wants to know.
    pub website_url: Url,
}

/// Where Khalti is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KhaltiEndpoints {
    /// Of the API, up to and with `/api/`.
    pub api_url: Url,
    /// The page on which a payer pays; `?pidx=` is appended.
    pub pay_url: Url,
}

impl KhaltiEndpoints {
    /// Khalti's sandbox, where no money moves. Older pages of Khalti's call it `a.khalti.com`.
    pub fn sandbox() -> Self {
        Self { api_url: fixed("https://dev.khalti.com/api/"), pay_url: fixed("https://test-pay.khalti.com/") }
    }

    /// Real money.
    pub fn production() -> Self {
        Self { api_url: fixed("https://khalti.com/api/"), pay_url: fixed("https://pay.khalti.com/") }
    }

    pub(super) fn initiate(&self) -> Result<Url, ProviderError> {
        self.join("v2/epayment/initiate/")
    }

    pub(super) fn lookup(&self) -> Result<Url, ProviderError> {
        self.join("v2/epayment/lookup/")
    }

    /// References are letters and digits, which `join` cannot take for anything but a name.
    pub(super) fn refund(&self, transaction_id: &str) -> Result<Url, ProviderError> {
        self.join(&format!("merchant-transaction/{transaction_id}/refund/"))
    }

    fn join(&self, path: &str) -> Result<Url, ProviderError> {
        self.api_url.join(path).map_err(|error| ProviderError::Misconfigured(Box::new(error)))
    }
}

impl Khalti {
    /// Starts a configuration: 8 seconds for an answer, 4 of them to connect, 16 KiB of body.
    pub fn builder(endpoints: KhaltiEndpoints, merchant: KhaltiMerchant) -> KhaltiBuilder {
        KhaltiBuilder {
            endpoints,
            merchant,
            timeout_ms: 8_000,
            connect_timeout_ms: 4_000,
            body_bytes_max: 16 * 1024,
        }
    }
}

/// A configuration in the making.
#[derive(Debug)]
#[must_use]
pub struct KhaltiBuilder {
    endpoints: KhaltiEndpoints,
    merchant: KhaltiMerchant,
    timeout_ms: u64,
    connect_timeout_ms: u64,
    body_bytes_max: usize,
}

impl KhaltiBuilder {
    /// How long one call may take in all.
    pub fn timeout_ms(mut self, timeout_ms: u64) -> Self {
        self.timeout_ms = timeout_ms;
        self
    }

    /// How long connecting may take.
    pub fn connect_timeout_ms(mut self, connect_timeout_ms: u64) -> Self {
        self.connect_timeout_ms = connect_timeout_ms;
        self
    }

    /// The longest answer that is read. A real one has about 200 bytes.
    pub fn body_bytes_max(mut self, body_bytes_max: usize) -> Self {
        self.body_bytes_max = body_bytes_max;
        self
    }

    /// The provider.
    ///
    /// # Errors
    /// An address or a bound would not do, or the HTTP library does not start.
    pub fn build(self) -> Result<Khalti, KhaltiSetupError> {
        let api = &self.endpoints.api_url;
        if !is_web(api) || !api.path().ends_with('/') || api.query().is_some() {
            return Err(KhaltiSetupError::Url("api_url"));
        }
        for (name, url) in [
            ("pay_url", &self.endpoints.pay_url),
            ("return_url", &self.merchant.return_url),
            ("website_url", &self.merchant.website_url),
        ] {
            if !is_web(url) {
                return Err(KhaltiSetupError::Url(name));
            }
        }
        if self.timeout_ms == 0 || self.connect_timeout_ms == 0 || self.body_bytes_max == 0 {
            return Err(KhaltiSetupError::Zero);
        }
        let client = reqwest::Client::builder()
            // An answer from elsewhere is no answer of Khalti's, and the key must not go there.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_millis(self.timeout_ms))
            .connect_timeout(Duration::from_millis(self.connect_timeout_ms))
            .user_agent(concat!("paygate/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(KhaltiSetupError::Http)?;
        Ok(Khalti {
            http: Http { client, key: self.merchant.key.header()?, body_bytes_max: self.body_bytes_max },
            endpoints: self.endpoints,
            merchant: self.merchant,
            id: ProviderId::visible("khalti"),
            refunding: Mutex::new(()),
        })
    }
}

/// Why Khalti cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KhaltiSetupError {
    /// Not an http(s) address with a host, or an API address that does not end with a slash.
    #[error("`{0}` is not an address that Khalti can be used with")]
    Url(&'static str),
    /// A bound of zero would let nothing through.
    #[error("a bound is zero")]
    Zero,
    /// The key could not stand in a header.
    #[error("the key cannot stand in a header")]
    Key,
    /// The HTTP or TLS library does not start.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
}

/// A web address to send a browser to.
pub(super) fn web_address(text: &str) -> Option<http::Uri> {
    let url = Url::parse(text).ok().filter(is_web)?;
    url.as_str().parse().ok()
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "http") && url.has_host()
}

#[expect(clippy::expect_used, reason = "only called with the addresses above, which a test reads")]
fn fixed(text: &str) -> Url {
    Url::parse(text).expect("a fixed address is well formed")
}

#[cfg(test)]
mod tests {
    use super::{KhaltiEndpoints, KhaltiKey, web_address};

    #[test]
    fn the_documented_addresses_are_built() {
        let sandbox = KhaltiEndpoints::sandbox();
        assert_eq!(sandbox.initiate().unwrap().as_str(), "https://dev.khalti.com/api/v2/epayment/initiate/");
        assert_eq!(sandbox.lookup().unwrap().as_str(), "https://dev.khalti.com/api/v2/epayment/lookup/");
        let production = KhaltiEndpoints::production();
        assert_eq!(
            production.refund("GFq9PFS7b2iYvL8Lir9oXe").unwrap().as_str(),
            "https://khalti.com/api/merchant-transaction/GFq9PFS7b2iYvL8Lir9oXe/refund/"
        );
        assert_eq!(production.pay_url.as_str(), "https://pay.khalti.com/");
    }

    #[test]
    fn a_key_is_one_word_and_is_never_shown() {
        for text in ["", "Key abc", "abc\n", "कुञ्जी", &"k".repeat(201)] {
            assert!(KhaltiKey::new(text).is_err(), "{text:?}");
        }
        let key = KhaltiKey::new("secret-of-the-shop").unwrap();
        assert_eq!(format!("{key:?} {:?}", key.header().unwrap()), "KhaltiKey([redacted]) Sensitive");
    }

    #[test]
    fn browsers_are_sent_to_web_addresses_only() {
        assert!(web_address("https://test-pay.khalti.com/?pidx=bZQLD9wRVWo4CdESSfuSsB").is_some());
        for text in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/pay", ""] {
            assert_eq!(web_address(text), None, "{text}");
        }
    }
}
