//! The `WWW-Authenticate: Payment` challenge: what a program needs to pay, in one header.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::Offer;
use crate::{Currency, Money, PayeeId, ResourceId};

/// One challenge, as it stands in the header. It is only as good as its id:
/// [`OfferKeys::verify`](super::OfferKeys::verify) says whether this host made it.
///
/// Its text is read back as it is written, so a client sends the header's value, or the field `challenge` of
/// the page's form, as it got it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// What binds it to the host and to the one it was made for: a MAC, in URL-safe base64.
    pub id: String,
    /// Which part of the host.
    pub realm: String,
    /// The provider.
    pub method: String,
    /// What is asked for: JSON in URL-safe base64 without padding.
    pub request: String,
    /// Until when it is good, exclusively.
    pub expires: Timestamp,
}

/// A text that is no challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no Payment challenge")]
pub struct NoChallenge;

/// Longer than any challenge of ours.
const TEXT_BYTES_MAX: usize = 4 * 1024;

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, realm, method, request, expires } = self;
        write!(f, "Payment id=\"{id}\", realm=\"{realm}\", method=\"{method}\", intent=\"charge\", ")?;
        write!(f, "expires=\"{expires}\", request=\"{request}\"")
    }
}

impl FromStr for Challenge {
    type Err = NoChallenge;

    /// Reads the header's value. Parameters that are not known are left alone; one that is there twice is
    /// refused, because somebody reads the other.
    fn from_str(text: &str) -> Result<Self, NoChallenge> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(NoChallenge);
        }
        let (scheme, mut rest) = text.trim().split_once(' ').ok_or(NoChallenge)?;
        if !scheme.eq_ignore_ascii_case("Payment") {
            return Err(NoChallenge);
        }
        let mut fields = Fields::default();
        while !rest.trim().is_empty() {
            let (name, value, tail) = parameter(rest).ok_or(NoChallenge)?;
            fields.put(name, value)?;
            rest = tail;
        }
        fields.challenge().ok_or(NoChallenge)
    }
}

/// The next `name="value"`, and what follows its comma. No value of ours has a quote or a backslash in it.
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('=')?;
    let (value, rest) = rest.strip_prefix('"')?.split_once('"')?;
    let rest = rest.trim_start();
    let tail = if rest.is_empty() { rest } else { rest.strip_prefix(',')? };
    (!value.contains('\\')).then_some((name.trim(), value, tail))
}

#[derive(Default)]
struct Fields<'a>([Option<&'a str>; NAMES.len()]);

const NAMES: [&str; 6] = ["id", "realm", "method", "intent", "expires", "request"];

impl<'a> Fields<'a> {
    fn put(&mut self, name: &str, value: &'a str) -> Result<(), NoChallenge> {
        let Some(place) = NAMES.iter().position(|known| name.eq_ignore_ascii_case(known)) else {
            return Ok(());
        };
        if self.0[place].replace(value).is_some() { Err(NoChallenge) } else { Ok(()) }
    }

    fn challenge(self) -> Option<Challenge> {
        let [id, realm, method, intent, expires, request] = self.0;
        if intent? != "charge" {
            return None;
        }
        Some(Challenge {
            id: id?.to_owned(),
            realm: realm?.to_owned(),
            method: method?.to_owned(),
            request: request?.to_owned(),
            expires: expires?.parse().ok()?,
        })
    }
}

/// What `request` says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    amount: String,
    currency: String,
    recipient: PayeeId,
    resource: ResourceId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grant_for: Option<SignedDuration>,
}

pub(super) fn encode(offer: &Offer, payee: &PayeeId) -> String {
    let request = Request {
        amount: offer.price.minor.to_string(),
        currency: offer.price.currency.code().to_owned(),
        recipient: payee.clone(),
        resource: offer.resource.clone(),
        grant_for: offer.grant_for,
    };
    // Texts and numbers always have a JSON form; what nobody could read back would be refused by `decode`.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&request).unwrap_or_default())
}

pub(super) fn decode(request: &str) -> Option<Offer> {
    let json = URL_SAFE_NO_PAD.decode(request).ok()?;
    let request: Request = serde_json::from_slice(&json).ok()?;
    let currency = Currency::from_code(&request.currency)?;
    let price = Money { minor: request.amount.parse().ok()?, currency };
    Some(Offer { resource: request.resource, price, grant_for: request.grant_for })
}
