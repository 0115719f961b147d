//! What a room knows about one of its members.

use bytes::Bytes;
use jiff::Timestamp;

use crate::{Member, Seq, UserId};

/// A member of a room. Each state has the version of the room at which it last changed, so that a session
/// remembers one number and still misses no change.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) user: UserId,
    pub(crate) read: Seq,
    /// Sessions in this room, on this node.
    pub(crate) sessions: usize,
    /// Whether the member has any connection, to any node.
    pub(crate) online: bool,
    pub(crate) typed_at: Option<Timestamp>,
    /// The version at which access was put in doubt.
    pub(crate) doubted: u64,
    read_frame: Versioned,
    typing_frame: Versioned,
    presence_frame: Versioned,
}

#[derive(Debug, Default)]
struct Versioned {
    version: u64,
    frame: Bytes,
}

/// Which of a member's states changed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Changed {
    Read,
    Typing,
    Presence,
}

impl Slot {
    pub(crate) fn new(member: Member) -> Self {
        Self {
            user: member.user,
            read: member.read,
            sessions: 0,
            online: false,
            typed_at: None,
            doubted: 0,
            read_frame: Versioned::default(),
            typing_frame: Versioned::default(),
            presence_frame: Versioned::default(),
        }
    }

    pub(crate) fn set(&mut self, changed: Changed, version: u64, frame: Bytes) {
        let state = match changed {
            Changed::Read => &mut self.read_frame,
            Changed::Typing => &mut self.typing_frame,
            Changed::Presence => &mut self.presence_frame,
        };
        *state = Versioned { version, frame };
    }

    /// Copies the states that are newer than `seen`. Nobody is told that they type or are there
    /// themselves; their other connections do hear what they have read.
    pub(crate) fn copy_newer(&self, seen: u64, reader: UserId, out: &mut Vec<Bytes>) {
        let own = self.user == reader;
        let states = [(&self.read_frame, true), (&self.typing_frame, !own), (&self.presence_frame, !own)];
        for (state, shown) in states {
            if shown && state.version > seen {
                out.push(state.frame.clone());
            }
        }
    }
}
