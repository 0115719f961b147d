//! The key pair that push services know this product by (RFC 8292), and what else follows from it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::SecretKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use sha2::Sha256;
use uuid::Uuid;

use super::encrypt::point;

/// A secret key of the curve.
pub const SECRET_BYTES: usize = 32;
/// As many as make a topic of the longest length that RFC 8030 allows, 32 characters.
const TOPIC_BYTES: usize = 24;
/// Of random bytes one in 2^32 is no key.
const TRIES_MAX: u32 = 4;

/// Signs for us. Browsers subscribe to its public half, so it stays the same for as long as they shall hear us.
pub struct VapidKey {
    signing: SigningKey,
    topics: Hkdf<Sha256>,
    public: String,
}

/// What is kept is no key.
#[derive(Debug, thiserror::Error)]
#[error("not a P-256 key")]
pub struct NotAKey;

impl VapidKey {
    /// From what was kept.
    ///
    /// # Errors
    ///
    /// When it is no key.
    pub fn new(secret: &[u8]) -> Result<Self, NotAKey> {
        // The parser takes shorter ones, too.
        let key = Some(secret).filter(|secret| secret.len() == SECRET_BYTES).ok_or(NotAKey)?;
        let key = SecretKey::from_slice(key).map_err(|_| NotAKey)?;
        let public = URL_SAFE_NO_PAD.encode(point(&key.public_key()));
        Ok(Self { signing: SigningKey::from(&key), topics: Hkdf::new(None, secret), public })
    }

    /// As browsers and push services are told it: an uncompressed point in base64url.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// ES256.
    pub fn sign(&self, text: &str) -> String {
        let signature: Signature = self.signing.sign(text.as_bytes());
        URL_SAFE_NO_PAD.encode(signature.to_bytes())
    }

    /// What stands for a member's side of a conversation where others see it: always the same, and nobody else can tell
    /// what it stands for, or that two topics are of one conversation.
    pub fn topic(&self, conversation: Uuid, to: Uuid) -> String {
        let mut topic = [0; TOPIC_BYTES];
        let info: [&[u8]; 3] = [b"kotha push topic", conversation.as_bytes(), to.as_bytes()];
        // It fails for lengths that HKDF can't give, and this is none of them.
        let _ = self.topics.expand_multi_info(&info, &mut topic);
        URL_SAFE_NO_PAD.encode(topic)
    }
}

/// A secret key, fresh.
///
/// # Errors
///
/// When the system has no randomness.
pub fn fresh_secret() -> Result<SecretKey, getrandom::Error> {
    let mut bytes = [0; SECRET_BYTES];
    for _ in 0..TRIES_MAX {
        getrandom::fill(&mut bytes)?;
        if let Ok(key) = SecretKey::from_slice(&bytes) {
            return Ok(key);
        }
    }
    Err(getrandom::Error::UNEXPECTED)
}

impl fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VapidKey").field(&self.public).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topic_is_of_one_member_of_one_conversation_and_of_one_key() {
        let key = |byte: u8| VapidKey::new(&[byte; 32]).unwrap();
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let topic = key(1).topic(a, b);
        assert_eq!(topic, key(1).topic(a, b));
        assert_eq!(topic.len(), 32);
        assert!(topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
        for other in [key(1).topic(b, a), key(1).topic(a, a), key(2).topic(a, b)] {
            assert_ne!(topic, other);
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for wrong in [&[0; 32][..], &[255; 32], &[1; 31], &[]] {
            assert!(VapidKey::new(wrong).is_err());
        }
    }

    #[test]
    fn fresh_keys_differ() {
        assert_ne!(fresh_secret().unwrap().to_bytes(), fresh_secret().unwrap().to_bytes());
    }
}
