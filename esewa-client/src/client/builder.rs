//! Setting up a client: its bounds, their defaults, and what is refused.

use std::sync::Arc;
use std::time::Duration;

use super::retry::RetryPolicy;
use super::{Client, Jitter, Limits};
use crate::merchant::Merchant;

/// Sets the bounds of a [`Client`].
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    merchant: Merchant,
    timeout_ms: u64,
    attempt_timeout_ms: u64,
    connect_timeout_ms: u64,
    attempts_max: u32,
    backoff_ms: u64,
    backoff_max_ms: u64,
    body_bytes_max: usize,
    jitter: Option<Jitter>,
}

impl ClientBuilder {
    pub(super) fn new(merchant: Merchant) -> Self {
        Self {
            merchant,
            timeout_ms: 20_000,
            attempt_timeout_ms: 8_000,
            connect_timeout_ms: 4_000,
            attempts_max: 3,
            backoff_ms: 200,
            backoff_max_ms: 2_000,
            body_bytes_max: 16 * 1024,
            jitter: None,
        }
    }

    /// How long a call may take with all its attempts and pauses; 20,000 by default.
    pub fn timeout_ms(mut self, timeout_ms: u64) -> Self {
        self.timeout_ms = timeout_ms;
        self
    }

    /// How long one attempt may take; 8,000 by default.
    pub fn attempt_timeout_ms(mut self, attempt_timeout_ms: u64) -> Self {
        self.attempt_timeout_ms = attempt_timeout_ms;
        self
    }

    /// How long connecting may take; 4,000 by default.
    pub fn connect_timeout_ms(mut self, connect_timeout_ms: u64) -> Self {
        self.connect_timeout_ms = connect_timeout_ms;
        self
    }

    /// How often a read is tried in all; 3 by default, 10 at most.
    pub fn attempts_max(mut self, attempts_max: u32) -> Self {
        self.attempts_max = attempts_max;
        self
    }

    /// The first pause between attempts, 200 by default; it doubles each time, and a random half of
    /// it is left out.
    pub fn backoff_ms(mut self, backoff_ms: u64) -> Self {
        self.backoff_ms = backoff_ms;
        self
    }

    /// The longest pause between attempts; 2,000 by default.
    pub fn backoff_max_ms(mut self, backoff_max_ms: u64) -> Self {
        self.backoff_max_ms = backoff_max_ms;
        self
    }

    /// The longest body that is read; 16 KiB by default. A real one has about 150 bytes.
    pub fn body_bytes_max(mut self, body_bytes_max: usize) -> Self {
        self.body_bytes_max = body_bytes_max;
        self
    }

    /// Where the random part of the pauses comes from, for tests that need the same ones each time.
    pub fn jitter(mut self, random: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.jitter = Some(Jitter(Arc::new(random)));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`ClientBuildError`] for a bound of zero, too many attempts, or a TLS library that cannot
    /// start.
    pub fn build(self) -> Result<Client, ClientBuildError> {
        let bounds = [
            ("timeout_ms", self.timeout_ms),
            ("attempt_timeout_ms", self.attempt_timeout_ms),
            ("connect_timeout_ms", self.connect_timeout_ms),
            ("attempts_max", u64::from(self.attempts_max)),
            ("body_bytes_max", self.body_bytes_max as u64),
        ];
        if let Some((name, _)) = bounds.into_iter().find(|(_, value)| *value == 0) {
            return Err(ClientBuildError::Zero(name));
        }
        if self.attempts_max > ATTEMPTS_MAX {
            return Err(ClientBuildError::TooManyAttempts);
        }
        let http = reqwest::Client::builder()
            // An answer from elsewhere is no answer of eSewa's.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_millis(self.connect_timeout_ms))
            .timeout(Duration::from_millis(self.attempt_timeout_ms))
            .user_agent(concat!("esewa-client/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(ClientBuildError::Http)?;
        Ok(Client {
            merchant: self.merchant,
            http,
            retry: RetryPolicy {
                attempts_max: self.attempts_max,
                backoff_ms: self.backoff_ms,
                backoff_max_ms: self.backoff_max_ms,
            },
            limits: Limits {
                timeout: Duration::from_millis(self.timeout_ms),
                attempt_timeout: Duration::from_millis(self.attempt_timeout_ms),
                body_bytes_max: self.body_bytes_max,
            },
            // Without a random source the pauses are merely as long as they can be.
            jitter: self.jitter.unwrap_or_else(|| Jitter(Arc::new(|| getrandom::u64().unwrap_or(0)))),
        })
    }
}

/// Why a client cannot be built. All of these are mistakes of configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientBuildError {
    /// A bound of zero would let nothing through.
    #[error("`{0}` cannot be zero")]
    Zero(&'static str),
    /// More than ten attempts only add to an outage.
    #[error("a read is tried {ATTEMPTS_MAX} times at most")]
    TooManyAttempts,
    /// The HTTP or TLS library does not start.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
}

const ATTEMPTS_MAX: u32 = 10;
