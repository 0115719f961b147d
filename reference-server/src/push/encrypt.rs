//! Message encryption for web push, RFC 8291: one `aes128gcm` record (RFC 8188) that only the browser reads.

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use hkdf::Hkdf;
use p256::ecdh::diffie_hellman;
use p256::elliptic_curve::sec1::ToSec1Point as _;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// What the header says a record may hold; a push service takes at least as much.
const RECORD_BYTES: u32 = 4_096;
/// The header: salt, size of a record, length and text of our key.
const HEADER_BYTES: usize = SALT_BYTES + 4 + 1 + POINT_BYTES;
/// An uncompressed point of the curve.
pub const POINT_BYTES: usize = 65;
/// The secret that a browser adds to its key.
pub const AUTH_BYTES: usize = 16;
/// Of each message.
pub const SALT_BYTES: usize = 16;
/// GCM's tag, and the byte that ends the text.
const OVERHEAD_BYTES: usize = 16 + 1;
/// The longest text of one record, padding included.
pub const PLAINTEXT_BYTES_MAX: usize = RECORD_BYTES as usize - HEADER_BYTES - OVERHEAD_BYTES;

/// Whom a message is for: a browser's key and its secret.
#[derive(Clone)]
pub struct Recipient {
    key: PublicKey,
    auth: [u8; AUTH_BYTES],
}

/// The randomness of one message; used twice it would give the text away.
pub struct Fresh {
    /// Of the record.
    pub salt: [u8; SALT_BYTES],
    /// Our half of the agreement.
    pub ephemeral: SecretKey,
}

/// Why a message can't be encrypted.
#[derive(Debug, thiserror::Error)]
pub enum EncryptError {
    /// It, or what it is padded to, is longer than a record.
    #[error("at most {PLAINTEXT_BYTES_MAX} bytes fit into a push message")]
    TooLong,
    /// A primitive refused, which its inputs' lengths rule out.
    #[error("the message can't be encrypted")]
    Cipher,
}

impl Recipient {
    /// From the keys that a browser's subscription names; `None` when they are none.
    pub fn new(p256dh: &[u8], auth: &[u8]) -> Option<Self> {
        let auth = auth.try_into().ok()?;
        let uncompressed = p256dh.len() == POINT_BYTES;
        let key = PublicKey::from_sec1_bytes(p256dh).ok().filter(|_| uncompressed)?;
        Some(Self { key, auth })
    }
}

/// The body of the request to the push service. `padded_to_bytes` hides how long the text is.
///
/// # Errors
///
/// When it doesn't fit into a record.
pub fn encrypt(
    plaintext: &[u8],
    padded_to_bytes: usize,
    to: &Recipient,
    fresh: &Fresh,
) -> Result<Vec<u8>, EncryptError> {
    let text_bytes = plaintext.len().max(padded_to_bytes);
    if text_bytes > PLAINTEXT_BYTES_MAX {
        return Err(EncryptError::TooLong);
    }
    let ours = point(&fresh.ephemeral.public_key());
    let (key, nonce) = derive(to, fresh, &ours)?;
    let mut record = Vec::with_capacity(text_bytes + 1);
    record.extend_from_slice(plaintext);
    // The delimiter of the last record; zeros after it are padding.
    record.push(2);
    record.resize(text_bytes + 1, 0);
    let cipher = Aes128Gcm::new_from_slice(&key).map_err(|_| EncryptError::Cipher)?;
    let sealed = cipher.encrypt(&Nonce::from(nonce), record.as_slice()).map_err(|_| EncryptError::Cipher)?;
    let mut body = Vec::with_capacity(HEADER_BYTES + sealed.len());
    body.extend_from_slice(&fresh.salt);
    body.extend_from_slice(&RECORD_BYTES.to_be_bytes());
    body.push(POINT_BYTES as u8);
    body.extend_from_slice(&ours);
    body.extend_from_slice(&sealed);
    Ok(body)
}

/// An uncompressed point.
pub fn point(key: &PublicKey) -> Vec<u8> {
    key.to_sec1_point(false).as_bytes().to_vec()
}

/// Section 3.4: both of the record's keys follow from the agreement, the browser's secret and the salt.
fn derive(to: &Recipient, fresh: &Fresh, ours: &[u8]) -> Result<([u8; 16], [u8; 12]), EncryptError> {
    let failed = |_| EncryptError::Cipher;
    let shared = diffie_hellman(fresh.ephemeral.to_nonzero_scalar(), to.key.as_affine());
    let mut material = [0; 32];
    Hkdf::<Sha256>::new(Some(&to.auth), shared.raw_secret_bytes())
        .expand_multi_info(&[b"WebPush: info\0", &point(&to.key), ours], &mut material)
        .map_err(failed)?;
    let keys = Hkdf::<Sha256>::new(Some(&fresh.salt), &material);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    keys.expand(b"Content-Encoding: aes128gcm\0", &mut key).map_err(failed)?;
    keys.expand(b"Content-Encoding: nonce\0", &mut nonce).map_err(failed)?;
    Ok((key, nonce))
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recipient(…)")
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// The browser of RFC 8291, appendix A.
    fn browser() -> Recipient {
        let p256dh =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        Recipient::new(&bytes(p256dh), &bytes("BTBZMqHH6r4Tts7J_aSIgg")).unwrap()
    }

    fn fresh() -> Fresh {
        let ephemeral = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        Fresh { salt: bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap(), ephemeral }
    }

    #[test]
    fn example_of_the_rfc_comes_out_to_the_byte() {
        let text = b"When I grow up, I want to be a watermelon";
        let body = encrypt(text, 0, &browser(), &fresh()).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6\
            TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(body), expected);
    }

    #[test]
    fn padding_hides_the_length_and_a_record_is_never_longer_than_it_says() {
        let sizes = ["a", "a longer text"]
            .map(|text| encrypt(text.as_bytes(), 256, &browser(), &fresh()).unwrap().len());
        assert_eq!(sizes[0], sizes[1]);
        let longest = encrypt(&[b'a'; PLAINTEXT_BYTES_MAX], 0, &browser(), &fresh()).unwrap();
        assert_eq!((PLAINTEXT_BYTES_MAX, longest.len()), (3_993, RECORD_BYTES as usize));
        assert!(encrypt(&[b'a'; PLAINTEXT_BYTES_MAX + 1], 0, &browser(), &fresh()).is_err());
        assert!(encrypt(b"a", PLAINTEXT_BYTES_MAX + 1, &browser(), &fresh()).is_err());
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        let good =
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        assert!(Recipient::new(&good, &[0; 16]).is_some());
        assert!(Recipient::new(&good, &[0; 15]).is_none());
        // Not on the curve, the point at infinity, compressed, too short.
        let mut off = good.clone();
        off[64] ^= 1;
        let compressed = [&[3][..], &good[1..33]].concat();
        for wrong in [off, vec![0], compressed, good[..64].to_vec(), vec![4; 65]] {
            assert!(Recipient::new(&wrong, &[0; 16]).is_none(), "{wrong:?}");
        }
    }
}
