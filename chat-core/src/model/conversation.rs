//! A conversation, its members and what an inbox shows of it.

use jiff::Timestamp;

use crate::{ConversationId, Message, Seq, UserId};

/// How far a log reaches, and a number that moves with its read marks: all that a sweep compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The conversation.
    pub conversation: ConversationId,
    /// The seq of the last entry; zero when there is none.
    pub last: Seq,
    /// The seq of the oldest entry that can still be read; one more than `last` when nothing is left.
    pub oldest: Seq,
    /// Rises whenever a read mark moves.
    pub marks_revision: u64,
}

/// A member of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Everything up to this seq was read.
    pub read: Seq,
}

/// A conversation as one consistent reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// How far its log reaches.
    pub head: Head,
    /// Its members, ordered by id.
    pub members: Vec<Member>,
}

impl Conversation {
    /// Whether the user takes part.
    #[must_use]
    pub fn has_member(&self, user: UserId) -> bool {
        self.members.iter().any(|member| member.user == user)
    }
}

/// What became of a wish to move a read mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where the mark stands now.
    pub read: Seq,
    /// Whether this call moved it.
    pub advanced: bool,
    /// The member's unread posts in this conversation; deleted ones do not count.
    pub unread: u64,
    /// The conversation's number of mark movements, as in [`Head::marks_revision`].
    pub revision: u64,
}

/// One line of a user's inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxEntry {
    /// How far the conversation's log reaches.
    pub head: Head,
    /// Everyone in it, ordered by id.
    pub members: Vec<UserId>,
    /// Posts by others above the user's read mark that were not deleted.
    pub unread: u64,
    /// The last message, as it now reads.
    pub last_message: Option<Message>,
    /// When something was last added; when it was created, as long as it is empty.
    pub active_at: Timestamp,
}

impl InboxEntry {
    /// Where the page after this line starts.
    #[must_use]
    pub fn cursor(&self) -> InboxCursor {
        InboxCursor { active_at: self.active_at, conversation: self.head.conversation }
    }
}

/// A place in an inbox, which is ordered by last activity, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxCursor {
    /// The line's last activity.
    pub active_at: Timestamp,
    /// The line's conversation, which decides among equal instants.
    pub conversation: ConversationId,
}
