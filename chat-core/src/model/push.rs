//! Telling members who are not there that something waits for them.

use jiff::Timestamp;

use crate::{ConversationId, Seq, UserId};

/// A member has unread posts in a conversation and should be told outside of it.
///
/// There is at most one for a member and conversation: posts that come before it is done share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushJob {
    /// Whom to tell.
    pub to: UserId,
    /// About which conversation.
    pub conversation: ConversationId,
    /// The seq of the newest post to them when the job was claimed.
    pub newest: Seq,
    /// How many posts they had not read in it then; at least one.
    pub unread: u64,
    /// The number of this try: 1 for the first.
    pub tries: u32,
    /// Nobody else is given the job before this instant; afterwards finishing it has no effect.
    pub leased_until: Timestamp,
}

/// What became of a claimed [`PushJob`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushOutcome {
    /// It is dealt with: told, given up, or there is nobody to tell.
    Done,
    /// To be tried again at this instant.
    RetryAt(Timestamp),
}
