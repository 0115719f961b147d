//! Plain data: what is written to a log, and what a reader is shown.

mod conversation;
mod event;
mod message;
mod push;

pub use conversation::{Conversation, Head, InboxCursor, InboxEntry, Mark, Member};
pub use event::{Append, Appended, Event, Op, OpKind};
pub use message::{HistoryPage, Message};
pub use push::{PushJob, PushOutcome};
