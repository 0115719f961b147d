//! One merchant: its environment, its code and its keys. Pure: it builds and reads, and never sends.

use url::Url;

use crate::callback::{CallbackError, RawCallback, VerifiedCallback, verify};
use crate::checkout::{CheckoutForm, CheckoutRequest, build_form};
use crate::environment::{Endpoints, Environment, is_open_to_all};
use crate::ids::{ProductCode, TEST_PRODUCT_CODE};
use crate::order::Order;
use crate::secret::SecretKey;
use crate::status::{Confirmation, StatusBodyError, StatusReport, confirm, status_url};

/// A merchant's account at eSewa.
///
/// ```
/// use esewa_client::{CheckoutRequest, Merchant, TransactionUuid};
///
/// let merchant = Merchant::test();
/// let request = CheckoutRequest::new(
///     TransactionUuid::new("250610-162413")?,
///     "1000".parse()?,
///     "https://shop.example/paid/250610-162413".parse()?,
///     "https://shop.example/failed/250610-162413".parse()?,
/// )?;
/// let form = merchant.checkout(&request);
/// assert_eq!(form.action().as_str(), "https://rc-epay.esewa.com.np/api/epay/main/v2/form");
/// assert_eq!(form.fields().len(), 11);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Merchant {
    endpoints: Endpoints,
    production: bool,
    product_code: ProductCode,
    key: SecretKey,
    former_keys: Vec<SecretKey>,
}

impl Merchant {
    /// A merchant of `environment`, with the code and the key that eSewa issued.
    ///
    /// # Errors
    /// [`ConfigError`] when published test credentials or plain http are used where real money moves, or when a
    /// custom environment has no status API.
    pub fn new(
        environment: Environment,
        product_code: ProductCode,
        key: SecretKey,
    ) -> Result<Self, ConfigError> {
        let production = environment.is_production();
        let endpoints = environment.into_endpoints();
        if endpoints.status_urls.is_empty() {
            return Err(ConfigError::NoStatusUrl);
        }
        if production && key.is_published() {
            return Err(ConfigError::TestKeyInProduction);
        }
        if production && product_code.as_str() == TEST_PRODUCT_CODE {
            return Err(ConfigError::TestProductCodeInProduction);
        }
        if production && endpoints.status_urls.iter().chain([&endpoints.form_url]).any(is_open_to_all) {
            return Err(ConfigError::NotHttps);
        }
        Ok(Self { endpoints, production, product_code, key, former_keys: Vec::new() })
    }

    /// The published test merchant on eSewa's test hosts.
    #[must_use]
    pub fn test() -> Self {
        Self::published(Environment::Test)
    }

    /// The published test merchant on an emulator that answers at `origin`.
    #[must_use]
    pub fn sandbox(origin: &Url) -> Self {
        Self::published(Environment::sandbox(origin))
    }

    /// Still takes callbacks signed under `key`, while eSewa moves to a new one. New forms are
    /// signed under the present key only.
    ///
    /// # Errors
    /// [`ConfigError`] for the published key in production, or for more than four former keys.
    pub fn with_former_key(mut self, key: SecretKey) -> Result<Self, ConfigError> {
        if self.production && key.is_published() {
            return Err(ConfigError::TestKeyInProduction);
        }
        if self.former_keys.len() == FORMER_KEYS_MAX {
            return Err(ConfigError::TooManyFormerKeys);
        }
        self.former_keys.push(key);
        Ok(self)
    }

    /// Signs the form that the payer's browser posts to eSewa.
    #[must_use]
    pub fn checkout(&self, request: &CheckoutRequest) -> CheckoutForm {
        build_form(request, &self.endpoints.form_url, &self.product_code, &self.key)
    }

    /// Proves that eSewa wrote this callback, for this merchant.
    ///
    /// That is a hint and no proof of payment: see [`VerifiedCallback`].
    ///
    /// # Errors
    /// [`CallbackError`] for anything that is not a whole callback of ours, rightly signed.
    pub fn verify_callback(&self, callback: RawCallback) -> Result<VerifiedCallback, CallbackError> {
        let keys = std::iter::once(&self.key).chain(&self.former_keys);
        verify(callback, keys, &self.product_code)
    }

    /// The addresses that answer the status of `order`, first choice first.
    ///
    /// For those who bring their own HTTP: GET one of them, and give the body to
    /// [`read_status`](Self::read_status). The feature `client` does both.
    pub fn status_urls(&self, order: &Order) -> impl Iterator<Item = Url> {
        self.endpoints.status_urls.iter().map(|base| status_url(base, order, &self.product_code))
    }

