//! HMAC-SHA256 over `name=value` pairs joined by commas, in Base64.

use std::fmt;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use hmac::Mac;

use crate::secret::SecretKey;

/// A signature of 32 bytes.
///
/// It has no `PartialEq`, so a comparison that leaks time does not compile, and `Debug` hides it:
/// whoever has a valid signature can replay it.
///
/// ```
/// use esewa_client::{SecretKey, Signature};
///
/// // The one request signature in eSewa's docs that is right.
/// let fields = [("total_amount", "110"), ("transaction_uuid", "241028"), ("product_code", "EPAYTEST")];
/// let signature = Signature::sign(&SecretKey::test(), fields);
/// assert_eq!(signature.to_base64(), "i94zsd3oXF6ZsSr/kGqT4sSzYQzjj1W/waxjWyRwaME=");
/// ```
#[derive(Clone)]
pub struct Signature([u8; SIGNATURE_BYTES]);

impl Signature {
    /// Signs `fields` in the order given. Values go in as they are, without any escaping.
    pub fn sign<'a>(key: &SecretKey, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(digest(key, fields).finalize().into_bytes().into())
    }

    /// Reads a signature from its Base64 text; padding may be missing.
    ///
    /// # Errors
    /// [`SignatureFormat`] unless the text is Base64 of exactly 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, SignatureFormat> {
        let mut bytes = [0; SIGNATURE_BYTES];
        match ENGINE.decode_slice(text, &mut bytes) {
            Ok(SIGNATURE_BYTES) => Ok(Self(bytes)),
            // Fewer, or more than there is room for, or no Base64.
            _ => Err(SignatureFormat),
        }
    }

    /// Whether this is the signature of `fields` under `key`, compared in constant time.
    pub fn verifies<'a>(
        &self,
        key: &SecretKey,
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> bool {
        digest(key, fields).verify_slice(&self.0).is_ok()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The 44 characters that go on the wire.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature([redacted])")
    }
}

/// The text is not Base64 of 32 bytes, so it is no signature at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a signature is the Base64 of 32 bytes")]
pub struct SignatureFormat;

/// Standard alphabet; padding may be there or not, since some hosts strip it on the way.
pub(crate) const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const SIGNATURE_BYTES: usize = 32;
const MESSAGE_BYTES_INLINE: usize = 384;

fn digest<'a>(
    key: &SecretKey,
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> hmac::Hmac<sha2::Sha256> {
    let mut message = Message { mac: key.keyed(), buffer: [0; MESSAGE_BYTES_INLINE], length: 0 };
    for (index, (name, value)) in fields.into_iter().enumerate() {
        if index > 0 {
            message.push(b",");
        }
        message.push(name.as_bytes());
        message.push(b"=");
        message.push(value.as_bytes());
    }
    message.flush();
    message.mac
}

/// One long update is cheaper than many short ones, and the message of a form or a callback fits on the
/// stack; whatever does not is passed on in pieces.
struct Message {
    mac: hmac::Hmac<sha2::Sha256>,
    buffer: [u8; MESSAGE_BYTES_INLINE],
    length: usize,
}

impl Message {
    #[inline(always)]
    fn push(&mut self, part: &[u8]) {
        match self.buffer.get_mut(self.length..self.length + part.len()) {
            Some(free) => {
                free.copy_from_slice(part);
                self.length += part.len();
            }
            None => {
                self.flush();
                self.mac.update(part);
            }
        }
    }

    fn flush(&mut self) {
        self.mac.update(&self.buffer[..self.length]);
        self.length = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [(&str, &str); 3] =
        [("total_amount", "100"), ("transaction_uuid", "softmato-pin-vector"), ("product_code", "EPAYTEST")];

    #[test]
    fn a_signature_that_the_gateway_took_is_reproduced() {
        let signature = Signature::sign(&SecretKey::test(), FIELDS);
        assert_eq!(signature.to_base64(), "LvBt/1mcLXK+SEG9/FuXpkELLvU1i5/OzIPmgYibO28=");
    }

    #[test]
    fn values_longer_than_the_buffer_are_signed_whole() {
        let (long, longer) = ("a".repeat(383), "b".repeat(1000));
        let fields = [("x", "1"), ("long", &*long), ("longer", &*longer), ("y", "2")];
        let message = format!("x=1,long={long},longer={longer},y=2");
        let mut whole = SecretKey::test().keyed();
        whole.update(message.as_bytes());
        assert!(whole.verify_slice(&Signature::sign(&SecretKey::test(), fields).0).is_ok());
    }

    #[test]
    fn only_base64_of_32_bytes_is_a_signature() {
        let text = Signature::sign(&SecretKey::test(), FIELDS).to_base64();
        assert!(Signature::from_base64(&text).unwrap().verifies(&SecretKey::test(), FIELDS));
        assert!(Signature::from_base64(text.trim_end_matches('=')).is_ok());
        for wrong in
            ["", "=", "a", &text[..40], &format!("{text}="), &format!("{}A", &text[..43]), "not base64!"]
        {
            assert!(Signature::from_base64(wrong).is_err(), "{wrong:?}");
        }
        assert!(Signature::from_base64(&"ab".repeat(32)).is_err(), "hex is not Base64 of 32 bytes");
    }

    #[test]
    fn order_and_every_value_matter() {
        let signature = Signature::sign(&SecretKey::test(), FIELDS);
        let mut swapped = FIELDS;
        swapped.swap(0, 1);
        assert!(!signature.verifies(&SecretKey::test(), swapped));
        let mut amount = FIELDS;
        amount[0].1 = "100.0";
        assert!(!signature.verifies(&SecretKey::test(), amount));
        assert!(!signature.verifies(&SecretKey::new("another-key").unwrap(), FIELDS));
    }

    #[test]
    fn debug_hides_the_signature() {
        assert_eq!(format!("{:?}", Signature::sign(&SecretKey::test(), FIELDS)), "Signature([redacted])");
    }
}
