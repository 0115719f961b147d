//! The values of the domain: plain data, no input or output.

mod anomaly;
mod doubt;
mod event;
mod grant;
mod intent;
mod outcome;
mod payment;
mod trail;

pub use anomaly::{Anomalies, Anomaly};
pub use doubt::Doubt;
pub use event::{Event, EventKind};
pub use grant::{Access, Grant};
pub use intent::{Intent, Offer};
pub use outcome::{NotPaid, Outcome, RefundSize, Why};
pub use payment::{Payment, State};
pub use trail::{Note, Observation, Source, TRAIL_ENTRIES_MAX};
