//! The gate: a tower layer that answers 402 until a payment was proven.
//!
//! What passes: a request whose [`Gatekeeper`] names a subject and a resource with a live grant; a request
//! that the gatekeeper calls [`Free`](Demand::Free); and `OPTIONS`, which carries no resource. Everything
//! else is refused, whatever its method, and so is every request while the store cannot answer.
//!
//! | demand | access | answer |
//! |---|---|---|
//! | `Free` | | the resource |
//! | `Pay` | granted | the resource, `Cache-Control: private, no-store` |
//! | `Pay` | locked | 402 with an offer |
//! | `Pay` | in flight | 409 without an offer, `Retry-After` |
//! | `SignIn`, `Forbidden`, `NotFound` | | 401, 403, 404, without a price |
//! | error | error | 503, `Retry-After` |
//!
//! Where to put it: inside of what authenticates, outside of what reads the locked data. The layer never
//! calls a provider; it reads one grant.

mod accept;
mod challenge;
mod checkout;
mod config;
mod decide;
mod future;
mod gate;
mod html;
mod offer_key;
mod problem;
mod refusal;
mod service;
mod unlocked;

pub use accept::ByAccept;
pub use challenge::{Challenge, NoChallenge};
pub use checkout::{Checkout, Terms, Way};
pub use config::{ConfigError, PaygateLayer, PaygateLayerBuilder};
pub use decide::{Decide, Decided};
pub use future::ResponseFuture;
pub use gate::{Demand, GateError, Gatekeeper};
pub use html::HtmlPage;
pub use offer_key::{Audience, ChallengeRefused, OfferKey, OfferKeyError, OfferKeys, Quoted};
pub use problem::ProblemJson;
pub use refusal::{Refusal, Render, RenderError};
pub use service::PaygateService;
#[cfg(feature = "axum")]
pub use unlocked::GateMissing;
pub use unlocked::Unlocked;
