//! Offers that are bound to a key instead of being stored: an unpaid request writes nothing.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

use super::challenge::{decode, encode};
use super::{Challenge, Checkout};
use crate::model::Offer;
use crate::{ProviderId, SubjectId};

/// One key. It is never shown.
#[derive(Clone)]
pub struct OfferKey(Hmac<Sha256>);

/// A key that anybody could guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an offer key has at least {KEY_BYTES_MIN} bytes")]
pub struct OfferKeyError;

const KEY_BYTES_MIN: usize = 16;
/// Keys before the current one that still count.
const FORMER_KEYS_MAX: usize = 8;

/// What is hashed here is hashed nowhere else with the same key.
const DOMAIN: &str = "paygate offer 1";

impl OfferKey {
    /// A key of at least 16 bytes of randomness. All nodes of a host share it.
    ///
    /// # Errors
    /// It is shorter.
    pub fn new(key: &[u8]) -> Result<Self, OfferKeyError> {
        if key.len() < KEY_BYTES_MIN {
            return Err(OfferKeyError);
        }
        Hmac::new_from_slice(key).map(Self).map_err(|_| OfferKeyError)
    }

    fn mac(&self, challenge: &Challenge, who: &SubjectId) -> Hmac<Sha256> {
        let Challenge { id: _, realm, method, request, expires } = challenge;
        let mut mac = self.0.clone();
        for slot in [DOMAIN, realm, method, "charge", request, &expires.to_string(), who.as_str()] {
            // With its length before it no slot can reach into the next.
            mac.update(&(slot.len() as u64).to_be_bytes());
            mac.update(slot.as_bytes());
        }
        mac
    }
}

impl fmt::Debug for OfferKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OfferKey([redacted])")
    }
}

/// The keys of a host: one that makes challenges, and those before it, whose challenges are still good.
///
/// To change the key, start with [`new`](Self::new)`(new).`[`or`](Self::or)`(old)`, and leave the old one out
/// after the time that an offer is good for.
///
/// ```
/// use jiff::SignedDuration;
/// use paygate::{Audience, Checkout, Clock, Money, Offer, OfferKey, OfferKeys, PayeeId, ProviderId};
/// use paygate::{ResourceId, SubjectId, SystemClock};
///
/// let keys = OfferKeys::new(OfferKey::new(b"32 random bytes of your own, 1..")?);
/// let checkout = Checkout {
///     provider: ProviderId::new("esewa")?,
///     payee: PayeeId::new("EPAYTEST")?,
///     start: "/pay".into(),
/// };
/// let offer = Offer::permanent(ResourceId::new("room:7")?, Money::npr_paisa(3000));
/// let (who, now) = (SubjectId::new("user:1")?, SystemClock.now());
///
/// // The gate makes it, the client sends it back with its start.
/// let audience = Audience { realm: "rooms", who: &who };
/// let sent = keys.bind(audience, &checkout, &offer, now + SignedDuration::from_mins(10)).to_string();
/// let quoted = keys.verify(&sent, audience, now)?;
/// assert_eq!((quoted.offer, quoted.via.as_str()), (offer, "esewa"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct OfferKeys {
    current: OfferKey,
    former: Vec<OfferKey>,
}

/// For whom an offer is, and in which part of the host.
#[derive(Debug, Clone, Copy)]
pub struct Audience<'a> {
    /// The part: the gate's realm.
    pub realm: &'a str,
    /// Who asked. A challenge is no use to anybody else.
    pub who: &'a SubjectId,
}

/// What a verified challenge offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// What, and for how much: as it was shown, whatever it costs by now.
    pub offer: Offer,
    /// Through whom.
    pub via: ProviderId,
}

/// Why a challenge does not count. The client asks for the resource again and gets a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChallengeRefused {
    /// It does not have the form.
    #[error("this is no Payment challenge")]
    Malformed,
    /// It is not from here, not as it was, of another part of the host, or was made for somebody else.
    #[error("the challenge was not made here for this")]
    Forged,
    /// It was good, and its time is over.
    #[error("the challenge has expired")]
    Expired,
}

impl OfferKeys {
    /// One key for everything.
    pub fn new(current: OfferKey) -> Self {
        Self { current, former: Vec::new() }
    }

