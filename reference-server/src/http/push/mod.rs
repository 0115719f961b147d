//! Which browsers are told of new messages.

pub mod key;
pub mod subscribe;
pub mod unsubscribe;

use sha2::{Digest as _, Sha256};
use url::Url;

/// What a subscription is called here and on the pages: its endpoint itself is nobody's business. Of the
/// address as it was understood, so that a browser has one name however its address was spelled.
pub fn endpoint_hash(endpoint: &Url) -> [u8; 32] {
    Sha256::digest(endpoint.as_str()).into()
}
