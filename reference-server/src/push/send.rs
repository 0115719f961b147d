//! Handing one encrypted message to a push service (RFC 8030), and what its answer means.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, StatusCode, redirect};
use url::Url;

use super::guard::PushServices;
use super::places::{Places, WAIT_MS};
use super::public_address::{Lookup, PublicAddresses};
use super::vapid::Vapid;

/// How long a push service keeps a message for a browser that is away.
const TTL_S: u32 = 24 * 60 * 60;
/// How long a connection may take, and how long the whole request.
const CONNECT_MS: u64 = 5_000;
const REQUEST_MS: u64 = 10_000;
/// Idle connections that are kept to one service, and for how long.
const IDLE_PER_HOST_MAX: usize = 8;
const IDLE_MS: u64 = 60_000;
/// The longest wait that a service may ask for: by then the message is of no use.
const RETRY_AFTER_S_MAX: u64 = 24 * 60 * 60;

/// The way to the push services.
#[derive(Debug)]
pub struct Sender {
    http: Client,
    services: PushServices,
    vapid: Vapid,
    places: Places,
}

/// What became of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The service has it.
    Taken,
    /// The subscription has ended.
    Gone,
    /// It is longer than the service takes.
    TooLong,
    /// Not now; after so many seconds, if the service said so.
    Later {
        /// Since now.
        retry_after_s: Option<u64>,
    },
    /// The service will never take it.
    Refused {
        /// What it answered.
        status: StatusCode,
    },
    /// The subscription leads to where no message may go.
    Forbidden,
}

/// The client can't be made.
#[derive(Debug, thiserror::Error)]
#[error("the client for push services can't be made")]
pub struct SenderError(#[from] reqwest::Error);

impl Sender {
    /// Sends to these services, which `lookup` finds.
    ///
    /// # Errors
    ///
    /// When TLS can't be set up.
    pub fn new(services: PushServices, vapid: Vapid, lookup: Arc<dyn Lookup>) -> Result<Self, SenderError> {
        let http = Client::builder()
            .dns_resolver(PublicAddresses(lookup))
            // A proxy would look names up for itself; a redirect would lead past the guard.
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(Duration::from_millis(CONNECT_MS))
            .timeout(Duration::from_millis(REQUEST_MS))
            .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
            .pool_idle_timeout(Duration::from_millis(IDLE_MS))
            .build()?;
        let places = Places::new(services.count(), WAIT_MS);
        Ok(Self { http, services, vapid, places })
    }

    /// Which services those are.
    pub fn services(&self) -> &PushServices {
        &self.services
    }

    /// Who we are to them.
    pub fn vapid(&self) -> &Vapid {
        &self.vapid
    }

    /// Which of the services this endpoint is at; `None` when no message may go there.
    pub fn service_of(&self, endpoint: &str) -> Option<usize> {
        self.services.check(endpoint).ok().map(|url| self.services.number_of(&url))
    }

    /// Hands one message over. Of those with one topic a service keeps the newest only.
    pub async fn send(&self, endpoint: &str, topic: &str, body: Vec<u8>, now: Timestamp) -> Sent {
        // Once more: the configuration may have changed since the browser subscribed.
        let Ok(url) = self.services.check(endpoint) else { return Sent::Forbidden };
        let Some(place) = self.places.take(self.services.number_of(&url)).await else {
            tracing::debug!(service = url.host_str(), "a push service hangs, and has enough to do");
            return Sent::Later { retry_after_s: None };
        };
        let origin = url.origin().ascii_serialization();
        let request = self
            .http
            .post(url.clone())
            .header(AUTHORIZATION, self.vapid.authorization(&origin, now))
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_ENCODING, "aes128gcm")
            .header("ttl", TTL_S)
            .header("urgency", "high")
            .header("topic", topic)
            .body(body);
        match request.send().await {
            // The body of the answer is nothing to us, and is not read.
            Ok(answer) => {
                place.answered();
                self.judge(&url, answer.status(), answer.headers(), now)
            }
            Err(error) => {
                let error = error.without_url();
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    service = url.host_str(),
                    "a push service can't be reached"
                );
                Sent::Later { retry_after_s: None }
            }
        }
    }

    fn judge(&self, url: &Url, status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Sent {
        match status.as_u16() {
            200..300 => Sent::Taken,
            404 | 410 => Sent::Gone,
            413 => Sent::TooLong,
            429 | 500..600 => Sent::Later { retry_after_s: retry_after_s(headers, now) },
            _ => {
                // Not the endpoint: who has it can send to it.
                tracing::warn!(%status, service = url.host_str(), "a push service refuses a message");
                Sent::Refused { status }
            }
        }
    }
}

/// In seconds, or as a date.
fn retry_after_s(headers: &HeaderMap, now: Timestamp) -> Option<u64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match value.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let at = rfc2822::parse(value).ok()?.timestamp();
            u64::try_from(at.as_second().saturating_sub(now.as_second())).unwrap_or(0)
        }
    };
    Some(seconds.min(RETRY_AFTER_S_MAX))
}

#[cfg(test)]
mod tests;
