#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

// In reading order: values, then what is made and read with them, then what talks to eSewa.
mod amount;
mod ids;
mod secret;
mod signature;

mod environment;
mod order;

mod callback;
mod checkout;
mod diagnose;
mod merchant;
mod poll;
mod status;

#[cfg(feature = "client")]
mod client;

#[cfg(feature = "intent")]
pub mod intent;
#[cfg(feature = "legacy")]
pub mod legacy;
#[cfg(feature = "mobile")]
pub mod mobile;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "token")]
pub mod token;

pub use crate::amount::{Amount, AmountError};
pub use crate::callback::{CallbackError, RawCallback, VerifiedCallback};
pub use crate::checkout::{CheckoutError, CheckoutForm, CheckoutRequest};
#[cfg(feature = "client")]
pub use crate::client::{
    Client, ClientBuildError, ClientBuilder, PollClock, RequestError, Settlement, SystemPollClock,
};
pub use crate::diagnose::{Cause, diagnose};
pub use crate::environment::{Endpoints, Environment};
pub use crate::ids::{IdError, ProductCode, ReferenceId, TransactionUuid};
pub use crate::merchant::{ConfigError, Merchant};
pub use crate::order::Order;
pub use crate::poll::{NextPoll, PollSchedule, PollStanding};
pub use crate::secret::{KeyError, SecretKey};
pub use crate::signature::{Signature, SignatureFormat};
pub use crate::status::{
    Confirmation, ConfirmedPayment, Mismatch, MismatchedField, Status, StatusBodyError, StatusReport,
};
