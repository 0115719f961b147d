//! Web push: telling members who are not there that a message waits, on a phone whose browser is closed.
//!
//! The engine decides whom to tell and when; here it is told. Nobody between this server and the browser can read what is
//! sent, and nobody who subscribes can have us send anywhere but to a push service.

mod encrypt;
mod guard;
mod key;
mod notify;
mod payload;
mod places;
mod public_address;
mod send;
mod vapid;

use std::sync::Arc;

pub use self::encrypt::{AUTH_BYTES, POINT_BYTES, Recipient};
pub use self::guard::{ENDPOINT_BYTES_MAX, EndpointRefused, HostPattern, PushServices};
pub use self::key::{NotAKey, VapidKey, fresh_secret};
pub use self::notify::WebPush;
pub use self::public_address::{Lookup, SystemLookup};
pub use self::send::{Sender, SenderError};
pub use self::vapid::Vapid;

/// Subscriptions of one account at most: beyond that, the oldest end.
pub const SUBSCRIPTIONS_MAX: u32 = 16;

/// Sends as `key`'s owner to these services.
///
/// # Errors
///
/// When TLS can't be set up.
pub fn sender(services: PushServices, key: VapidKey, contact: Option<String>) -> Result<Sender, SenderError> {
    Sender::new(services, Vapid::new(key, contact), Arc::new(SystemLookup))
}
