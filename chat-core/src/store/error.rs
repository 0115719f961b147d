//! Why a store did not do what it was asked.

use std::error::Error;

/// Refusals and failures of a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such conversation.
    #[error("there is no such conversation")]
    UnknownConversation,
    /// The user is not a member of the conversation.
    #[error("the user is not a member of the conversation")]
    NotMember,
    /// The client message id was used before in this conversation, by this sender, for something else.
    #[error("the client message id was used before, for something else")]
    IdReused,
    /// An edit or a delete speaks of no post, or of one that was deleted.
    #[error("there is no such post, or it was deleted")]
    NoSuchTarget,
    /// An edit or a delete speaks of someone else's post.
    #[error("the post is someone else's")]
    NotYours,
    /// An edit or a delete speaks of a post that is too old.
    #[error("the post is too old to be changed")]
    TooOld,
    /// The conversation exists with other members.
    #[error("the conversation exists with other members")]
    MembersDiffer,
    /// The store cannot be reached, is full or is shutting down: a later try may succeed. What was to be
    /// appended may or may not have been stored; the same client message id finds out.
    #[error("the store is unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// Stored data contradicts itself. No try will help.
    #[error("stored data contradicts itself: {what}")]
    Inconsistent {
        /// Which table and column.
        what: &'static str,
        /// What was wrong with it.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
}

impl StoreError {
    /// Whether a later try may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) | sqlx::Error::Decode(_) => {
                Self::Inconsistent { what: "a column cannot be read", source: Some(Box::new(error)) }
            }
            _ => Self::Unavailable(Box::new(error)),
        }
    }
}
