//! Identifiers: one type each, so that a user can never be passed where a conversation is meant.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A person, as the host knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub Uuid);

/// One conversation: a log with members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConversationId(pub Uuid);

/// One message. Edits and deletes of it carry the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub Uuid);

/// The place of an entry in its conversation's log: 1, 2, 3 … without gaps. Zero is "before the first".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first entry of every log.
    pub const ZERO: Self = Self(0);

    /// The seq that must follow this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The seq before this one; zero stays zero.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Names the identity of a log. It changes only after a restore or a loss of data, and it fits in 53
/// bits, so that every JSON reader keeps it whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub u64);

/// Where a reader of a log stands: everything up to and including `after` was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The log that `after` belongs to.
    pub epoch: Epoch,
    /// The last seq that was seen; zero for none.
    pub after: Seq,
}

/// The sender's own name for what it sends, 1 to 64 visible ASCII characters. Together with the
/// conversation and the sender it stores once, for ever.
///
/// ```
/// use chat_core::ClientMessageId;
///
/// assert!(ClientMessageId::new("7d444840-9dc0-11d1-b245-5ffdce74fad2").is_ok());
/// assert!(ClientMessageId::new("").is_err());
/// assert!(ClientMessageId::new("with space").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientMessageId(String);

impl ClientMessageId {
    /// The longest id, in bytes.
    pub const BYTES_MAX: usize = 64;

    /// Checks and wraps an id.
    ///
    /// # Errors
    /// [`InvalidClientMessageId`] when it is empty, longer than 64 bytes or not visible ASCII.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidClientMessageId> {
        let text = text.into();
        let fits = (1..=Self::BYTES_MAX).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text))
        } else {
            Err(InvalidClientMessageId)
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Uuid> for ClientMessageId {
    fn from(id: Uuid) -> Self {
        Self(id.to_string())
    }
}

impl TryFrom<String> for ClientMessageId {
    type Error = InvalidClientMessageId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl From<ClientMessageId> for String {
    fn from(id: ClientMessageId) -> Self {
        id.0
    }
}

/// The text is no client message id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a client message id is 1 to 64 visible ASCII characters")]
pub struct InvalidClientMessageId;
