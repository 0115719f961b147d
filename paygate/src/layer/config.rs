//! The layer and its builder. A layer that exists is well configured.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use tower_layer::Layer;

use super::checkout::{check_link, check_realm};
use super::decide::{Decide, Inside, decide};
use super::service::PaygateService;
use super::{ByAccept, Checkout, Gatekeeper, OfferKeys, Render};
use crate::{Clock, GrantStore, SystemClock};

/// Puts the gate before a service.
///
/// Built from a [`Gatekeeper`] and a [`GrantStore`] by [`builder`](Self::builder); see the crate's front page
/// for a whole program. `D` is the decision of that gatekeeper over that store; its type has no name, so a
/// field that keeps a layer is generic over it.
pub struct PaygateLayer<D = (), R = ByAccept> {
    pub(super) decide: D,
    pub(super) door: Arc<Door<R>>,
}

/// What all clones of a layer need to answer.
pub(super) struct Door<R> {
    pub(super) render: R,
    pub(super) retry_after: HeaderValue,
}

impl PaygateLayer {
    /// Starts a configuration: the machine's clock, problem+json for programs and a page for browsers, five
    /// seconds until a retry. At least one [`checkout`](PaygateLayerBuilder::checkout) must be added.
    pub fn builder<G: Gatekeeper, S: GrantStore>(gate: G, grants: S) -> PaygateLayerBuilder<G, S> {
        let inside = Inside {
            gate,
            grants,
            clock: Arc::new(SystemClock),
            realm: "paygate".into(),
            checkouts: Vec::new(),
            keys: None,
            offer_ttl_s: OFFER_TTL_S,
            shows_challenge: true,
            payments_at: None,
        };
        PaygateLayerBuilder { inside, render: ByAccept::default(), retry_after_s: 5 }
    }
}

/// How long an offer is good by default: ten minutes, so that nobody is hurried and no price lingers.
const OFFER_TTL_S: u32 = 600;

impl<I, D: Clone, R> Layer<I> for PaygateLayer<D, R> {
    type Service = PaygateService<I, D, R>;

    fn layer(&self, inner: I) -> Self::Service {
        PaygateService { inner, layer: self.clone() }
    }
}

impl<D: Clone, R> Clone for PaygateLayer<D, R> {
    fn clone(&self) -> Self {
        Self { decide: self.decide.clone(), door: Arc::clone(&self.door) }
    }
}

impl<D, R> fmt::Debug for PaygateLayer<D, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaygateLayer").field("retry_after", &self.door.retry_after).finish_non_exhaustive()
    }
}

/// A configuration in the making.
#[must_use]
pub struct PaygateLayerBuilder<G, S, R = ByAccept> {
    inside: Inside<G, S>,
    render: R,
    retry_after_s: u32,
}

impl<G: Gatekeeper, S: GrantStore, R: Render> PaygateLayerBuilder<G, S, R> {
    /// By which clock grants and offers end.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.inside.clock = clock;
        self
    }

    /// Which part of the host this is: 1 to 100 visible ASCII characters or blanks.
    pub fn realm(mut self, realm: &str) -> Self {
        self.inside.realm = realm.into();
        self
    }

    /// Offers one more way to pay; the first is the preferred one.
    pub fn checkout(mut self, checkout: Checkout) -> Self {
        self.inside.checkouts.push(checkout);
        self
    }

    /// Binds each offer to these keys, with a `Payment` challenge for each way to pay.
    pub fn offer_keys(mut self, keys: OfferKeys) -> Self {
        self.inside.keys = Some(keys);
        self
    }

    /// For how many seconds an offer is good: 30 to 86,400.
    pub fn offer_ttl_s(mut self, seconds: u32) -> Self {
        self.inside.offer_ttl_s = seconds;
        self
    }

    /// Shows no `WWW-Authenticate` header, for a host whose clients take it for a log-in. The body has the
    /// challenge as before.
    pub fn without_challenge_header(mut self) -> Self {
        self.inside.shows_challenge = false;
        self
    }

    /// Where a payment can be looked at: its id is appended. A payment in progress is linked to there.
    pub fn payments_at(mut self, prefix: &str) -> Self {
        self.inside.payments_at = Some(prefix.into());
        self
    }

    /// Who writes the answers to refused requests.
    pub fn render<R2: Render>(self, render: R2) -> PaygateLayerBuilder<G, S, R2> {
        let Self { inside, render: _, retry_after_s } = self;
        PaygateLayerBuilder { inside, render, retry_after_s }
    }

    /// After how many seconds to ask again, where that may help: 1 to 3,600.
    pub fn retry_after_s(mut self, seconds: u32) -> Self {
        self.retry_after_s = seconds;
        self
    }

    /// The layer.
    ///
    /// # Errors
    /// A setting is out of bounds, or would offer what nobody could pay.
    pub fn build(self) -> Result<PaygateLayer<impl Decide, R>, ConfigError> {
        let Self { inside, render, retry_after_s } = self;
        if !(1..=3_600).contains(&retry_after_s) {
            return Err(ConfigError::RetryAfter);
        }
        if !(30..=86_400).contains(&inside.offer_ttl_s) {
            return Err(ConfigError::OfferTtl);
        }
        check_realm(&inside.realm)?;
        let starts = inside.checkouts.iter().map(|checkout| checkout.start.as_str());
        starts.chain(inside.payments_at.as_deref()).try_for_each(check_link)?;
        let same = |(place, checkout): (usize, &Checkout)| {
            inside.checkouts[..place].iter().any(|other| other.provider == checkout.provider)
        };
        if inside.checkouts.iter().enumerate().any(same) {
            return Err(ConfigError::SameProvider);
        }
        if inside.checkouts.is_empty() {
            return Err(ConfigError::NothingOffered);
        }
        let inside = Arc::new(inside);
        // The closure has a type without a name; the future that it returns needs no box for that.
        let decide = move |parts| decide(Arc::clone(&inside), parts);
        let door = Door { render, retry_after: HeaderValue::from(retry_after_s) };
        Ok(PaygateLayer { decide, door: Arc::new(door) })
    }
}

impl<G, S, R> fmt::Debug for PaygateLayerBuilder<G, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaygateLayerBuilder")
            .field("realm", &self.inside.realm)
            .field("checkouts", &self.inside.checkouts)
            .field("keys", &self.inside.keys)
            .field("retry_after_s", &self.retry_after_s)
            .finish_non_exhaustive()
    }
}

/// A configuration that would not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A realm is empty or could not stand in a header between quotes.
    #[error("a realm is 1 to 100 visible ASCII characters or spaces without quotes and backslashes")]
    Realm,
    /// A retry at once would be a storm, one after an hour a lost payer.
    #[error("retry_after_s must be 1 to 3,600")]
    RetryAfter,
    /// An offer that ends before anybody can read it, or that outlives every price.
    #[error("offer_ttl_s must be 30 to 86,400")]
    OfferTtl,
    /// Where to start or to look at a payment is neither a path nor a web address.
    #[error("a start must be a path that begins with one slash, or an http(s) address")]
    Start,
    /// Two ways to pay have one name, and nobody could tell which was chosen.
    #[error("two checkouts have the same provider")]
    SameProvider,
    /// There is no way to pay to offer: whoever is refused could never get in.
    #[error("a gate needs at least one checkout")]
    NothingOffered,
}
