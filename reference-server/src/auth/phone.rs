//! A Nepali mobile number: ten digits starting with 9.

use std::fmt;

use crate::ui::lang::latin_digits;

/// A number that was checked. It is contact data, so it shows itself in no log line.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

/// Not a Nepali mobile number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("wrong-phone"))]
pub struct PhoneError;

impl Phone {
    /// Checks a number; spaces, hyphens and the country's +977 are how people write it, and are left out. It may be
    /// in the digits of Nepali.
    ///
    /// # Errors
    ///
    /// When what is left isn't ten digits starting with 9.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let digits: String = latin_digits(text.trim()).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let digits = digits.strip_prefix("+977").unwrap_or(&digits);
        let ok = digits.len() == 10 && digits.starts_with('9') && digits.bytes().all(|b| b.is_ascii_digit());
        if ok { Ok(Self(digits.to_owned())) } else { Err(PhoneError) }
    }

    /// The ten digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_digits_starting_with_nine_pass() {
        for text in [
            "9800000001",
            " 9800000001 ",
            "+977 9800000001",
            "980-000-0001",
            "98 0000 0001",
            "+९७७ ९८००-००0001",
        ] {
            assert_eq!(Phone::parse(text).map(|phone| phone.0), Ok("9800000001".to_owned()), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "980000000",
            "98000000011",
            "8800000001",
            "+9789800000001",
            "9779800000001",
            "98000000O1",
            "९८०००००००",
            "٩٨٠٠٠٠٠٠٠١",
        ] {
            assert_eq!(Phone::parse(text), Err(PhoneError), "{text}");
        }
    }

    #[test]
    fn debug_shows_no_digit() {
        let phone = Phone::parse("9800000001").expect("a number");
        assert!(!format!("{phone:?}").contains('9'));
    }
}
