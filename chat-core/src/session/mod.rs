//! One connection's state, without I/O: commands, answers and time go in; frames and questions come out.

mod command;
mod liveness;
mod pull;
mod retry;

use std::{collections::VecDeque, fmt};

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::watch;

pub use self::command::{Answer, Ask, CloseReason, Command, Pull, Ready, Reply, Reset};
use self::{liveness::Liveness, retry::Retry};
use crate::{
    Access, ChatError, ConversationId, Denied, Encoder, Epoch, Principal, Seq,
    hub::{Connection, Joined, RoomLease},
    rate::Rate,
};

/// A member's connection to a conversation.
///
/// It holds a cursor into the conversation's log, not a queue: what it still has to show lies in the
/// conversation's ring, shared by all sessions, or in the store. So a peer that reads slowly costs no memory
/// and loses nothing.
///
/// # Driving it
/// One task per connection:
/// 1. Write [`Session::ready`].
/// 2. Call [`Session::next_frames`] and do what it says until it says [`Pull::Idle`].
/// 3. Wait for the first of: a frame of the peer ([`Session::on_heard`], and [`Session::on_command`] when it is
///    a command), [`Session::changed`], or [`Session::deadline`] ([`Session::on_tick`]). Go to 2.
///
/// Where the peer makes a write wait, look out for [`Session::interruption`].
///
/// Dropping it takes the member offline, if it was their last connection to any node.
pub struct Session<E: Encoder> {
    lease: RoomLease<E>,
    _connection: Connection<E>,
    number: u64,
    who: Principal,
    ready: Ready,
    epoch: Epoch,
    /// Everything up to here was handed to the driver.
    cursor: Seq,
    /// Frames from the store that follow the cursor: `backlog_bytes_max` of them.
    backlog: VecDeque<Bytes>,
    /// Entries to ask for next: about twice of what could be kept last time.
    backlog_items: u32,
    /// What the room had erased before the backlog was read. More than that, and the backlog may show it.
    backlog_erasures: u64,
    /// The room's version up to which states were handed to the driver.
    seen_version: u64,
    access_until: Option<Timestamp>,
    access_doubted: bool,
    /// The room's version of the last doubt that was acted on.
    seen_doubt: u64,
    asked: Asked,
    retry: Retry,
    reset: Option<Reset>,
    closing: Option<CloseReason>,
    close_turn: Option<(Timestamp, u64)>,
    liveness: Liveness,
    commands_rate: Rate,
    commands_due_us: i64,
    wake: watch::Receiver<()>,
}

/// Entries of the first page that a session reads: few, since how large they are is not known yet.
const BACKLOG_ITEMS_FIRST: u32 = 8;

/// What the session waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Nothing,
    Page,
    Access,
}

/// What the engine decided before the session began.
pub(crate) struct Opening {
    pub(crate) number: u64,
    pub(crate) who: Principal,
    pub(crate) epoch: Epoch,
    pub(crate) access: Access,
    /// The room's version of the last doubt before access was asked for.
    pub(crate) doubts_seen: u64,
    pub(crate) joined: Joined,
    /// A cursor was given that cannot be continued.
    pub(crate) reset: bool,
    pub(crate) now: Timestamp,
}

impl<E: Encoder> Session<E> {
    pub(crate) fn new(lease: RoomLease<E>, connection: Connection<E>, opening: Opening) -> Self {
        let Opening { number, who, epoch, access, doubts_seen, joined, reset, now } = opening;
        let limits = &lease.hub.limits;
        let ready = Ready {
            conversation: lease.room.id,
            epoch,
            last: joined.last,
            oldest: joined.oldest,
            resumed: joined.resumed,
            read: joined.read.into(),
            online: joined.online.into(),
        };
        Self {
            number,
            epoch,
            cursor: joined.cursor,
            backlog: VecDeque::new(),
            backlog_items: BACKLOG_ITEMS_FIRST.min(limits.backlog_items_max),
            backlog_erasures: 0,
            seen_version: joined.version,
            access_until: access.until,
            access_doubted: false,
            seen_doubt: doubts_seen,
            asked: Asked::Nothing,
            retry: Retry::default(),
            reset: reset.then_some(Reset { epoch, last: joined.last, oldest: joined.oldest }),
            closing: None,
            close_turn: None,
            liveness: Liveness::new(number, now, limits),
            commands_rate: Rate::per_second(limits.commands_per_s, limits.commands_burst),
            commands_due_us: 0,
            wake: lease.room.subscribe(),
            who,
            ready,
            lease,
            _connection: connection,
        }
    }

    /// What to tell the peer first.
    #[must_use]
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Whose session it is.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.who
    }

    /// The conversation.
    #[must_use]
    pub fn conversation(&self) -> ConversationId {
        self.ready.conversation
    }

    /// The last entry that was handed to the driver.
    #[must_use]
    pub fn cursor(&self) -> Seq {
        self.cursor
    }

    /// Something came from the peer, whatever it was: it is alive.
    pub fn on_heard(&mut self) {
        self.liveness.heard();
    }

    /// A command came from the peer. The engine performs it.
    ///
    /// # Errors
    /// [`CloseReason::Flood`] when commands come faster than the limits allow: close the connection.
    pub fn on_command(&mut self, now: Timestamp, command: Command) -> Result<Ask, CloseReason> {
        self.count(now)?;
        Ok(Ask::Command { who: self.who.clone(), conversation: self.conversation(), command })
    }

    /// Something came that is no command but costs an answer all the same: it counts towards the flood limit.
    ///
    /// # Errors
    /// [`CloseReason::Flood`], as [`Session::on_command`].
    pub fn count(&mut self, now: Timestamp) -> Result<(), CloseReason> {
        if self.commands_rate.take(&mut self.commands_due_us, now).is_ok() {
            return Ok(());
        }
        self.closing = Some(CloseReason::Flood);
        Err(CloseReason::Flood)
    }

    /// The engine answered. What is returned is for the peer.
    pub fn on_answer(&mut self, now: Timestamp, answer: Answer) -> Reply {
        match answer {
            Answer::Command(reply) => {
                // Who may not send may no longer be allowed to look, either. That nobody can say is no sign of it.
                if let Reply::Refused { error: ChatError::Denied(denied), .. } = &reply
                    && *denied != Denied::Unavailable
                {
                    self.access_doubted = true;
                }
                reply
            }
            Answer::Page(page) => {
                self.on_page(now, page);
                Reply::Done
            }
            Answer::Access(access) => {
                self.on_access(now, access);
                Reply::Done
            }
        }
    }

    /// Waits until there may be something to pull. Cancel-safe; no wake-up is lost.
    pub async fn changed(&mut self) {
        if self.wake.changed().await.is_err() {
            // The lease keeps the sender.
            std::future::pending::<()>().await;
        }
    }

    /// Whether access came into doubt and was not asked for since.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        let asked_in_vain = self.retry.is_waiting();
        self.access_doubted && !asked_in_vain || self.lease.room.doubted(self.who.user) > self.seen_doubt
    }
}

impl<E: Encoder> Drop for Session<E> {
    fn drop(&mut self) {
        self.lease.room.leave(self.who.user);
    }
}

impl<E: Encoder> fmt::Debug for Session<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("number", &self.number)
            .field("who", &self.who)
            .field("conversation", &self.ready.conversation)
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}
