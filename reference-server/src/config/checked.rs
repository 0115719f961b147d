//! The settings checked as a whole: every contradiction is named at once, not one a start.

use std::net::IpAddr;

use esewa_client::{Amount, Environment, Merchant, ProductCode, SecretKey};
use ipnet::IpNet;
use paygate::Money;
use url::Url;

use super::settings::EsewaApi;
use super::{
    Config, DatabaseUrl, EsewaConfig, EsewaEnvironment, LogConfig, PushConfig, RateLimits, RedisUrl,
    Settings, WebUrl,
};
use crate::client_address::TrustedProxies;

/// The product code of eSewa's public test merchant.
const TEST_PRODUCT_CODE: &str = "EPAYTEST";

/// The variables that mean something to this version.
const KNOWN: &[&str] = &[
    "KOTHA_LISTEN",
    "KOTHA_PUBLIC_URL",
    "KOTHA_DATA_DIR",
    "KOTHA_DATABASE_URL",
    "KOTHA_REDIS_URL",
    "KOTHA_ESEWA_ENVIRONMENT",
    "KOTHA_ESEWA_PRODUCT_CODE",
    "KOTHA_ESEWA_SECRET_KEY",
    "KOTHA_ESEWA_FORM_URL",
    "KOTHA_ESEWA_STATUS_URL",
    "KOTHA_ESEWA_API",
    "KOTHA_SANDBOX_LISTEN",
    "KOTHA_UNLOCK_PRICE",
    "KOTHA_TRUSTED_ORIGINS",
    "KOTHA_TRUSTED_PROXIES",
    "KOTHA_PUSH_SERVICES",
    "KOTHA_PUSH_CONTACT",
    "KOTHA_PUSH_AFTER_S",
    "KOTHA_PUSH_TEST_SERVICE",
    "KOTHA_METRICS_LISTEN",
    "KOTHA_RATE_LIMITS",
    "KOTHA_DEMO",
    "KOTHA_LOG",
    "KOTHA_LOG_FORMAT",
];

/// One thing that is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigProblem {
    /// A variable with our prefix that we don't know: most likely misspelled.
    #[error("{0} is not a variable that kotha knows (known: {known})", known = KNOWN.join(", "))]
    UnknownVariable(String),
    /// A value that doesn't do, with the reason.
    #[error("{variable}: {reason}")]
    Unusable {
        /// Which variable.
        variable: &'static str,
        /// What is wrong with its value, without the value of a secret.
        reason: String,
    },
}

impl Config {
    /// Checks the settings, and the names of the `KOTHA_…` variables that are set.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, not only the first.
    pub fn resolve(settings: Settings, names: &[String]) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = unknown_variables(names);
        if settings.rate_limits == RateLimits::Off
            && settings.esewa_environment == EsewaEnvironment::Production
        {
            problems.push(unusable("KOTHA_RATE_LIMITS", "production has them on"));
        }
        let price = keep(unlock_price(&settings.unlock_price), &mut problems);
        let esewa = keep(esewa(&settings), &mut problems);
        let database = keep(database(&settings), &mut problems);
        let redis = keep(settings.redis_url.as_deref().map(RedisUrl::parse).transpose(), &mut problems);
        let public_url = keep(public_url(&settings), &mut problems);
        let trusted_origins = keep(trusted_origins(&settings.trusted_origins), &mut problems);
        let trusted_proxies = keep(trusted_proxies(&settings.trusted_proxies), &mut problems);
        let push = keep(PushConfig::resolve(&settings), &mut problems);
        let demo = keep(demo(settings.demo, settings.esewa_environment), &mut problems);
        let checked = || {
            Some(Self {
                listen: settings.listen,
                public_url: public_url?,
                data_dir: settings.data_dir,
                database: database?,
                redis: redis?,
                esewa: esewa?,
                unlock_price: price?,
                trusted_origins: trusted_origins?,
                trusted_proxies: trusted_proxies?,
                push: push?,
                metrics_listen: settings.metrics_listen,
                rate_limits: settings.rate_limits,
                demo: demo?,
                log: LogConfig { filter: settings.log, format: settings.log_format },
            })
        };
        // Each part that is missing has left its problem.
        checked().filter(|_| problems.is_empty()).ok_or(problems)
    }
}

