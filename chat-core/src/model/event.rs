//! Entries of the log.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{ClientMessageId, ConversationId, MessageId, Seq, UserId};

/// What an entry does. Each takes the next seq of its conversation.
///
/// `Debug` shows lengths only: what people write to each other belongs in no log line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// Says something.
    Post {
        /// The text. Empty is allowed with an image, and after the post was deleted.
        content: String,
        /// The host's name for an image, not looked at by this crate.
        image: Option<String>,
    },
    /// Replaces the text of an earlier post of the same sender.
    Edit {
        /// The post's seq.
        target: Seq,
        /// The new text.
        content: String,
    },
    /// Takes an earlier post of the same sender back. Its text is erased everywhere; its seq stays.
    Delete {
        /// The post's seq.
        target: Seq,
    },
}

impl Op {
    /// Which of the three it is.
    #[must_use]
    pub fn kind(&self) -> OpKind {
        match self {
            Self::Post { .. } => OpKind::Post,
            Self::Edit { .. } => OpKind::Edit,
            Self::Delete { .. } => OpKind::Delete,
        }
    }

    /// The post that an edit or a delete speaks of.
    #[must_use]
    pub fn target(&self) -> Option<Seq> {
        match self {
            Self::Post { .. } => None,
            Self::Edit { target, .. } | Self::Delete { target } => Some(*target),
        }
    }

    /// The same entry without its words and its image: what remains after a delete.
    #[must_use]
    pub fn erased(&self) -> Self {
        match self {
            Self::Post { .. } => Self::Post { content: String::new(), image: None },
            Self::Edit { target, .. } => Self::Edit { target: *target, content: String::new() },
            Self::Delete { target } => Self::Delete { target: *target },
        }
    }

    /// SHA-256 over everything the sender chose. A store keeps it beside the client message id, so that
    /// a retry is told from a reuse even after the words were erased.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        match self {
            Self::Post { content, image } => {
                field(b"post");
                field(content.as_bytes());
                match image {
                    Some(image) => field(image.as_bytes()),
                    None => field(b""),
                }
                field(&[u8::from(image.is_some())]);
            }
            Self::Edit { target, content } => {
                field(b"edit");
                field(&target.0.to_be_bytes());
                field(content.as_bytes());
            }
            Self::Delete { target } => {
                field(b"delete");
                field(&target.0.to_be_bytes());
            }
        }
        hash.finalize().into()
    }
}

impl fmt::Debug for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Post { content, image } => {
                write!(f, "Post {{ {} bytes, image: {} }}", content.len(), image.is_some())
            }
            Self::Edit { target, content } => {
                write!(f, "Edit {{ target: {target}, {} bytes }}", content.len())
            }
            Self::Delete { target } => write!(f, "Delete {{ target: {target} }}"),
        }
    }
}

/// The kind of an [`Op`], without its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpKind {
    /// [`Op::Post`].
    Post,
    /// [`Op::Edit`].
    Edit,
    /// [`Op::Delete`].
    Delete,
}

/// One entry of a log, as it was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The log it is in.
    pub conversation: ConversationId,
    /// Its place there.
    pub seq: Seq,
    /// The message it speaks of: a post's own id; for an edit or a delete the id of its target.
    pub message: MessageId,
    /// Who did it.
    pub by: UserId,
    /// The sender's own name for it.
    pub client_id: ClientMessageId,
    /// When it was accepted, to the microsecond.
    pub at: Timestamp,
    /// What it did.
    pub op: Op,
    /// The message was deleted since, and the words of this entry are gone.
    pub erased: bool,
}

/// A wish to add an entry: an [`Event`] that has no seq yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The log to add to.
    pub conversation: ConversationId,
    /// Who does it; must be a member.
    pub by: UserId,
    /// The sender's own name for it.
    pub client_id: ClientMessageId,
    /// The id that a post takes if it is new; unused by edits and deletes.
    pub message: MessageId,
    /// Now, to the microsecond.
    pub at: Timestamp,
    /// What to do.
    pub op: Op,
    /// An edit or a delete is refused when its target is older than this.
    pub target_not_before: Option<Timestamp>,
    /// When the other members should be told of a post that they have not read by then; `None` for never.
    pub push_due: Option<Timestamp>,
}

/// The answer to an [`Append`]: the same for the first try and for every later one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The entry as stored.
    pub event: Arc<Event>,
    /// It was stored by an earlier try.
    pub duplicate: bool,
    /// Everyone in the conversation.
    pub members: Arc<[UserId]>,
}
