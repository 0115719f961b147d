//! The merchant's key: prepared once, never shown, wiped at the end.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The key that signs forms and proves callbacks.
///
/// `Debug` shows nothing of it, it cannot be compared, its text is wiped from memory with the last
/// clone, and both halves of the HMAC are keyed here once, so no signature hashes the key again.
///
/// ```
/// use esewa_client::{KeyError, SecretKey};
///
/// let key = SecretKey::new("8gBm/:&EnhH.1/q")?;
/// assert_eq!(format!("{key:?}"), "SecretKey([redacted])");
///
/// // eSewa's page prints the key right before a parenthesis; people copy both.
/// assert_eq!(SecretKey::new("8gBm/:&EnhH.1/q(").unwrap_err(), KeyError::Parenthesis);
/// # Ok::<(), KeyError>(())
/// ```
#[derive(Clone)]
pub struct SecretKey(Arc<Inner>);

struct Inner {
    text: Zeroizing<String>,
    keyed: Hmac<Sha256>,
}

impl SecretKey {
    /// Takes the key as eSewa gave it, after looking for the usual copying mistakes.
    ///
    /// # Errors
    /// [`KeyError`] names the mistake, never the key.
    pub fn new(text: impl Into<String>) -> Result<Self, KeyError> {
        let text = Zeroizing::new(text.into());
        lint(&text)?;
        Self::prepare(text)
    }

    /// Takes a key that [`new`](Self::new) finds suspicious, for the merchant whose real key ends
    /// in a parenthesis after all.
    ///
    /// # Errors
    /// [`KeyError::Empty`] and [`KeyError::TooLong`] remain errors.
    pub fn new_without_lint(text: impl Into<String>) -> Result<Self, KeyError> {
        let text = Zeroizing::new(text.into());
        match text.len() {
            0 => Err(KeyError::Empty),
            length if length > KEY_BYTES_MAX => Err(KeyError::TooLong),
            _ => Self::prepare(text),
        }
    }

    /// The key that eSewa publishes for its test environment. [`Merchant::new`] refuses it in
    /// production.
    ///
    /// [`Merchant::new`]: crate::Merchant::new
    #[must_use]
    pub fn test() -> Self {
        Self(Arc::new(Inner { text: Zeroizing::new(TEST_KEY.to_owned()), keyed: keyed(TEST_KEY) }))
    }

    /// The access key that eSewa publishes for the test merchant of Intent. It looks like Base64 and
    /// is used as the text that it is.
    #[must_use]
    pub fn test_access_key() -> Self {
        let text = Zeroizing::new(TEST_ACCESS_KEY.to_owned());
        Self(Arc::new(Inner { text, keyed: keyed(TEST_ACCESS_KEY) }))
    }

    /// Whether this is one of the keys that eSewa publishes.
    #[must_use]
    pub fn is_published(&self) -> bool {
        // These keys stand in public documentation: comparing with them leaks nothing of another.
        PUBLISHED_KEYS.contains(&self.0.text.as_str())
    }

    /// A keyed state to hash one message with.
    pub(crate) fn keyed(&self) -> Hmac<Sha256> {
        self.0.keyed.clone()
    }

    /// The key itself, for the diagnosis of mistakes with it.
    pub(crate) fn text(&self) -> &str {
        &self.0.text
    }

    /// What [`new`](Self::new) would have found wrong with it.
    pub(crate) fn suspicion(&self) -> Option<KeyError> {
        lint(&self.0.text).err()
    }

    fn prepare(text: Zeroizing<String>) -> Result<Self, KeyError> {
        let keyed = keyed(&text);
        Ok(Self(Arc::new(Inner { text, keyed })))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey([redacted])")
    }
}

/// What looks wrong with a key. None of the messages holds any part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// No characters at all.
    #[error("the key is empty")]
    Empty,
    /// More than 512 bytes.
    #[error("the key is longer than 512 bytes")]
    TooLong,
    /// It begins or ends with a parenthesis, which belongs to the sentence around it in eSewa's docs.
    #[error("the key begins or ends with a parenthesis that was copied along with it")]
    Parenthesis,
    /// It has an HTML entity such as `&amp;` where the key has `&`.
    #[error("the key was copied out of HTML: it has an entity such as `&amp;`")]
    HtmlEntity,
    /// It has a blank, a tab or a line break.
    #[error("the key has white space in it, perhaps a line break at its end")]
    WhiteSpace,
    /// It is a key that circulates in tutorials and that the gateway answers with ES104.
    #[error("this key circulates in tutorials, and eSewa refuses it")]
    KnownWrong,
}

