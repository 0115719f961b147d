//! Hints between nodes. Losing every one of them costs latency, never data.

mod in_process;
#[cfg(feature = "redis")]
mod redis;

use std::{collections::HashSet, sync::Arc};

use futures_util::{future::BoxFuture, stream::BoxStream};
use serde::{Deserialize, Serialize};

pub use self::in_process::InProcessBus;
#[cfg(feature = "redis")]
pub use self::redis::RedisBus;
use crate::{ConversationId, Event, Revocation, Seq, UserId};

/// Carries hints to the other nodes of the same chat.
///
/// # Contract
/// - `publish` neither fails nor blocks. What cannot be sent is dropped, and the other nodes hear
///   [`BusEvent::MaybeLost`] if the bus can tell. A bus that is cut off says so again every few seconds.
/// - Delivery is at most once or at least once, in any order; a node does not hear itself.
/// - Only topics that were subscribed to need be delivered; more does no harm.
/// - Who is present is state, not a hint: what a node says of its users holds until it says otherwise, also when the
///   bus was away meanwhile. A node that died is forgotten after some seconds, with all its users.
pub trait Bus: Send + Sync + 'static {
    /// Tells the other nodes.
    fn publish(&self, hint: Hint);

    /// Adds a topic to what this node hears.
    fn subscribe(&self, topic: Topic);

    /// Takes a topic away again.
    fn unsubscribe(&self, topic: Topic);

    /// What this node hears from now on.
    fn events(&self) -> BoxStream<'static, BusEvent>;

    /// Says whether the user has a connection to this node. Hints that are published after it are not heard before
    /// it is known.
    fn set_present(&self, user: UserId, present: bool);

    /// Those of the users who have a connection to any node, this one included; `None` when that can't be known now.
    /// It answers within a second, whatever happened to the bus.
    fn present(&self, users: Vec<UserId>) -> BoxFuture<'static, Option<HashSet<UserId>>>;
}

/// What hints are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// What happens in a conversation.
    Conversation(ConversationId),
    /// What concerns a user wherever they are connected.
    User(UserId),
}

/// A hint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hint", rename_all = "snake_case")]
pub enum Hint {
    /// An entry was stored.
    Stored {
        /// The entry.
        event: Arc<Event>,
    },
    /// A read mark moved.
    Marked {
        /// Where.
        conversation: ConversationId,
        /// Whose.
        user: UserId,
        /// To here.
        read: Seq,
        /// The conversation's number of mark movements.
        revision: u64,
    },
    /// Someone is writing.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
    },
    /// A user's unread count may have changed.
    Unread {
        /// Whose.
        user: UserId,
    },
    /// A user came to the sending node, or their last connection to it ended.
    Presence {
        /// Who.
        user: UserId,
        /// Whether they came.
        online: bool,
    },
    /// Access may have ended.
    Revoked {
        /// Whose.
        user: UserId,
        /// Where; everywhere if `None`.
        conversation: Option<ConversationId>,
    },
}

impl Hint {
    /// The topic it belongs to; `None` for what every node must hear.
    #[must_use]
    pub fn topic(&self) -> Option<Topic> {
        match self {
            Self::Stored { event } => Some(Topic::Conversation(event.conversation)),
            Self::Marked { conversation, .. } | Self::Typing { conversation, .. } => {
                Some(Topic::Conversation(*conversation))
            }
            Self::Unread { user } => Some(Topic::User(*user)),
            Self::Presence { .. } | Self::Revoked { .. } => None,
        }
    }
}

impl From<Revocation> for Hint {
    fn from(revocation: Revocation) -> Self {
        Self::Revoked { user: revocation.user, conversation: revocation.conversation }
    }
}

/// What a node hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BusEvent {
    /// A hint of another node.
    Got(Hint),
    /// Hints may have been lost, so everything that is open should be compared with the store now.
    MaybeLost,
}
