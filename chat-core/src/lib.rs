#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod bus;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod encoder;
mod engine;
mod error;
mod hub;
mod id;
mod limits;
mod model;
mod policy;
mod rate;
mod session;
mod store;

#[cfg(feature = "redis")]
pub use self::bus::RedisBus;
#[cfg(feature = "postgres")]
pub use self::store::postgres;
#[cfg(feature = "sqlite")]
pub use self::store::sqlite;
pub use self::{
    bus::{Bus, BusEvent, Hint, InProcessBus, Topic},
    clock::{Clock, IdSource, ManualClock, RandomIds, SequentialIds, SystemClock},
    encoder::{Encoder, State},
    engine::{ChatEngine, History, Notified, Notifier, Parts, Sent, Wish},
    error::ChatError,
    hub::Notices,
    id::{ClientMessageId, ConversationId, Cursor, Epoch, InvalidClientMessageId, MessageId, Seq, UserId},
    limits::Limits,
    model::{
        Append, Appended, Conversation, Event, Head, HistoryPage, InboxCursor, InboxEntry, Mark, Member,
        Message, Op, OpKind, PushJob, PushOutcome,
    },
    policy::{Access, AccessPolicy, Action, Denied, MembersOnly, Principal, Revocation},
    session::{Answer, Ask, CloseReason, Command, Pull, Ready, Reply, Reset, Session},
    store::{ChatStore, MemoryStore, Page, StoreError},
};
