//! The ways to pay that a gate offers.

use super::{Challenge, ConfigError};
use crate::model::Offer;
use crate::{PayeeId, ProviderId};

/// A way to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// Through whom.
    pub provider: ProviderId,
    /// Who receives the money.
    pub payee: PayeeId,
    /// Where a payment is started by `POST`: a path that begins with a slash, or an address.
    pub start: String,
}

/// How a refused request may be paid for, for whoever writes the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terms {
    /// The ways to pay, in the order of preference; none but with
    /// [`PaymentRequired`](super::Refusal::PaymentRequired).
    pub ways: Vec<Way>,
    /// For how many seconds the offer is good, where it is bound.
    pub offer_ttl_s: Option<u32>,
    /// Where the payment that is in progress can be looked at.
    pub payment_url: Option<String>,
}

/// One way to pay for one offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Through whom and where to begin.
    pub checkout: Checkout,
    /// What binds the offer, where the gate has keys and shows challenges.
    pub challenge: Option<Challenge>,
}

impl Way {
    /// The network as x402 writes it, `namespace:reference`: a currency's code begins with its country's.
    pub(super) fn network(&self, offer: &Offer) -> String {
        let country = offer.price.currency.code().get(..2).unwrap_or_default();
        format!("{}:{}", self.checkout.provider, country.to_ascii_lowercase())
    }
}

/// Refuses what could not stand in a header between quotes.
pub(super) fn check_realm(realm: &str) -> Result<(), ConfigError> {
    let quotable = |byte: u8| (byte == b' ' || byte.is_ascii_graphic()) && byte != b'"' && byte != b'\\';
    let fits = (1..=100).contains(&realm.len()) && realm.bytes().all(quotable);
    if fits { Ok(()) } else { Err(ConfigError::Realm) }
}

/// Refuses what could not stand in a link, or would lead out of the web.
pub(super) fn check_link(link: &str) -> Result<(), ConfigError> {
    let local = link.starts_with('/') && !link.starts_with("//");
    let web = link.starts_with("https://") || link.starts_with("http://");
    let plain = link.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte));
    if (local || web) && plain { Ok(()) } else { Err(ConfigError::Start) }
}
