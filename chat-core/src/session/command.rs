//! What a session is told and asked, and what it asks of the engine in turn.

use std::sync::Arc;

use crate::{
    Access, Appended, ChatError, ClientMessageId, ConversationId, Denied, Epoch, Event, Head, Op, Principal,
    Seq, UserId,
};

/// What a member wants, already parsed from the host's frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Add an entry to the log.
    Send {
        /// The sender's own name for it.
        client_id: ClientMessageId,
        /// What to add.
        op: Op,
    },
    /// Everything up to here was read.
    Read {
        /// The seq.
        up_to: Seq,
    },
    /// The member is writing.
    Typing,
}

/// What the driver passes to [`ChatEngine::perform`](crate::ChatEngine::perform).
#[derive(Debug)]
pub enum Ask {
    /// Carry out a member's command.
    Command {
        /// Who.
        who: Principal,
        /// Where.
        conversation: ConversationId,
        /// What.
        command: Command,
    },
    /// Read entries that are no longer in memory.
    Page {
        /// Where.
        conversation: ConversationId,
        /// What follows this seq.
        after: Seq,
        /// At most so many.
        limit: u32,
    },
    /// Ask the policy again.
    Access {
        /// Who.
        who: Principal,
        /// Where.
        conversation: ConversationId,
    },
}

impl Ask {
    pub(crate) fn is_send_of(&self, sender: &Principal, to: ConversationId) -> bool {
        let Self::Command { who, conversation, command: Command::Send { .. } } = self else { return false };
        who == sender && *conversation == to
    }
}

/// What the engine answered; the driver passes it to [`Session::on_answer`](crate::Session::on_answer).
#[derive(Debug)]
pub enum Answer {
    /// To [`Ask::Command`].
    Command(Reply),
    /// To [`Ask::Page`].
    Page(Result<(Vec<Event>, Head), ChatError>),
    /// To [`Ask::Access`].
    Access(Result<Access, Denied>),
}

/// What the member is told about a command.
#[derive(Debug)]
pub enum Reply {
    /// The entry is durable. This is the acknowledgement.
    Stored {
        /// The sender's name for it.
        client_id: ClientMessageId,
        /// What was stored, by this try or by an earlier one.
        appended: Appended,
    },
    /// The command was not carried out.
    Refused {
        /// The name of what was to be sent, if it was a send.
        client_id: Option<ClientMessageId>,
        /// Why, and whether to try again.
        error: ChatError,
    },
    /// Nothing to say.
    Done,
}

/// What to do next: the answer of [`Session::next_frames`](crate::Session::next_frames).
#[derive(Debug)]
pub enum Pull {
    /// Write what came out, then wait for a wake-up, a frame or the deadline.
    Idle,
    /// Write what came out, then pull again.
    More,
    /// Have the engine perform this, hand over the answer, then pull again.
    Ask(Ask),
    /// Tell the peer that its cursor cannot be continued, then pull again.
    Reset(Reset),
    /// Write what came out, say so, and close.
    Close(CloseReason),
}

/// The log as it is, for a peer that has to start over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset {
    /// The identity of the log.
    pub epoch: Epoch,
    /// The last entry; live entries follow it.
    pub last: Seq,
    /// The oldest entry that can still be read.
    pub oldest: Seq,
}

/// The first thing a peer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// The conversation.
    pub conversation: ConversationId,
    /// The identity of its log.
    pub epoch: Epoch,
    /// The last entry at this moment.
    pub last: Seq,
    /// The oldest entry that can still be read.
    pub oldest: Seq,
    /// Everything after the given cursor follows. Otherwise only what is new.
    pub resumed: bool,
    /// The read marks of all members.
    pub read: Arc<[(UserId, Seq)]>,
    /// The members with an open session, this one included.
    pub online: Arc<[UserId]>,
}

/// Why a session is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// The node goes down; come back after so many milliseconds.
    Restart {
        /// The time to wait, spread over all sessions.
        retry_ms: u64,
    },
    /// The peer did not take what was written to it in time.
    SlowReader,
    /// The peer did not answer a ping in time.
    NoPong,
    /// The node or its store cannot serve the session now.
    Overload,
    /// The sign-in ended.
    SessionEnded,
    /// Access ended, and can be bought again.
    AccessEnded,
    /// Access ended: not a member, or blocked.
    Forbidden,
    /// More commands than any person sends.
    Flood,
}

impl CloseReason {
    /// The WebSocket close code. 1012 and 45xx mean: reconnect and resume. 44xx mean: not unchanged.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::Restart { .. } => 1012,
            Self::SlowReader => 4500,
            Self::NoPong => 4508,
            Self::Overload => 4513,
            Self::SessionEnded => 4401,
            Self::AccessEnded => 4402,
            Self::Forbidden => 4403,
            Self::Flood => 4429,
        }
    }
}

impl From<Denied> for CloseReason {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotMember | Denied::Blocked => Self::Forbidden,
            Denied::PaymentRequired => Self::AccessEnded,
            Denied::SessionEnded => Self::SessionEnded,
            Denied::Unavailable => Self::Overload,
        }
    }
}
