//! What unlocks a room, as every 402 says it: bound to a key of this database, so that nothing is stored for an offer
//! before somebody starts to pay, and what was shown is what is charged.

use axum::http::{HeaderValue, header};
use jiff::{SignedDuration, Timestamp};
use paygate::{
    Audience, ChallengeRefused, Checkout, Offer, OfferKey, OfferKeys, PayeeId, ProviderId, Quoted, Refusal,
    SubjectId, Terms, Way,
};
use uuid::Uuid;

use super::{offer_of_room, problem_of, subject_of_user};
use crate::problem::{FieldError, Problem};
use crate::state::AppState;

/// The one part of the host that sells anything.
pub const REALM: &str = "kotha";
/// How long a price that was shown is kept to.
pub const OFFER_TTL_S: u32 = 600;
/// Where a payment is started.
pub const START_URL: &str = "/create-payment-intent/";

/// How offers are made, and known again.
#[derive(Debug)]
pub struct Offers {
    /// Binds them.
    pub keys: OfferKeys,
    /// The one way to pay.
    pub checkout: Checkout,
}

impl Offers {
    /// Offers of payments to `payee` through `provider`.
    pub fn new(key: OfferKey, provider: ProviderId, payee: PayeeId) -> Self {
        Self {
            keys: OfferKeys::new(key),
            checkout: Checkout { provider, payee, start: START_URL.to_owned() },
        }
    }

    /// What was offered, if it was offered here, to this client, and not long ago.
    ///
    /// # Errors
    ///
    /// 422 says which of these is wrong.
    pub fn quoted(&self, challenge: &str, who: &SubjectId, now: Timestamp) -> Result<Quoted, Problem> {
        self.keys.verify(challenge, Audience { realm: REALM, who }, now).map_err(|refused| {
            let message = match refused {
                ChallengeRefused::Expired => "has expired; ask for the room again.",
                _ => "was not made here for this account.",
            };
            Problem::invalid_fields(vec![FieldError { field: "challenge", message: message.to_owned() }])
        })
    }

    /// As the gate makes them, where no gate stands before.
    fn terms(&self, who: &SubjectId, offer: &Offer, now: Timestamp) -> Terms {
        let expires = now.checked_add(SignedDuration::from_secs(OFFER_TTL_S.into())).unwrap_or(now);
        let audience = Audience { realm: REALM, who };
        let challenge = self.keys.bind(audience, &self.checkout, offer, expires);
        let mut terms = Terms::default();
        terms.ways.push(Way { checkout: self.checkout.clone(), challenge: Some(challenge) });
        terms.offer_ttl_s = Some(OFFER_TTL_S);
        terms
    }
}

/// 402 for a client that has not paid for a room, where no gate stands before the route: the same answer as the gate's.
pub fn locked(state: &AppState, client: Uuid, room: Uuid) -> Problem {
    let answer = || {
        let (who, offer) = (subject_of_user(client)?, offer_of_room(state, room)?);
        let terms = state.offers.terms(&who, &offer, state.clock.now());
        let headers = terms.ways.iter().filter_map(|way| {
            let challenge = HeaderValue::try_from(way.challenge.as_ref()?.to_string()).ok()?;
            Some((header::WWW_AUTHENTICATE, challenge))
        });
        let headers: Vec<_> = headers.collect();
        let problem = problem_of(&Refusal::PaymentRequired { offer }, &terms);
        Ok(headers.into_iter().fold(problem, |problem, (name, value)| problem.with_header(name, value)))
    };
    answer().unwrap_or_else(|problem: Problem| problem)
}
