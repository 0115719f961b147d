//! The configuration: `KOTHA_…` variables or flags of the same name, parsed once, wrong ones refused at the start.

mod checked;
mod push;
mod settings;
mod urls;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use esewa_client::{ProductCode, SecretKey};
use paygate::Money;
use url::Url;

use crate::client_address::TrustedProxies;

pub use self::checked::ConfigProblem;
pub use self::push::PushConfig;
pub use self::settings::{EsewaApi, EsewaEnvironment, LogFormat, RateLimits, Settings};
pub use self::urls::{DatabaseUrl, PostgresUrl, RedisUrl, WebUrl};

/// Everything the server was told, checked as a whole.
#[derive(Debug, Clone)]
pub struct Config {
    /// `KOTHA_LISTEN`: where the product answers.
    pub listen: SocketAddr,
    /// `KOTHA_PUBLIC_URL`: what browsers and eSewa come back to; unset means "where we listen".
    pub public_url: Option<Url>,
    /// `KOTHA_DATA_DIR`: SQLite file, uploads, generated keys.
    pub data_dir: PathBuf,
    /// `KOTHA_DATABASE_URL`, or the file in the data directory.
    pub database: DatabaseUrl,
    /// `KOTHA_REDIS_URL`: the way to other servers on the same database.
    pub redis: Option<RedisUrl>,
    /// The `KOTHA_ESEWA_…` variables.
    pub esewa: EsewaConfig,
    /// `KOTHA_UNLOCK_PRICE`.
    pub unlock_price: Money,
    /// `KOTHA_TRUSTED_ORIGINS`: further origins for unsafe methods and WebSockets.
    pub trusted_origins: Vec<String>,
    /// `KOTHA_TRUSTED_PROXIES`: who may say for whom it speaks.
    pub trusted_proxies: TrustedProxies,
    /// The `KOTHA_PUSH_…` variables.
    pub push: PushConfig,
    /// `KOTHA_METRICS_LISTEN`: where `GET /metrics` answers.
    pub metrics_listen: Option<SocketAddr>,
    /// `KOTHA_RATE_LIMITS`.
    pub rate_limits: RateLimits,
    /// `KOTHA_DEMO`.
    pub demo: bool,
    /// `KOTHA_LOG` and `KOTHA_LOG_FORMAT`.
    pub log: LogConfig,
}

/// Which eSewa, and as whom.
#[derive(Debug, Clone)]
pub struct EsewaConfig {
    /// `KOTHA_ESEWA_ENVIRONMENT`.
    pub environment: EsewaEnvironment,
    /// `KOTHA_ESEWA_PRODUCT_CODE`.
    pub product_code: ProductCode,
    /// `KOTHA_ESEWA_SECRET_KEY`.
    pub secret_key: SecretKey,
    /// `KOTHA_ESEWA_FORM_URL`.
    pub form_url: Option<WebUrl>,
    /// `KOTHA_ESEWA_STATUS_URL`.
    pub status_url: Option<WebUrl>,
    /// `KOTHA_ESEWA_API`: what new payments are started with. Started ones go on with theirs.
    pub api: EsewaApi,
    /// `KOTHA_SANDBOX_LISTEN`: the emulator's own listener.
    pub sandbox_listen: SocketAddr,
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// A tracing filter.
    pub filter: String,
    /// Text for people or JSON for machines.
    pub format: LogFormat,
}

/// The names of all `KOTHA_…` variables that are set.
pub fn environment_names() -> Vec<String> {
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("KOTHA_"))
        .collect()
}

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from_listen = || format!("http://{} (from KOTHA_LISTEN)", self.listen);
        let public_url = self.public_url.as_ref().map_or_else(from_listen, ToString::to_string);
        let by_environment = |url: &Option<WebUrl>| {
            url.as_ref().map_or_else(|| "(by environment)".to_owned(), ToString::to_string)
        };
        writeln!(f, "KOTHA_LISTEN={}", self.listen)?;
        writeln!(f, "KOTHA_PUBLIC_URL={public_url}")?;
        writeln!(f, "KOTHA_DATA_DIR={}", self.data_dir.display())?;
        writeln!(f, "KOTHA_DATABASE_URL={}", self.database)?;
        match &self.redis {
            Some(redis) => writeln!(f, "KOTHA_REDIS_URL={redis}")?,
            None => writeln!(f, "KOTHA_REDIS_URL=(unset: this server alone)")?,
        }
        writeln!(f, "KOTHA_ESEWA_ENVIRONMENT={}", self.esewa.environment)?;
        writeln!(f, "KOTHA_ESEWA_PRODUCT_CODE={}", self.esewa.product_code)?;
        writeln!(f, "KOTHA_ESEWA_SECRET_KEY=(redacted)")?;
        writeln!(f, "KOTHA_ESEWA_FORM_URL={}", by_environment(&self.esewa.form_url))?;
        writeln!(f, "KOTHA_ESEWA_STATUS_URL={}", by_environment(&self.esewa.status_url))?;
        writeln!(f, "KOTHA_ESEWA_API={}", self.esewa.api)?;
        writeln!(f, "KOTHA_SANDBOX_LISTEN={}", self.esewa.sandbox_listen)?;
        writeln!(f, "KOTHA_UNLOCK_PRICE={}", self.unlock_price.decimal_text())?;
        writeln!(f, "KOTHA_TRUSTED_ORIGINS={}", self.trusted_origins.join(","))?;
        let proxies: Vec<_> = self.trusted_proxies.networks().iter().map(ToString::to_string).collect();
        writeln!(f, "KOTHA_TRUSTED_PROXIES={}", proxies.join(","))?;
        self.push.describe(f)?;
        match self.metrics_listen {
            Some(address) => writeln!(f, "KOTHA_METRICS_LISTEN={address}")?,
            None => writeln!(f, "KOTHA_METRICS_LISTEN=(unset: not served)")?,
        }
        writeln!(f, "KOTHA_RATE_LIMITS={}", self.rate_limits)?;
        writeln!(f, "KOTHA_DEMO={}", self.demo)?;
        writeln!(f, "KOTHA_LOG={}", self.log.filter)?;
        writeln!(f, "KOTHA_LOG_FORMAT={}", self.log.format)
    }
}
