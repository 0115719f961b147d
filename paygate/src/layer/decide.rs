//! The decision: what a request demands, and whether it is granted.

use std::sync::Arc;

use http::Method;
use http::request::Parts;
use jiff::{SignedDuration, Timestamp};

use super::{Audience, Checkout, Demand, Gatekeeper, OfferKeys, Refusal, Terms, Unlocked, Way};
use crate::clock::later;
use crate::model::{Access, Offer};
use crate::provider::Cause;
use crate::{Clock, GrantStore, PaymentId, ResourceId, SubjectId};

/// A gatekeeper over a store, as [`PaygateLayerBuilder::build`](super::PaygateLayerBuilder::build) puts them
/// together. Nobody else implements it.
///
/// Its future has a type, though one without a name: so a gate needs no box for it.
pub trait Decide: sealed::Sealed + Clone + Send + Sync + 'static {
    /// The decision in the making.
    type Future: Future<Output = Decided> + Send;

    /// Decides about a request.
    fn decide(&self, parts: Parts) -> Self::Future;
}

/// What was decided about a request.
#[derive(Debug)]
pub struct Decided {
    pub(super) parts: Parts,
    pub(super) decision: Decision,
}

#[derive(Debug)]
pub(super) enum Decision {
    Pass(Option<Unlocked>),
    Refuse(Box<Refused>),
}

#[derive(Debug)]
pub(super) struct Refused {
    pub(super) refusal: Refusal,
    pub(super) terms: Terms,
    pub(super) shows_challenge: bool,
}

impl<F, Fut> Decide for F
where
    F: Fn(Parts) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Decided> + Send,
{
    type Future = Fut;

    fn decide(&self, parts: Parts) -> Fut {
        self(parts)
    }
}

mod sealed {
    use http::request::Parts;

    use super::Decided;

    /// Only this module can make what a decision answers with.
    pub trait Sealed {}
    impl<F, Fut> Sealed for F
    where
        F: Fn(Parts) -> Fut,
        Fut: Future<Output = Decided>,
    {
    }
}

/// What a decision needs to know.
pub(super) struct Inside<G, S> {
    pub(super) gate: G,
    pub(super) grants: S,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) realm: Box<str>,
    pub(super) checkouts: Vec<Checkout>,
    pub(super) keys: Option<OfferKeys>,
    pub(super) offer_ttl_s: u32,
    pub(super) shows_challenge: bool,
    pub(super) payments_at: Option<Box<str>>,
}

/// The whole decision. Every way out but the two that say `Pass` is a refusal.
pub(super) async fn decide<G: Gatekeeper, S: GrantStore>(
    inside: Arc<Inside<G, S>>,
    mut parts: Parts,
) -> Decided {
    let is_head = parts.method == Method::HEAD;
    if is_head {
        parts.method = Method::GET;
    }
    let demand = inside.gate.demand(&parts).await;
    if is_head {
        parts.method = Method::HEAD;
    }
    let decision = match demand {
        Ok(Demand::Free) => Decision::Pass(None),
        Ok(Demand::SignIn) => inside.refuse(Refusal::SignIn),
        Ok(Demand::Forbidden) => inside.refuse(Refusal::Forbidden),
        Ok(Demand::NotFound) => inside.refuse(Refusal::NotFound),
        Ok(Demand::Pay { who, offer }) => {
            let now = inside.clock.now();
            match inside.grants.access(&who, &offer.resource, now).await {
                // A store that answers with somebody else's grant is broken, and nobody gets in by that.
                Ok(Access::Granted(grant)) if grant.subject == who && grant.resource == offer.resource => {
                    Decision::Pass(Some(Unlocked::by(grant)))
                }
                Ok(Access::Granted(grant)) => {
                    inside.unavailable(&offer.resource, &format!("grant {} is not for this", grant.id).into())
                }
                Ok(Access::InFlight(payment)) => inside.in_progress(payment, offer.resource),
                Ok(Access::Locked) => inside.for_sale(offer, &who, now),
                Err(error) => inside.unavailable(&offer.resource, &error.into()),
            }
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the gatekeeper did not answer");
            inside.refuse(Refusal::Unavailable)
        }
    };
    Decided { parts, decision }
}

impl<G, S> Inside<G, S> {
    fn refuse(&self, refusal: Refusal) -> Decision {
        self.refuse_with(refusal, Terms::default())
    }

    fn refuse_with(&self, refusal: Refusal, terms: Terms) -> Decision {
        Decision::Refuse(Box::new(Refused { refusal, terms, shows_challenge: self.shows_challenge }))
    }

    fn unavailable(&self, resource: &ResourceId, error: &Cause) -> Decision {
        tracing::error!(
            resource.id = %resource,
            error = error.as_ref() as &dyn std::error::Error,
            "the gate has no answer"
        );
        self.refuse(Refusal::Unavailable)
    }

    fn in_progress(&self, payment: PaymentId, resource: ResourceId) -> Decision {
        let payment_url = self.payments_at.as_deref().map(|prefix| format!("{prefix}{payment}"));
        let refusal = Refusal::InProgress { payment, resource };
        self.refuse_with(refusal, Terms { payment_url, ..Terms::default() })
    }

    /// Makes the offer. Nothing is written for it.
    fn for_sale(&self, offer: Offer, who: &SubjectId, now: Timestamp) -> Decision {
        let ttl = SignedDuration::from_secs(self.offer_ttl_s.into());
        // Whole seconds, as everything about an offer is for people to read too.
        let until = later(now, ttl);
        let expires = Timestamp::from_second(until.as_second()).unwrap_or(until);
        let audience = Audience { realm: &self.realm, who };
        let way = |checkout: &Checkout| Way {
            challenge: self.keys.as_ref().map(|keys| keys.bind(audience, checkout, &offer, expires)),
            checkout: checkout.clone(),
        };
        let ways = self.checkouts.iter().map(way).collect();
        let offer_ttl_s = self.keys.as_ref().map(|_| self.offer_ttl_s);
        let terms = Terms { ways, offer_ttl_s, payment_url: None };
        self.refuse_with(Refusal::PaymentRequired { offer }, terms)
    }
}
