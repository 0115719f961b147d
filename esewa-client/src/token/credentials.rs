//! Who may call: the credentials that eSewa signs in with, and the tokens that it gets for them.

use std::fmt;

use base64::Engine as _;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};
use zeroize::Zeroizing;

use crate::secret::SecretKey;
use crate::signature::{ENGINE, Signature};

/// What the merchant and eSewa agreed on. `Debug` shows nothing of it, and every comparison takes
/// the same time wherever the difference is.
#[derive(Clone)]
pub struct TokenCredentials {
    username: Zeroizing<String>,
    password: Zeroizing<String>,
    client_secret: Zeroizing<String>,
}

impl TokenCredentials {
    /// A user name, a password in plain text (eSewa sends its Base64), and a client secret as eSewa
    /// sends it: Base64 of 32 to 64 characters.
    ///
    /// # Errors
    /// [`TokenConfigError`] for an empty or overlong text, or a client secret of another shape.
    pub fn new(
        username: impl Into<String>,
        password: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Result<Self, TokenConfigError> {
        let credentials = Self {
            username: Zeroizing::new(username.into()),
            password: Zeroizing::new(password.into()),
            client_secret: Zeroizing::new(client_secret.into()),
        };
        for (name, text) in [("username", &credentials.username), ("password", &credentials.password)] {
            if !(1..=CREDENTIAL_BYTES_MAX).contains(&text.len()) {
                return Err(TokenConfigError::Length(name));
            }
        }
        // Basic credentials end the user name at the first colon.
        if credentials.username.contains(':') {
            return Err(TokenConfigError::Colon);
        }
        let secret = credentials.client_secret.as_str();
        match (32..=64).contains(&secret.len()) && ENGINE.decode(secret).is_ok() {
            true => Ok(credentials),
            false => Err(TokenConfigError::ClientSecret),
        }
    }

    /// Whether a user name and the Base64 of a password are ours.
    pub(super) fn is_user(&self, username: &str, password_base64: &str) -> bool {
        let password = Zeroizing::new(ENGINE.decode(password_base64).unwrap_or_default());
        bool::from(
            same(username.as_bytes(), self.username.as_bytes()) & same(&password, self.password.as_bytes()),
        )
    }

    pub(super) fn is_client(&self, client_secret: &str) -> bool {
        bool::from(same(client_secret.as_bytes(), self.client_secret.as_bytes()))
    }

    /// Whether the text after `Basic ` is our user's.
    pub(super) fn is_basic(&self, encoded: &str) -> bool {
        let ours = Zeroizing::new(format!("{}:{}", *self.username, *self.password));
        let told = Zeroizing::new(ENGINE.decode(encoded.trim()).unwrap_or_default());
        bool::from(same(&told, ours.as_bytes()))
    }
}

impl fmt::Debug for TokenCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenCredentials([redacted])")
    }
}

/// Why credentials cannot be these. None of the messages holds any part of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenConfigError {
    /// Empty, or more than 512 bytes.
    #[error("the {0} is empty, or longer than {CREDENTIAL_BYTES_MAX} bytes")]
    Length(&'static str),
    /// A colon in the user name, where Basic credentials end it.
    #[error("the username has a colon")]
    Colon,
    /// Not Base64 of 32 to 64 characters.
    #[error("the client secret is not Base64 of 32 to 64 characters")]
    ClientSecret,
}

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Access,
    Refresh,
}

impl Kind {
    pub(super) const fn seconds(self) -> i64 {
        match self {
            Self::Access => 3_600,
            Self::Refresh => 86_400,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// `<end in seconds>.<signature of kind and end>`.
pub(super) fn issue(key: &SecretKey, kind: Kind, now: Timestamp) -> String {
    let end = now.as_second().saturating_add(kind.seconds()).to_string();
    let signature = Signature::sign(key, [("token", kind.name()), ("end", &end)]);
    format!("{end}.{}", signature.to_base64())
}

pub(super) fn is_good(key: &SecretKey, kind: Kind, token: &str, now: Timestamp) -> bool {
    let Some((end, signature)) = token.split_once('.') else { return false };
    let Ok(signature) = Signature::from_base64(signature) else { return false };
    let signed = signature.verifies(key, [("token", kind.name()), ("end", end)]);
    signed && end.parse::<i64>().is_ok_and(|end| now.as_second() < end)
}

/// Equal, in a time that depends on neither text: digests of one length are compared.
fn same(told: &[u8], ours: &[u8]) -> Choice {
    Sha256::digest(told).as_slice().ct_eq(Sha256::digest(ours).as_slice())
}

const CREDENTIAL_BYTES_MAX: usize = 512;
