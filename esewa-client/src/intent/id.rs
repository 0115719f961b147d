//! eSewa's ids of a booking, which go back into signed texts.

use std::fmt;

use crate::ids::IdError;

/// An id that eSewa gave out: a booking's, a correlation's or a transaction's.
///
/// Opaque, but not anything: it goes back into a signed text, where a comma would begin another
/// field, and into records, where a kilobyte has no business.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(String);

impl IntentId {
    /// Takes visible ASCII without comma, quote and backslash, at most 100 characters.
    ///
    /// # Errors
    /// [`IdError`] for anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
        let text = text.into();
        let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b',' | b'"' | b'\\');
        match text.len() {
            0 => Err(IdError::Empty),
            length if length > ID_CHARACTERS_MAX => Err(IdError::TooLong),
            _ if !text.bytes().all(plain) => Err(IdError::Character),
            _ => Ok(Self(text)),
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const ID_CHARACTERS_MAX: usize = 100;
