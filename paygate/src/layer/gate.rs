//! Who wants what, and for how much: the host's part of the decision.

use std::future::Future;

use crate::model::Offer;
use crate::provider::Cause;
use crate::{StoreError, SubjectId};

/// Looks at a request and says what it demands.
///
/// Answer in this order, so that nothing leaks: who is it ([`SignIn`](Demand::SignIn)), does the thing exist
/// for him ([`NotFound`](Demand::NotFound)), may he have it at all ([`Forbidden`](Demand::Forbidden)), and only
/// then its price. There is no default: a resource is free only where `Free` is written.
///
/// A `HEAD` request is shown as the `GET` that it stands for.
pub trait Gatekeeper: Clone + Send + Sync + 'static {
    /// What this request demands.
    ///
    /// # Errors
    /// The question cannot be answered now. The gate answers 503.
    fn demand(&self, parts: &http::request::Parts) -> impl Future<Output = Result<Demand, GateError>> + Send;
}

/// What a request demands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Demand {
    /// Nothing: it passes, without a proof of access.
    Free,
    /// A grant.
    Pay {
        /// Who asks.
        who: SubjectId,
        /// What unlocks it.
        offer: Offer,
    },
    /// A subject: nobody is signed in.
    SignIn,
    /// More than money can buy.
    Forbidden,
    /// Something that is not there, or that the subject may not know to be there.
    NotFound,
}

/// A gatekeeper could not answer.
#[derive(Debug, thiserror::Error)]
#[error("the gatekeeper cannot answer")]
pub struct GateError(#[source] Cause);

impl GateError {
    /// Wraps what went wrong. It is logged, never shown.
    pub fn new(cause: impl Into<Cause>) -> Self {
        Self(cause.into())
    }
}

impl From<StoreError> for GateError {
    fn from(error: StoreError) -> Self {
        Self::new(error)
    }
}
