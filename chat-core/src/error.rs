//! What the engine answers when it does not do what was asked.

use crate::{Denied, StoreError};

/// Why a command was not carried out. [`ChatError::retry_ms`] says whether trying again can help.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// The policy said no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A value is outside its bounds. The caller's fault.
    #[error("{field}: {reason}")]
    Invalid {
        /// The value's name.
        field: &'static str,
        /// What it must be.
        reason: String,
    },
    /// The client message id was used before, for something else.
    #[error("the client message id was used before, for something else")]
    IdReused,
    /// There is no such conversation or message, or it was deleted.
    #[error("there is no such message")]
    NotFound,
    /// The message is someone else's, or too old to be changed.
    #[error("the message can not be changed: {0}")]
    Forbidden(&'static str),
    /// Too many sends. Try again after so many milliseconds.
    #[error("too many messages; try again in {retry_ms} ms")]
    RateLimited {
        /// When to try again, in milliseconds.
        retry_ms: u64,
    },
    /// The engine is shutting down, or this member has too many sessions open.
    #[error("no further session: {0}")]
    Overload(&'static str),
    /// The store cannot answer. Whether a send was stored is unknown: the same client message id tells.
    #[error("the store is unavailable")]
    Unavailable(#[source] StoreError),
}

impl ChatError {
    /// After how many milliseconds the same command may succeed; `None` when it never will.
    #[must_use]
    pub fn retry_ms(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_ms } => Some(*retry_ms),
            Self::Unavailable(_) | Self::Overload(_) | Self::Denied(Denied::Unavailable) => Some(1_000),
            Self::Denied(_) | Self::Invalid { .. } | Self::IdReused | Self::NotFound | Self::Forbidden(_) => {
                None
            }
        }
    }
}

impl From<StoreError> for ChatError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::UnknownConversation | StoreError::NotMember => Self::Denied(Denied::NotMember),
            StoreError::IdReused => Self::IdReused,
            StoreError::NoSuchTarget => Self::NotFound,
            StoreError::NotYours => Self::Forbidden("it is someone else's"),
            StoreError::TooOld => Self::Forbidden("it is too old"),
            StoreError::MembersDiffer => Self::Invalid {
                field: "members",
                reason: "the conversation exists with other members".into(),
            },
            StoreError::Unavailable(_) | StoreError::Inconsistent { .. } => Self::Unavailable(error),
        }
    }
}
