//! Who may take part: the host's decision, asked at connect, at every send and when a grant ends.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use jiff::Timestamp;

use crate::{ConversationId, UserId};

/// Who asks. `session` is the host's own mark of the sign-in (or empty) and is never shown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    /// The user.
    pub user: UserId,
    /// The sign-in, as the host names it.
    pub session: Arc<str>,
}

impl Principal {
    /// A user without a sign-in of their own.
    #[must_use]
    pub fn of(user: UserId) -> Self {
        Self { user, session: Arc::from("") }
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal").field("user", &self.user).finish_non_exhaustive()
    }
}

/// What the principal wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Open a session, or keep it open.
    Connect,
    /// Read history and marks.
    Read,
    /// Post, edit, delete, or signal typing.
    Send,
}

/// Access, until it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// When to ask again; `None` for no end in sight.
    pub until: Option<Timestamp>,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Denied {
    /// The conversation is none of theirs; the host should say that it does not exist.
    #[error("not a member of the conversation")]
    NotMember,
    /// A member blocked the other.
    #[error("blocked")]
    Blocked,
    /// Access must be paid for (again).
    #[error("payment required")]
    PaymentRequired,
    /// The sign-in ended.
    #[error("the sign-in ended")]
    SessionEnded,
    /// It cannot be known right now. Never taken for a yes.
    #[error("access cannot be checked right now")]
    Unavailable,
}

/// Access that was withdrawn: of a user in one conversation, or in all.
///
/// It is a hint to ask the policy again, and the answer to that decides. So one signal too many does no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Revocation {
    /// Whose access.
    pub user: UserId,
    /// Where; everywhere if `None`.
    pub conversation: Option<ConversationId>,
}

/// The host's rules.
#[async_trait]
pub trait AccessPolicy: Send + Sync + 'static {
    /// Whether `who` may do this now.
    ///
    /// # Errors
    /// [`Denied`] says why not. A policy that cannot reach its data answers [`Denied::Unavailable`].
    async fn check(
        &self,
        who: &Principal,
        conversation: ConversationId,
        action: Action,
    ) -> Result<Access, Denied>;

    /// Signals that access may have ended. The engine listens as long as it runs; the stream may be
    /// asked for again after it ended.
    fn revocations(&self) -> BoxStream<'static, Revocation>;
}

/// Lets every member in for ever. The store still refuses those who are no members.
#[derive(Clone, Copy, Debug, Default)]
pub struct MembersOnly;

#[async_trait]
impl AccessPolicy for MembersOnly {
    async fn check(&self, _: &Principal, _: ConversationId, _: Action) -> Result<Access, Denied> {
        Ok(Access::default())
    }

    fn revocations(&self) -> BoxStream<'static, Revocation> {
        Box::pin(futures_util::stream::pending())
    }
}