pub(crate) const TEST_KEY: &str = "8gBm/:&EnhH.1/q";
pub(crate) const TEST_ACCESS_KEY: &str = "LB0REg8HUSw3MTYrI1s6JTE8Kyc6JyAqJiA3MQ==";
const PUBLISHED_KEYS: [&str; 2] = [TEST_KEY, TEST_ACCESS_KEY];
pub(crate) const KNOWN_WRONG_KEY: &str = "8gBwcE4DOHB28vvi";
const KEY_BYTES_MAX: usize = 512;

fn lint(text: &str) -> Result<(), KeyError> {
    const PARENTHESES: [char; 2] = ['(', ')'];
    if text.is_empty() {
        Err(KeyError::Empty)
    } else if text.len() > KEY_BYTES_MAX {
        Err(KeyError::TooLong)
    } else if text.chars().any(char::is_whitespace) {
        Err(KeyError::WhiteSpace)
    } else if text.starts_with(PARENTHESES) || text.ends_with(PARENTHESES) {
        Err(KeyError::Parenthesis)
    } else if ["&amp;", "&#38;", "&#x26;", "&lt;", "&gt;", "&quot;"]
        .iter()
        .any(|entity| text.contains(entity))
    {
        Err(KeyError::HtmlEntity)
    } else if text == KNOWN_WRONG_KEY {
        Err(KeyError::KnownWrong)
    } else {
        Ok(())
    }
}

#[expect(clippy::expect_used, reason = "HMAC is defined for keys of every length; the type cannot say so")]
fn keyed(text: &str) -> Hmac<Sha256> {
    Hmac::new_from_slice(text.as_bytes()).expect("HMAC takes a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_key_is_taken_and_known() {
        assert!(SecretKey::new(TEST_KEY).unwrap().is_published());
        assert!(SecretKey::test().is_published());
        assert!(SecretKey::new(TEST_ACCESS_KEY).unwrap().is_published());
        assert!(!SecretKey::new("another-key").unwrap().is_published());
        assert!(SecretKey::new("a".repeat(512)).is_ok(), "the longest key");
    }

    #[test]
    fn each_copying_mistake_is_named() {
        for (text, error) in [
            (String::new(), KeyError::Empty),
            ("a".repeat(513), KeyError::TooLong),
            (format!("{TEST_KEY}("), KeyError::Parenthesis),
            (format!("{TEST_KEY})"), KeyError::Parenthesis),
            (format!("({TEST_KEY}"), KeyError::Parenthesis),
            (TEST_KEY.replace('&', "&amp;"), KeyError::HtmlEntity),
            (format!("{TEST_KEY}\n"), KeyError::WhiteSpace),
            (format!(" {TEST_KEY}"), KeyError::WhiteSpace),
            (format!("{TEST_KEY}\u{a0}"), KeyError::WhiteSpace),
            (KNOWN_WRONG_KEY.to_owned(), KeyError::KnownWrong),
        ] {
            assert_eq!(SecretKey::new(text).unwrap_err(), error);
        }
    }

    #[test]
    fn a_suspicious_key_can_be_insisted_on() {
        assert!(SecretKey::new_without_lint("odd-key(").is_ok());
        assert_eq!(SecretKey::new_without_lint("").unwrap_err(), KeyError::Empty);
        assert_eq!(SecretKey::new_without_lint("a".repeat(513)).unwrap_err(), KeyError::TooLong);
        assert!(SecretKey::new_without_lint("a".repeat(512)).is_ok());
    }

    #[test]
    fn neither_debug_nor_errors_show_the_key() {
        assert_eq!(format!("{:?}", SecretKey::test()), "SecretKey([redacted])");
        let error = SecretKey::new(format!("{TEST_KEY}(")).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("8gBm"));
    }
}