fn keep<T>(result: Result<T, ConfigProblem>, problems: &mut Vec<ConfigProblem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

pub(super) fn unusable(variable: &'static str, reason: impl Into<String>) -> ConfigProblem {
    ConfigProblem::Unusable { variable, reason: reason.into() }
}

fn unknown_variables(names: &[String]) -> Vec<ConfigProblem> {
    names
        .iter()
        .filter(|name| !KNOWN.contains(&name.as_str()))
        .map(|name| ConfigProblem::UnknownVariable(name.clone()))
        .collect()
}

fn unlock_price(text: &str) -> Result<Money, ConfigProblem> {
    let amount: Amount = text
        .parse()
        .map_err(|error: esewa_client::AmountError| unusable("KOTHA_UNLOCK_PRICE", error.to_string()))?;
    match amount.paisa() {
        0 => Err(unusable("KOTHA_UNLOCK_PRICE", "must be more than nothing")),
        paisa => Ok(Money::npr_paisa(paisa)),
    }
}

fn esewa(settings: &Settings) -> Result<EsewaConfig, ConfigProblem> {
    if settings.esewa_api == EsewaApi::V1 && settings.esewa_status_url.is_some() {
        let reason =
            "ePay v1 has no status API; KOTHA_ESEWA_FORM_URL names the host of its form and its answers";
        return Err(unusable("KOTHA_ESEWA_STATUS_URL", reason));
    }
    let address = |variable, text: &Option<String>| {
        text.as_deref().map(|text| WebUrl::parse(variable, text)).transpose()
    };
    let form_url = address("KOTHA_ESEWA_FORM_URL", &settings.esewa_form_url)?;
    let status_url = address("KOTHA_ESEWA_STATUS_URL", &settings.esewa_status_url)?;
    if form_url.as_ref().is_some_and(WebUrl::has_userinfo) {
        let reason = "every payer's browser is sent there, so it can't have a name or a password in it";
        return Err(unusable("KOTHA_ESEWA_FORM_URL", reason));
    }
    let environment = settings.esewa_environment;
    let given = (&settings.esewa_product_code, &settings.esewa_secret_key);
    if environment == EsewaEnvironment::Production && (given.0.is_none() || given.1.is_none()) {
        let reason = "production needs KOTHA_ESEWA_PRODUCT_CODE and KOTHA_ESEWA_SECRET_KEY";
        return Err(unusable("KOTHA_ESEWA_ENVIRONMENT", reason));
    }
    let code = given.0.as_deref().unwrap_or(TEST_PRODUCT_CODE);
    if environment == EsewaEnvironment::Production && code == TEST_PRODUCT_CODE {
        return Err(unusable("KOTHA_ESEWA_PRODUCT_CODE", "production refuses the public test merchant"));
    }
    let product_code =
        ProductCode::new(code).map_err(|error| unusable("KOTHA_ESEWA_PRODUCT_CODE", error.to_string()))?;
    let secret_key = given.1.clone().unwrap_or_else(|| Ok(SecretKey::test()));
    let secret_key = secret_key.map_err(|error| unusable("KOTHA_ESEWA_SECRET_KEY", error.to_string()))?;
    if environment == EsewaEnvironment::Production {
        Merchant::new(Environment::Production, product_code.clone(), secret_key.clone())
            .map_err(|error| unusable("KOTHA_ESEWA_SECRET_KEY", error.to_string()))?;
    }
    Ok(EsewaConfig {
        environment,
        product_code,
        secret_key,
        form_url,
        status_url,
        api: settings.esewa_api,
        sandbox_listen: settings.sandbox_listen,
    })
}

fn database(settings: &Settings) -> Result<DatabaseUrl, ConfigProblem> {
    match &settings.database_url {
        Some(url) => DatabaseUrl::parse(url),
        None => Ok(DatabaseUrl::Sqlite(settings.data_dir.join("kotha.sqlite3"))),
    }
}

/// Only an origin: the contract's paths begin at its root.
fn public_url(settings: &Settings) -> Result<Option<Url>, ConfigProblem> {
    let production = settings.esewa_environment == EsewaEnvironment::Production;
    let Some(url) = settings.public_url.clone() else {
        if production {
            return Err(unusable(
                "KOTHA_PUBLIC_URL",
                "production needs the https address that eSewa sends payers back to",
            ));
        }
        if settings.listen.ip().is_unspecified() {
            let reason = "needed where KOTHA_LISTEN is every address: which one do browsers use?";
            return Err(unusable("KOTHA_PUBLIC_URL", reason));
        }
        return Ok(None);
    };
    if production && url.scheme() != "https" {
        return Err(unusable("KOTHA_PUBLIC_URL", "must begin with https:// in production"));
    }
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    match plain {
        true => Ok(Some(url)),
        false => Err(unusable("KOTHA_PUBLIC_URL", "must be like https://rooms.example, without a path")),
    }
}

fn trusted_origins(values: &[String]) -> Result<Vec<String>, ConfigProblem> {
    values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).map(trusted_origin).collect()
}

fn trusted_origin(value: &str) -> Result<String, ConfigProblem> {
    let url = Url::parse(value).map_err(|error| unusable("KOTHA_TRUSTED_ORIGINS", error.to_string()))?;
    let origin = url.origin().ascii_serialization();
    match origin == value {
        true => Ok(origin),
        false => Err(unusable(
            "KOTHA_TRUSTED_ORIGINS",
            format!("`{value}` is not an origin; did you mean `{origin}`?"),
        )),
    }
}

fn trusted_proxies(values: &[String]) -> Result<TrustedProxies, ConfigProblem> {
    let values = values.iter().map(|value| value.trim()).filter(|value| !value.is_empty());
    values.map(network).collect::<Result<_, _>>().map(TrustedProxies::new)
}

fn network(value: &str) -> Result<IpNet, ConfigProblem> {
    let address = value.parse::<IpAddr>().map(IpNet::from);
    let network = address.or_else(|_| value.parse::<IpNet>());
    network.map(|network| network.trunc()).map_err(|_| {
        let reason = format!("`{value}` is neither an address nor a network such as 10.0.0.0/8");
        unusable("KOTHA_TRUSTED_PROXIES", reason)
    })
}

fn demo(asked: Option<bool>, environment: EsewaEnvironment) -> Result<bool, ConfigProblem> {
    match (asked, environment) {
        (None, environment) => Ok(environment == EsewaEnvironment::Sandbox),
        (Some(true), EsewaEnvironment::Test | EsewaEnvironment::Production) => {
            Err(unusable("KOTHA_DEMO", "demo accounts have public passwords: sandbox only"))
        }
        (Some(asked), _) => Ok(asked),
    }
}

#[cfg(test)]
mod tests;