    /// Honours what was made with `former` too. Eight of them at the most: each is one more MAC for a forged
    /// challenge, and what comes after the eighth is not honoured.
    #[must_use]
    pub fn or(mut self, former: OfferKey) -> Self {
        if self.former.len() < FORMER_KEYS_MAX {
            self.former.push(former);
        }
        self
    }

    /// Makes the challenge of an offer to somebody, good until `expires`.
    pub fn bind(
        &self,
        audience: Audience<'_>,
        checkout: &Checkout,
        offer: &Offer,
        expires: Timestamp,
    ) -> Challenge {
        let Audience { realm, who } = audience;
        let mut challenge = Challenge {
            id: String::new(),
            realm: realm.to_owned(),
            method: checkout.provider.as_str().to_owned(),
            request: encode(offer, &checkout.payee),
            expires,
        };
        challenge.id = URL_SAFE_NO_PAD.encode(self.current.mac(&challenge, who).finalize().into_bytes());
        challenge
    }

    /// What a challenge offers, if it was made here, for this audience, is unchanged, and still
    /// good at `now`. Nothing of it is read before that is known.
    ///
    /// # Errors
    /// See [`ChallengeRefused`]. The sender is at fault; nothing was started.
    pub fn verify(
        &self,
        challenge: &str,
        audience: Audience<'_>,
        now: Timestamp,
    ) -> Result<Quoted, ChallengeRefused> {
        let Audience { realm, who } = audience;
        let challenge: Challenge = challenge.parse().map_err(|_| ChallengeRefused::Malformed)?;
        let id = URL_SAFE_NO_PAD.decode(&challenge.id).map_err(|_| ChallengeRefused::Malformed)?;
        // The comparison takes the same time wherever the bytes differ.
        let is_ours = |key: &OfferKey| key.mac(&challenge, who).verify_slice(&id).is_ok();
        let mut keys = std::iter::once(&self.current).chain(&self.former);
        if challenge.realm != realm || !keys.any(is_ours) {
            return Err(ChallengeRefused::Forged);
        }
        if now >= challenge.expires {
            return Err(ChallengeRefused::Expired);
        }
        let offer = decode(&challenge.request).ok_or(ChallengeRefused::Malformed)?;
        let via = ProviderId::new(&challenge.method).map_err(|_| ChallengeRefused::Malformed)?;
        Ok(Quoted { offer, via })
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::*;

    use super::{Audience, Challenge, ChallengeRefused, Checkout, Offer, OfferKey, OfferKeys, Quoted};
    use crate::testing::{minute, payee, provider_id, resource, subject};
    use crate::{Money, SubjectId};

    fn key(text: &str) -> OfferKey {
        OfferKey::new(text.as_bytes()).unwrap()
    }

    fn audience<'a>(realm: &'a str, who: &'a SubjectId) -> Audience<'a> {
        Audience { realm, who }
    }

    fn keys() -> OfferKeys {
        OfferKeys::new(key("sixteen bytes ok"))
    }

    fn offer() -> Offer {
        let price = Money::npr_paisa(3000);
        Offer {
            resource: resource("room:7"),
            price,
            grant_for: Some(SignedDuration::from_micros(90_000_001)),
        }
    }

    fn bound(keys: &OfferKeys) -> Challenge {
        let checkout =
            Checkout { provider: provider_id("esewa"), payee: payee("EPAYTEST"), start: "/pay".into() };
        keys.bind(audience("rooms", &subject("user:1")), &checkout, &offer(), minute(5))
    }

    fn verify(keys: &OfferKeys, text: &str, now: Timestamp) -> Result<Quoted, ChallengeRefused> {
        keys.verify(text, audience("rooms", &subject("user:1")), now)
    }

    #[test]
    fn t19_a_bound_offer_is_accepted_until_it_expires() {
        let text = bound(&keys()).to_string();
        let quoted = Quoted { offer: offer(), via: provider_id("esewa") };
        assert_eq!(verify(&keys(), &text, minute(4)), Ok(quoted));
        assert_eq!(verify(&keys(), &text, minute(5)), Err(ChallengeRefused::Expired));
    }

    #[test]
    fn t19_a_changed_offer_is_not_accepted() {
        let challenge = bound(&keys());
        for changed in [
            Challenge { request: challenge.request.replacen('e', "f", 1), ..challenge.clone() },
            Challenge { realm: "room".into(), method: "sesewa".into(), ..challenge.clone() },
            Challenge { method: "khalti".into(), ..challenge.clone() },
            Challenge { expires: minute(50), ..challenge.clone() },
            Challenge { id: String::new(), ..challenge.clone() },
            Challenge { id: challenge.id[..20].to_owned(), ..challenge.clone() },
        ] {
            let refused = verify(&keys(), &changed.to_string(), minute(4));
            assert_eq!(refused, Err(ChallengeRefused::Forged), "{changed}");
        }
        let text = challenge.to_string();
        let elsewhere = keys().verify(&text, audience("photos", &subject("user:1")), minute(4));
        assert_eq!(elsewhere, Err(ChallengeRefused::Forged));
        let somebody_else = keys().verify(&text, audience("rooms", &subject("user:2")), minute(4));
        assert_eq!(somebody_else, Err(ChallengeRefused::Forged));
    }

    #[test]
    fn t19_keys_rotate_within_their_window() {
        let (old, new) = (keys(), OfferKeys::new(key("another key, yes")));
        let both = new.clone().or(key("sixteen bytes ok"));
        let (by_old, by_both) = (bound(&old).to_string(), bound(&both).to_string());
        for (keys, text, good) in [
            (&old, &by_old, true),
            (&both, &by_old, true),
            (&both, &by_both, true),
            (&new, &by_both, true),
            (&new, &by_old, false),
            (&old, &by_both, false),
        ] {
            assert_eq!(verify(keys, text, minute(4)).is_ok(), good);
        }
    }

    #[test]
    fn t19_eight_former_keys_are_honoured_and_not_one_more() {
        let former = |number: u32| key(&format!("former key number {number}"));
        let all = (1..=9).map(former).fold(keys(), OfferKeys::or);
        for (number, good) in [(1, true), (8, true), (9, false)] {
            let text = bound(&OfferKeys::new(former(number))).to_string();
            assert_eq!(verify(&all, &text, minute(4)).is_ok(), good, "{number}");
        }
    }

    #[test]
    fn t19_short_offer_keys_are_refused_and_none_is_shown() {
        for short in ["", "fifteen bytes.."] {
            assert!(OfferKey::new(short.as_bytes()).is_err(), "{short:?}");
        }
        assert!(!format!("{:?}", keys()).contains("sixteen"));
    }

    #[test]
    fn a_challenge_is_read_as_it_is_written_and_no_other_way() {
        let challenge = bound(&keys());
        let text = challenge.to_string();
        assert_eq!(text.parse(), Ok(challenge.clone()));
        let spaced = text.replace(", ", " ,\t").replacen("Payment", "payment", 1) + ", digest=\"x\"";
        assert_eq!(spaced.replace(" ,", ",").parse(), Ok(challenge));
        for text in [
            String::new(),
            "Payment".into(),
            "Payment ".into(),
            text.replacen("Payment", "Bearer", 1),
            text.replacen("intent=\"charge\"", "intent=\"session\"", 1),
            text.replacen("id=", "di=", 1),
            format!("{text}, id=\"again\""),
            text.replacen("realm=\"rooms\"", "realm=rooms", 1),
            text.replacen("realm=\"rooms\"", "realm=\"ro\\oms\"", 1),
            text.replacen("expires=\"2026", "expires=\"20x6", 1),
            text.trim_end_matches('"').to_owned(),
            format!("{text} {text}"),
            format!("{text}, pad=\"{}\"", "x".repeat(5_000)),
        ] {
            assert!(text.parse::<Challenge>().is_err(), "{text}");
            assert_eq!(verify(&keys(), &text, minute(4)), Err(ChallengeRefused::Malformed), "{text}");
        }
    }

    proptest! {
        /// No text but the one that was made gets through, whatever is done to it.
        #[test]
        fn t27_offer_ids_are_read_without_a_panic_and_none_is_accepted_unsigned(
            text in "\\PC{0,120}",
            place in 0_usize..300,
            put in "[ -~]{0,3}",
        ) {
            let good = bound(&keys()).to_string();
            let place = place % good.len();
            let spliced = format!("{}{put}{}", &good[..place], &good[place + 1..]);
            prop_assert!(verify(&keys(), &text, minute(4)).is_err());
            if let Ok(quoted) = verify(&keys(), &spliced, minute(4)) {
                // Only what does not matter was touched: a blank, a letter's case, an unused bit.
                prop_assert_eq!(quoted.offer, offer());
            }
        }
    }
}
