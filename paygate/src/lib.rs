// The front page runs as a test, and its program needs these two features.
#![cfg_attr(all(feature = "axum", feature = "conformance"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "axum", feature = "conformance")),
    doc = "A payment gate; see the crate's README."
)]
#![deny(missing_docs)]

mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "esewa")]
pub mod esewa;
#[cfg(feature = "conformance")]
pub mod guide;
mod ids;
#[cfg(feature = "khalti")]
pub mod khalti;
mod layer;
mod model;
mod money;
mod payments;
mod policy;
#[cfg(feature = "postgres")]
pub mod postgres;
mod provider;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod step;
mod store;
#[cfg(any(test, feature = "conformance"))]
pub mod testing;
mod text_id;

pub use clock::{Clock, ManualClock, SystemClock};
pub use ids::{
    Actor, GrantId, IdSource, IdempotencyKey, PayeeId, PaymentId, ProviderHandle, ProviderId, ProviderRef,
    RandomIds, ResourceId, SequentialIds, SubjectId,
};
#[cfg(feature = "axum")]
pub use layer::GateMissing;
pub use layer::{
    Audience, ByAccept, Challenge, ChallengeRefused, Checkout, ConfigError, Decide, Decided, Demand,
    GateError, Gatekeeper, HtmlPage, NoChallenge, OfferKey, OfferKeyError, OfferKeys, PaygateLayer,
    PaygateLayerBuilder, PaygateService, ProblemJson, Quoted, Refusal, Render, RenderError, ResponseFuture,
    Terms, Unlocked, Way,
};
pub use model::{
    Access, Anomalies, Anomaly, Doubt, Event, EventKind, Grant, Intent, NotPaid, Note, Observation, Offer,
    Outcome, Payment, RefundSize, Source, State, TRAIL_ENTRIES_MAX, Why,
};
pub use money::{Currency, Money};
pub use payments::{
    CallbackError, PAGE_ENTRIES_MAX, Payments, ProviderFailure, RecheckError, RefundError, RefundOrder,
    Report, ResumeError, StartError, Started, Verdict,
};
pub use policy::{PartialRefund, Policy, PolicyError};
pub use provider::{
    Begun, Callback, CallbackRefused, Capabilities, Cause, NextStep, PaymentProvider, ProviderError,
    RawCallback, Trust,
};
pub use step::{AccessChange, Step, step};
pub use store::cached::{CacheError, CachedStore};
pub use store::memory::MemoryStore;
pub use store::{
    ASK_FIRST_MAX, Change, Committed, GrantEffect, GrantStore, Opened, Opening, PaymentStore, StoreError,
};
pub use text_id::{ID_BYTES_MAX, IdError};
