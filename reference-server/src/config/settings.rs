//! What the command line and the environment may say, before it is checked as a whole.

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use esewa_client::{KeyError, SecretKey};
use url::Url;

/// One field a setting; the flag is the variable's name in kebab case without the prefix.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the product answers.
    #[arg(long, env = "KOTHA_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,

    /// What browsers and eSewa come back to; by default where we listen.
    #[arg(long, env = "KOTHA_PUBLIC_URL", value_parser = public_url, global = true)]
    pub public_url: Option<Url>,

    /// The directory of the SQLite file, uploads and generated keys.
    #[arg(long, env = "KOTHA_DATA_DIR", default_value = "kotha-data", global = true)]
    pub data_dir: PathBuf,

    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`; by default a file in the data directory.
    #[arg(long, env = "KOTHA_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// `redis://…`, where several servers share a PostgreSQL database; by default this server is alone.
    #[arg(long, env = "KOTHA_REDIS_URL", hide_env_values = true, global = true)]
    pub redis_url: Option<String>,

    /// Which eSewa: the embedded emulator, eSewa's test system, or the real one.
    #[arg(long, env = "KOTHA_ESEWA_ENVIRONMENT", default_value = "sandbox", global = true)]
    pub esewa_environment: EsewaEnvironment,

    /// The merchant's product code; by default the public test one.
    #[arg(long, env = "KOTHA_ESEWA_PRODUCT_CODE", global = true)]
    pub esewa_product_code: Option<String>,

    /// The merchant's secret key; by default the public test one.
    #[arg(long, env = "KOTHA_ESEWA_SECRET_KEY", hide_env_values = true, value_parser = secret_key, global = true)]
    pub esewa_secret_key: Option<LintedKey>,

    /// Where the payment form is posted to, in place of the environment's.
    #[arg(long, env = "KOTHA_ESEWA_FORM_URL", hide_env_values = true, global = true)]
    pub esewa_form_url: Option<String>,

    /// Where payments are asked about, in place of the environment's.
    #[arg(long, env = "KOTHA_ESEWA_STATUS_URL", hide_env_values = true, global = true)]
    pub esewa_status_url: Option<String>,

    /// Which of eSewa's protocols.
    #[arg(long, env = "KOTHA_ESEWA_API", default_value = "v2", global = true)]
    pub esewa_api: EsewaApi,

    /// Where the embedded eSewa emulator answers.
    #[arg(long, env = "KOTHA_SANDBOX_LISTEN", default_value = "127.0.0.1:8090", global = true)]
    pub sandbox_listen: SocketAddr,

    /// What one unlock costs, in Nepalese rupees.
    #[arg(long, env = "KOTHA_UNLOCK_PRICE", default_value = "30.00", global = true)]
    pub unlock_price: String,

    /// Further origins for unsafe methods and WebSockets, separated by commas.
    #[arg(long, env = "KOTHA_TRUSTED_ORIGINS", value_delimiter = ',', global = true)]
    pub trusted_origins: Vec<String>,

    /// Addresses or networks of proxies whose `X-Forwarded-For` is believed, separated by commas.
    #[arg(long, env = "KOTHA_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<String>,

    /// Hosts of the push services that browsers may subscribe at, `*.` for all below one, separated by commas.
    #[arg(long, env = "KOTHA_PUSH_SERVICES", default_value = super::push::SERVICES, value_delimiter = ',', global = true)]
    pub push_services: Vec<String>,

    /// A `mailto:` or `https:` address for push services to write to; by default the public URL, if it is https.
    #[arg(long, env = "KOTHA_PUSH_CONTACT", global = true)]
    pub push_contact: Option<String>,

    /// How many seconds after a message who has not read it, and is not there, is told by push.
    #[arg(long, env = "KOTHA_PUSH_AFTER_S", default_value_t = 8, global = true)]
    pub push_after_s: u64,

    /// A push service for tests, on this machine, such as `http://127.0.0.1:9090`; production refuses it.
    #[arg(long, env = "KOTHA_PUSH_TEST_SERVICE", global = true)]
    pub push_test_service: Option<String>,

    /// Where `GET /metrics` answers; by default nowhere.
    #[arg(long, env = "KOTHA_METRICS_LISTEN", global = true)]
    pub metrics_listen: Option<SocketAddr>,

    /// `off` for load tests only; production refuses it.
    #[arg(long, env = "KOTHA_RATE_LIMITS", default_value = "on", global = true)]
    pub rate_limits: RateLimits,

    /// Demo accounts and rooms; by default in the sandbox only.
    #[arg(long, env = "KOTHA_DEMO", global = true)]
    pub demo: Option<bool>,

    /// A tracing filter, such as `info` or `info,paygate=debug`.
    #[arg(long, env = "KOTHA_LOG", default_value = "info", global = true)]
    pub log: String,

    /// Text for people or JSON for machines.
    #[arg(long, env = "KOTHA_LOG_FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,
}

/// Which eSewa is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EsewaEnvironment {
    /// The emulator inside this program.
    Sandbox,
    /// eSewa's own test system.
    Test,
    /// Real money.
    Production,
}

/// Whether people are held to what people can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RateLimits {
    /// As in production.
    On,
    /// For load tests.
    Off,
}

/// Which of eSewa's protocols is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EsewaApi {
    /// ePay v2: signed form, signed callback, status API.
    V2,
    /// ePay v1, for old merchants.
    V1,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl fmt::Display for EsewaEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sandbox => "sandbox",
            Self::Test => "test",
            Self::Production => "production",
        })
    }
}

impl fmt::Display for EsewaApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V2 => "v2",
            Self::V1 => "v1",
        })
    }
}

impl fmt::Display for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::On => "on",
            Self::Off => "off",
        })
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// A secret key, or what is wrong with it.
type LintedKey = Result<SecretKey, KeyError>;

/// Parsed at once, so that the key's text is never kept in a plain string; and never refused here, since clap repeats
/// what it refuses.
fn secret_key(text: &str) -> Result<LintedKey, Infallible> {
    Ok(SecretKey::new(text))
}

fn public_url(text: &str) -> Result<Url, &'static str> {
    Url::parse(text).map_err(|_| "it must be a web address like https://rooms.example")
}
