//! Which browsers are told of new messages.

pub mod key;
pub mod subscribe;
pub mod unsubscribe;

use sha2::{Digest as _, Sha256};

/// What a subscription is called here and on the pages: its endpoint itself is nobody's business.
pub fn endpoint_hash(endpoint: &str) -> [u8; 32] {
    Sha256::digest(endpoint.as_bytes()).into()
}
