//! The payment provider of the product: eSewa, as the configuration names it, by ePay v2 and v1.

use std::sync::Arc;

use esewa_client::legacy::LegacyMerchant;
use esewa_client::{Client, Endpoints, Environment, Merchant};
use paygate::esewa::{EsewaV1, EsewaV2, ReturnUrls};
use paygate::{PayeeId, PaymentProvider, ProviderId};
use url::Url;

use crate::config::{EsewaApi, EsewaConfig, EsewaEnvironment, WebUrl};

/// How long eSewa is asked in all. Below what a request may take, so that the payer hears "pending" and no time-out.
const ASK_TIMEOUT_MS: u64 = 10_000;
/// How long one try may take.
const ASK_ATTEMPT_TIMEOUT_MS: u64 = 4_000;

/// Why eSewa can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum ProviderSetupError {
    /// The merchant's data don't do.
    #[error("the eSewa merchant can't be used")]
    Merchant(#[from] esewa_client::ConfigError),
    /// The HTTP client can't be made.
    #[error("the eSewa client can't be made")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The return addresses can't be made.
    #[error("the public URL can't take eSewa's return paths")]
    PublicUrl(#[from] url::ParseError),
}

/// eSewa by both of its versions: a payment is followed by the one that it was started with, whatever the
/// configuration says by then.
pub struct Esewa {
    /// Both.
    pub providers: Vec<Arc<dyn PaymentProvider>>,
    /// What new payments are started with.
    pub start_with: ProviderId,
    /// To whom they go.
    pub payee: PayeeId,
    /// The origin that the form of new payments is posted to.
    pub form_origin: String,
}

/// eSewa of this configuration. `emulator` is where the embedded one listens.
///
/// # Errors
///
/// See [`ProviderSetupError`].
pub fn esewa(
    config: &EsewaConfig,
    public_url: &Url,
    emulator: Option<&Url>,
) -> Result<Esewa, ProviderSetupError> {
    let environment = environment(config, emulator);
    let form_url = environment.clone().into_endpoints().form_url;
    let merchant = Merchant::new(environment, config.product_code.clone(), config.secret_key.clone())?;
    let client = Client::builder(merchant)
        .timeout_ms(ASK_TIMEOUT_MS)
        .attempt_timeout_ms(ASK_ATTEMPT_TIMEOUT_MS)
        .build()
        .map_err(|error| ProviderSetupError::Client(Box::new(error)))?;
    let urls = ReturnUrls {
        success: public_url.join("/esewa-success/")?,
        failure: public_url.join("/esewa-failure/")?,
    };
    let legacy = legacy_merchant(config, emulator);
    let v1_form_url = legacy.form_url().clone();
    let v1 = EsewaV1::new(client.clone(), legacy, urls.clone());
    let v2 = EsewaV2::new(client, urls);
    let (start_with, payee, form_url) = match config.api {
        EsewaApi::V2 => (v2.id(), v2.payee(), form_url),
        EsewaApi::V1 => (v1.id(), v1.payee(), v1_form_url),
    };
    let form_origin = form_url.origin().ascii_serialization();
    Ok(Esewa { providers: vec![Arc::new(v2), Arc::new(v1)], start_with, payee, form_origin })
}

fn legacy_merchant(config: &EsewaConfig, emulator: Option<&Url>) -> LegacyMerchant {
    let code = config.product_code.clone();
    match (config.environment, emulator, config.form_url.as_ref().map(WebUrl::as_url)) {
        (_, _, Some(url)) | (EsewaEnvironment::Sandbox, Some(url), None) => LegacyMerchant::at(url, code),
        (EsewaEnvironment::Production, _, None) => LegacyMerchant::production(code),
        (EsewaEnvironment::Sandbox | EsewaEnvironment::Test, _, None) => {
            LegacyMerchant::at(LegacyMerchant::test().form_url(), code)
        }
    }
}

fn environment(config: &EsewaConfig, emulator: Option<&Url>) -> Environment {
    let preset = match (config.environment, emulator) {
        (EsewaEnvironment::Production, _) => Environment::Production,
        (EsewaEnvironment::Sandbox, Some(base)) => Environment::sandbox(base),
        (EsewaEnvironment::Sandbox | EsewaEnvironment::Test, _) => Environment::Test,
    };
    if config.form_url.is_none() && config.status_url.is_none() {
        // Kept as it is: `Production` refuses the test key, which a custom environment couldn't.
        return preset;
    }
    let Endpoints { form_url, status_urls } = preset.into_endpoints();
    Environment::Custom(Endpoints {
        form_url: config.form_url.as_ref().map_or(form_url, |url| url.as_url().clone()),
        status_urls: config.status_url.as_ref().map_or(status_urls, |url| vec![url.as_url().clone()]),
    })
}