    /// Reads a status body and holds it against the order.
    ///
    /// # Errors
    /// [`StatusBodyError`] for a body that tells no status.
    pub fn read_status(&self, order: &Order, body: &[u8]) -> Result<Confirmation, StatusBodyError> {
        Ok(confirm(StatusReport::parse(body)?, order, &self.product_code))
    }

    /// The merchant's code at eSewa.
    #[must_use]
    pub fn product_code(&self) -> &ProductCode {
        &self.product_code
    }

    /// The addresses in use.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    fn published(environment: Environment) -> Self {
        Self {
            endpoints: environment.into_endpoints(),
            production: false,
            product_code: ProductCode::test(),
            key: SecretKey::test(),
            former_keys: Vec::new(),
        }
    }
}

/// Why a merchant cannot be set up like this. All of these are mistakes of configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Everybody knows the published key, so anybody could forge a production callback with it.
    #[error("the published test key cannot be used where real money moves")]
    TestKeyInProduction,
    /// The published code belongs to the test environment.
    #[error("the published test product code cannot be used where real money moves")]
    TestProductCodeInProduction,
    /// A custom environment needs at least one status address.
    #[error("the environment has no status address")]
    NoStatusUrl,
    /// Whoever can read and change what is said on the way can call any order paid.
    #[error("where real money moves, each address is https, or of this machine itself")]
    NotHttps,
    /// Each former key is one more hash per forged callback.
    #[error("at most four former keys are kept")]
    TooManyFormerKeys,
}

pub(crate) const FORMER_KEYS_MAX: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn own_key() -> SecretKey {
        SecretKey::new("own-production-key").unwrap()
    }

    fn own_code() -> ProductCode {
        ProductCode::new("NP-ES-SHOP").unwrap()
    }

    #[test]
    fn published_credentials_are_refused_in_production() {
        let refused = |code, key| Merchant::new(Environment::Production, code, key).unwrap_err();
        assert_eq!(refused(own_code(), SecretKey::test()), ConfigError::TestKeyInProduction);
        assert_eq!(refused(ProductCode::test(), own_key()), ConfigError::TestProductCodeInProduction);
        let production = Merchant::new(Environment::Production, own_code(), own_key()).unwrap();
        assert_eq!(
            production.with_former_key(SecretKey::test()).unwrap_err(),
            ConfigError::TestKeyInProduction
        );
    }

    #[test]
    fn production_hosts_under_another_name_count_too() {
        let custom = Environment::Custom(Environment::Production.into_endpoints());
        let error = Merchant::new(custom, own_code(), SecretKey::test()).unwrap_err();
        assert_eq!(error, ConfigError::TestKeyInProduction);
    }

    #[test]
    fn production_is_asked_over_tls_or_by_way_of_this_machine() {
        let with_status = |url: &str| {
            let mut endpoints = Environment::Production.into_endpoints();
            endpoints.status_urls.push(url.parse().unwrap());
            Merchant::new(Environment::Custom(endpoints), own_code(), own_key()).map(drop)
        };
        for url in ["http://esewa.com.np/status", "http://10.0.0.7/status", "http://localhost.example/status"]
        {
            assert_eq!(with_status(url).unwrap_err(), ConfigError::NotHttps, "{url}");
        }
        for url in ["https://proxy.example/status", "http://127.0.0.1:9/status", "http://[::1]:9/status"] {
            assert!(with_status(url).is_ok(), "{url}");
        }
        let mut endpoints = Environment::Production.into_endpoints();
        endpoints.form_url.set_scheme("http").unwrap();
        let error = Merchant::new(Environment::Custom(endpoints), own_code(), own_key()).unwrap_err();
        assert_eq!(error, ConfigError::NotHttps);
    }

    #[test]
    fn an_environment_without_status_is_refused() {
        let mut endpoints = Environment::Test.into_endpoints();
        endpoints.status_urls.clear();
        let error = Merchant::new(Environment::Custom(endpoints), own_code(), own_key()).unwrap_err();
        assert_eq!(error, ConfigError::NoStatusUrl);
    }

    #[test]
    fn former_keys_are_bounded() {
        let mut merchant = Merchant::test();
        for _ in 0..4 {
            merchant = merchant.with_former_key(own_key()).unwrap();
        }
        assert_eq!(merchant.with_former_key(own_key()).unwrap_err(), ConfigError::TooManyFormerKeys);
    }
}
