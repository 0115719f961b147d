//! Addresses of the database and of Redis. They may hold a password, which is shown nowhere.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use url::Url;

use super::checked::{ConfigProblem, unusable};

/// What `KOTHA_DATABASE_URL` says.
#[derive(Debug, Clone)]
pub enum DatabaseUrl {
    /// A file of this server alone.
    Sqlite(PathBuf),
    /// A database that any number of servers share.
    Postgres(PostgresUrl),
}

/// Where PostgreSQL is, and as whom.
#[derive(Clone)]
pub struct PostgresUrl {
    url: Url,
    options: Box<PgConnectOptions>,
}

/// What `KOTHA_REDIS_URL` says.
#[derive(Clone)]
pub struct RedisUrl(Url);

/// An address that may have a name and a password in it, shown without them.
#[derive(Clone, PartialEq, Eq)]
pub struct WebUrl(Url);

/// What sqlx reads from the address; anything else it would pass over with no more than a warning.
const POSTGRES_PARAMETERS: &[&str] =
    &["sslmode", "sslrootcert", "sslcert", "sslkey", "host", "hostaddr", "port", "dbname", "user", "options"];

impl DatabaseUrl {
    /// From the text of the variable.
    ///
    /// # Errors
    ///
    /// When it names no database that we can use, in words that don't repeat it.
    pub fn parse(text: &str) -> Result<Self, ConfigProblem> {
        let wrong = |reason: &str| Err(unusable("KOTHA_DATABASE_URL", reason));
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return PostgresUrl::parse(text).map(Self::Postgres);
        }
        let Some(rest) = text.strip_prefix("sqlite:") else {
            // The text may hold a password, so it is not repeated.
            return wrong("must be `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`");
        };
        match rest.strip_prefix("//").unwrap_or(rest) {
            "" => wrong("names no file"),
            ":memory:" => wrong("a database in memory would forget payments"),
            path => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }
}

impl PostgresUrl {
    fn parse(text: &str) -> Result<Self, ConfigProblem> {
        let wrong = |reason: String| unusable("KOTHA_DATABASE_URL", reason);
        let form = "must be like `postgres://USER:PASSWORD@HOST:5432/DATABASE`";
        let url = Url::parse(text).map_err(|_| wrong(form.to_owned()))?;
        for (name, _) in url.query_pairs() {
            if !POSTGRES_PARAMETERS.contains(&&*name) {
                let known = POSTGRES_PARAMETERS.join(", ");
                return Err(wrong(format!("`{name}` is no parameter of the address (known: {known})")));
            }
        }
        let options = PgConnectOptions::from_str(text).map_err(|error| wrong(error.to_string()))?;
        Ok(Self { url, options: Box::new(options.application_name("kotha")) })
    }

    /// How to connect.
    pub fn options(&self) -> PgConnectOptions {
        PgConnectOptions::clone(&self.options)
    }
}

impl RedisUrl {
    /// From the address of a Redis server.
    ///
    /// # Errors
    ///
    /// When it is none, in words that don't repeat it.
    pub fn parse(text: &str) -> Result<Self, ConfigProblem> {
        let form = "must be like `redis://:PASSWORD@HOST:6379/0`; `rediss:` with TLS, `unix:` for a socket";
        let wrong = || unusable("KOTHA_REDIS_URL", form);
        redis::Client::open(text).map_err(|_| wrong())?;
        Url::parse(text).map(Self).map_err(|_| wrong())
    }

    /// The address with its password, for who connects.
    pub fn with_password(&self) -> &str {
        self.0.as_str()
    }
}

impl WebUrl {
    /// From the text of `variable`.
    ///
    /// # Errors
    ///
    /// When it is no web address, in words that don't repeat it.
    pub fn parse(variable: &'static str, text: &str) -> Result<Self, ConfigProblem> {
        let web = |url: &Url| matches!(url.scheme(), "http" | "https");
        Url::parse(text)
            .ok()
            .filter(web)
            .map(Self)
            .ok_or_else(|| unusable(variable, "must be a web address like https://HOST/PATH"))
    }

    /// The address with all that it holds, for who connects.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Whether it has a name or a password, which whoever is sent there would see.
    pub fn has_userinfo(&self) -> bool {
        !self.0.username().is_empty() || self.0.password().is_some()
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl fmt::Debug for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        if self.has_userinfo()
            && (shown.set_username("redacted").is_err() || shown.set_password(None).is_err())
        {
            return write!(f, "{}:(redacted)", shown.scheme());
        }
        // A proxy's key may stand there.
        if shown.query().is_some() {
            shown.set_query(Some("(redacted)"));
        }
        write!(f, "{shown}")
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Self::Postgres(server) => write!(f, "{server:?}"),
        }
    }
}

impl fmt::Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        redacted(&self.url, f)
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        redacted(&self.0, f)
    }
}

/// A password may stand before the `@`, and among Redis's parameters too.
fn redacted(url: &Url, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = url.clone();
    if shown.password().is_some() && shown.set_password(Some("(redacted)")).is_err() {
        return write!(f, "{}:(redacted)", url.scheme());
    }
    if shown.query_pairs().any(|(name, _)| name.starts_with("pass")) {
        shown.set_query(Some("(redacted)"));
    }
    write!(f, "{shown}")
}
