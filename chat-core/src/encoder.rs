//! The host's words on the wire.

use bytes::Bytes;

use crate::{Event, Seq, UserId};

/// Turns entries and states into frames. Each is encoded once per conversation and node and shared by all
/// sessions, so a frame cannot depend on who reads it.
pub trait Encoder: Send + Sync + 'static {
    /// What the host knows about a conversation and needs in its frames; given when a session is opened.
    type Context: Send + Sync + 'static;

    /// The frame of an entry of the log.
    fn event(&self, context: &Self::Context, event: &Event) -> Bytes;

    /// The frame of a state. States are not in the log: the last one wins.
    fn state(&self, context: &Self::Context, state: &State) -> Bytes;
}

/// Something that is true now and is told to the sessions of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The user read everything up to here.
    Read {
        /// Who.
        user: UserId,
        /// Up to and including this seq.
        up_to: Seq,
    },
    /// The user is writing. It fades by itself.
    Typing {
        /// Who.
        user: UserId,
    },
    /// The user has an open session, or has none any more.
    Presence {
        /// Who.
        user: UserId,
        /// Whether one is open.
        online: bool,
    },
}
