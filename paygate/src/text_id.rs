//! The macro behind the text newtypes: one type per identifier, so that a subject can never be passed
//! where a resource is meant.

use std::fmt;

/// Why a text cannot be an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// An empty identifier would match every other empty one.
    #[error("an identifier must not be empty")]
    Empty,
    /// Longer than [`ID_BYTES_MAX`] bytes.
    #[error("an identifier has at most {ID_BYTES_MAX} bytes")]
    TooLong,
    /// White space, control characters and anything outside ASCII: two spellings of one thing.
    #[error("an identifier is made of visible ASCII characters only")]
    BadCharacter,
}

/// The longest identifier, in bytes. It bounds every key of every index.
pub const ID_BYTES_MAX: usize = 200;

/// Checks what all identifiers have in common.
pub(crate) fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > ID_BYTES_MAX {
        return Err(IdError::TooLong);
    }
    if text.bytes().all(|byte| byte.is_ascii_graphic()) { Ok(()) } else { Err(IdError::BadCharacter) }
}

/// Writes an identifier as its bare text.
pub(crate) fn write_id(name: &str, text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_tuple(name).field(&text).finish()
}

/// Declares a validated text newtype. Clones share the text: an identifier is copied on the hot path.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// Takes a text of 1 to [`ID_BYTES_MAX`](crate::ID_BYTES_MAX) visible ASCII characters.
            ///
            /// # Errors
            /// [`IdError`](crate::IdError) says which rule the text breaks. The caller is at fault.
            pub fn new(text: impl AsRef<str>) -> Result<Self, $crate::IdError> {
                let text = text.as_ref();
                $crate::text_id::check(text)?;
                Ok(Self(text.into()))
            }

            /// A text that another type has validated already, under rules as strict as these.
            #[allow(dead_code, reason = "only the providers' features need it, and only for some of the ids")]
            pub(crate) fn visible(text: &str) -> Self {
                debug_assert!($crate::text_id::check(text).is_ok(), "{text:?}");
                Self(text.into())
            }

            /// The text as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::text_id::write_id(stringify!($name), &self.0, f)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::new(text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use text_id;

#[cfg(test)]
mod tests {
    use crate::{IdError, PaymentId};

    #[test]
    fn identifiers_refuse_what_could_be_spelled_twice() {
        for (text, error) in [
            ("", IdError::Empty),
            (" a", IdError::BadCharacter),
            ("a\n", IdError::BadCharacter),
            ("पैसा", IdError::BadCharacter),
            (&"x".repeat(201), IdError::TooLong),
        ] {
            assert_eq!(PaymentId::new(text).unwrap_err(), error, "{text:?}");
        }
        assert_eq!(PaymentId::new("a-1").unwrap().as_str(), "a-1");
    }

    #[test]
    fn identifiers_are_checked_when_deserialized() {
        assert!(serde_json::from_str::<PaymentId>("\"a b\"").is_err());
        assert_eq!(serde_json::from_str::<PaymentId>("\"ab\"").unwrap().as_str(), "ab");
    }
}
