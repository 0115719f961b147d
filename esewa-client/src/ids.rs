//! Identifiers, each a type of its own, validated where they enter.
//!
//! eSewa joins signed values without escaping, as `name=value,name=value`. An id with `,` or `=` in
//! it could therefore shift the borders between fields; no identifier here can hold one.

use std::fmt;

/// The merchant's own id of one payment attempt.
///
/// eSewa wants a fresh one for each attempt, so keep it apart from an order number that may be paid
/// in a second try.
///
/// ```
/// use esewa_client::TransactionUuid;
///
/// assert!(TransactionUuid::new("250610-162413").is_ok());
/// assert!(TransactionUuid::new("TXN_1").is_err(), "documented: letters, digits and hyphen");
/// assert!(TransactionUuid::lenient("TXN_1").is_ok(), "yet the gateway completes such payments");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionUuid(String);

impl TransactionUuid {
    /// Takes what eSewa documents: letters, digits and `-`, at most 100 characters.
    ///
    /// # Errors
    /// [`IdError`] for anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
        checked(text.into(), |byte| byte.is_ascii_alphanumeric() || byte == b'-').map(Self)
    }

    /// Takes also `_`, `.`, `~`, `:` and `@`, which the gateway was seen to accept (`_` at least)
    /// and which cannot be confused with the grammar of the signed text.
    ///
    /// # Errors
    /// [`IdError`] for anything else.
    pub fn lenient(text: impl Into<String>) -> Result<Self, IdError> {
        checked(text.into(), is_lenient).map(Self)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The merchant's code at eSewa, `EPAYTEST` in the test environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductCode(String);

impl ProductCode {
    /// Takes letters, digits, `-`, `_`, `.`, `~`, `:` and `@`, at most 100 characters.
    ///
    /// # Errors
    /// [`IdError`] for anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
        checked(text.into(), is_lenient).map(Self)
    }

    /// The code that eSewa publishes for its test environment.
    #[must_use]
    pub fn test() -> Self {
        Self(TEST_PRODUCT_CODE.to_owned())
    }

    /// The code that eSewa publishes for the test merchant of Intent.
    #[must_use]
    pub fn test_intent() -> Self {
        Self(TEST_INTENT_PRODUCT_CODE.to_owned())
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// eSewa's own number of a payment: `ref_id` of a status answer, `transaction_code` of a callback,
/// `refId` of ePay v1.
///
/// Kept in upper case, so that one payment cannot be claimed twice under two spellings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReferenceId(String);

impl ReferenceId {
    /// Takes letters, digits and `-`, at most 100 characters; letters become upper case.
    ///
    /// # Errors
    /// [`IdError`] for anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
        let mut text = checked(text.into(), |byte| byte.is_ascii_alphanumeric() || byte == b'-')?;
        text.make_ascii_uppercase();
        Ok(Self(text))
    }

    /// The reference as text, in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TransactionUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ProductCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ReferenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// No characters at all.
    #[error("an identifier cannot be empty")]
    Empty,
    /// More than 100 characters.
    #[error("an identifier has at most 100 characters")]
    TooLong,
    /// A character outside the allowed set.
    #[error("the identifier has a character that eSewa does not allow there")]
    Character,
}

pub(crate) const TEST_PRODUCT_CODE: &str = "EPAYTEST";
pub(crate) const TEST_INTENT_PRODUCT_CODE: &str = "INTENT";

/// Nothing published sets a limit; 50 characters were seen to work.
const ID_BYTES_MAX: usize = 100;

fn checked(text: String, allowed: impl Fn(u8) -> bool) -> Result<String, IdError> {
    match text.len() {
        0 => Err(IdError::Empty),
        length if length > ID_BYTES_MAX => Err(IdError::TooLong),
        _ if !text.bytes().all(allowed) => Err(IdError::Character),
        _ => Ok(text),
    }
}

fn is_lenient(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~:@".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_charset_is_the_default() {
        assert!(TransactionUuid::new("e0ea3bbe-9e37-4cc9-8e40-5d1362a5ffe5").is_ok());
        for text in ["a_b", "a.b", "a b", "a+b", "a/b", "é"] {
            assert_eq!(TransactionUuid::new(text), Err(IdError::Character), "{text}");
        }
    }

    #[test]
    fn no_id_can_shift_the_borders_of_the_signed_text() {
        for text in ["a,product_code=b", "a=b", "a,b", "a&b", "a?b", "a\nb", "a\"b", "a%2Cb"] {
            assert_eq!(TransactionUuid::lenient(text), Err(IdError::Character), "{text:?}");
            assert_eq!(ProductCode::new(text), Err(IdError::Character), "{text:?}");
            assert_eq!(ReferenceId::new(text), Err(IdError::Character), "{text:?}");
        }
    }

    #[test]
    fn length_has_a_floor_and_a_ceiling() {
        assert_eq!(TransactionUuid::new(""), Err(IdError::Empty));
        assert!(TransactionUuid::new("a".repeat(100)).is_ok());
        assert_eq!(TransactionUuid::new("a".repeat(101)), Err(IdError::TooLong));
    }

    #[test]
    fn one_reference_has_one_spelling() {
        assert_eq!(ReferenceId::new("000aweo"), ReferenceId::new("000AWEO"));
        assert_eq!(ReferenceId::new("000aweo").unwrap().to_string(), "000AWEO");
        assert_eq!(ReferenceId::new("A_B"), Err(IdError::Character));
    }

    #[test]
    fn the_lenient_charset_is_what_it_says() {
        let uuid = TransactionUuid::lenient("TXN_1.2~3:4@5-6").unwrap();
        assert_eq!(uuid.as_str(), "TXN_1.2~3:4@5-6");
        assert_eq!(uuid.to_string(), "TXN_1.2~3:4@5-6");
        assert_eq!(ProductCode::new("NP-ES-SHOP").unwrap().to_string(), "NP-ES-SHOP");
    }
}
