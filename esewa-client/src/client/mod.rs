//! The HTTP half: carries the status question to eSewa and its answer back, within bounds.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use crate::merchant::Merchant;
use crate::order::Order;
use crate::status::{Confirmation, StatusReport};

mod builder;
mod error;
mod fetch;
mod retry;
mod settle;

pub use self::builder::{ClientBuildError, ClientBuilder};
pub use self::error::RequestError;
#[cfg(feature = "legacy")]
pub(crate) use self::fetch::Answer;
use self::retry::RetryPolicy;
#[cfg(feature = "intent")]
pub(crate) use self::settle::Asked;
pub use self::settle::{PollClock, Settlement, SystemPollClock};

/// Asks eSewa about payments.
///
/// Redirects are not followed, bodies are bounded, each attempt and all of them together have a
/// timeout, and only reads are repeated, with growing, jittered pauses. Where the environment knows several
/// hosts, the next one is asked also when one refuses without a word of eSewa's API, as a host does that does not
/// serve it; such a host is not asked again. A clone shares the connection pool.
///
/// ```no_run
/// use esewa_client::{Client, Confirmation, Merchant, Order};
///
/// # async fn deliver(order: &Order) -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder(Merchant::test()).timeout_ms(10_000).build()?;
/// match client.confirm(order).await? {
///     Confirmation::Paid(payment) => println!("deliver, once, for {}", payment.reference()),
///     Confirmation::Other(report) => println!("not now: {}", report.status()),
///     Confirmation::Mismatch(mismatch) => println!("show it to a person: {mismatch}"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    merchant: Merchant,
    http: reqwest::Client,
    retry: RetryPolicy,
    limits: Limits,
    jitter: Jitter,
}

/// A source of random numbers for the pauses between attempts.
#[derive(Clone)]
struct Jitter(Arc<dyn Fn() -> u64 + Send + Sync>);

/// What one call may take.
#[derive(Debug, Clone, Copy)]
struct Limits {
    timeout: Duration,
    attempt_timeout: Duration,
    body_bytes_max: usize,
}

impl Client {
    /// A client of `merchant` with the defaults of [`ClientBuilder`].
    pub fn builder(merchant: Merchant) -> ClientBuilder {
        ClientBuilder::new(merchant)
    }

    /// The merchant that this client asks for.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.merchant
    }

    /// Asks for the status of `order`, and reports what eSewa said, whatever it is about.
    ///
    /// # Errors
    /// [`RequestError`] when no attempt brought a status within the timeout.
    pub async fn status(&self, order: &Order) -> Result<StatusReport, RequestError> {
        self.read(self.merchant.status_urls(order).collect(), |url| {
            let request = self.http.get(url);
            async move {
                let answer = self.fetch(request).await?;
                StatusReport::parse(&answer.body)
                    .map_err(|error| RequestError::from(error).with_http_status(answer.http_status))
            }
        })
        .await
    }

    /// Asks for the status of `order` and holds it against the order.
    ///
    /// # Errors
    /// [`RequestError`] when no attempt brought a status within the timeout. The payment's state is
    /// then unknown, which is not the same as unpaid.
    pub async fn confirm(&self, order: &Order) -> Result<Confirmation, RequestError> {
        let report = self.status(order).await?;
        Ok(crate::status::confirm(report, order, self.merchant.product_code()))
    }

    #[cfg(any(feature = "legacy", feature = "intent", feature = "mobile"))]
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Gives what must not be repeated its one attempt.
    #[cfg(feature = "intent")]
    pub(crate) async fn once<T>(
        &self,
        attempt: impl Future<Output = Result<T, RequestError>>,
    ) -> Result<T, RequestError> {
        let until = Instant::now() + self.limits.timeout.min(self.limits.attempt_timeout);
        timeout_at(until, attempt).await.unwrap_or(Err(RequestError::Timeout))
    }

    /// Repeats a read at one address after the other until it succeeds, fails for good everywhere, or runs out of
    /// attempts or time.
    pub(crate) async fn read<T, F>(
        &self,
        mut urls: Vec<Url>,
        attempt: impl Fn(Url) -> F,
    ) -> Result<T, RequestError>
    where
        F: Future<Output = Result<T, RequestError>>,
    {
        let deadline = Instant::now() + self.limits.timeout;
        let mut made = 0;
        loop {
            let until = deadline.min(Instant::now() + self.limits.attempt_timeout);
            let result =
                timeout_at(until, attempt(urls[0].clone())).await.unwrap_or(Err(RequestError::Timeout));
            made += 1;
            let error = match result {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if error.is_retryable() {
                urls.rotate_left(1);
            } else if error.leaves_other_hosts() && urls.len() > 1 {
                urls.remove(0);
            } else {
                return Err(error);
            }
            match self.retry.pause(made, (self.jitter.0)()) {
                Some(pause) if Instant::now() + pause < deadline => sleep(pause).await,
                _ => return Err(error),
            }
        }
    }
}

impl std::fmt::Debug for Jitter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Jitter")
    }
}
