//! A message as it now reads.

use std::fmt;

use jiff::Timestamp;

use crate::{ClientMessageId, ConversationId, Event, MessageId, Op, Seq, UserId};

/// A post with all its edits applied.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation it is in.
    pub conversation: ConversationId,
    /// The seq of its post.
    pub seq: Seq,
    /// Who wrote it.
    pub sender: UserId,
    /// The text as it now reads; empty once deleted.
    pub content: String,
    /// The host's name for its image; none once deleted.
    pub image: Option<String>,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Its sender took it back.
    pub deleted: bool,
    /// The sender's own name for the post.
    pub client_id: ClientMessageId,
}

impl Message {
    /// The message that a post begins; `None` for an edit or a delete.
    #[must_use]
    pub fn from_post(event: &Event) -> Option<Self> {
        let Op::Post { content, image } = &event.op else { return None };
        Some(Self {
            id: event.message,
            conversation: event.conversation,
            seq: event.seq,
            sender: event.by,
            content: content.clone(),
            image: image.clone(),
            posted_at: event.at,
            edited_at: None,
            deleted: event.erased,
            client_id: event.client_id.clone(),
        })
    }

    /// Applies a later edit or delete of this message; entries of other messages change nothing.
    pub fn apply(&mut self, event: &Event) {
        if event.op.target() != Some(self.seq) {
            return;
        }
        match &event.op {
            Op::Edit { content, .. } => {
                // An erased edit has no words left, and so leaves a deleted message empty.
                self.content.clone_from(content);
                self.edited_at = Some(event.at);
            }
            Op::Delete { .. } => {
                self.content.clear();
                self.image = None;
                self.deleted = true;
            }
            Op::Post { .. } => {}
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("seq", &self.seq)
            .field("sender", &self.sender)
            .field("content_bytes", &self.content.len())
            .field("image", &self.image.is_some())
            .field("posted_at", &self.posted_at)
            .field("edited_at", &self.edited_at)
            .field("deleted", &self.deleted)
            .finish_non_exhaustive()
    }
}

/// One page of a conversation's messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    /// Ascending by seq, each as it now reads.
    pub messages: Vec<Message>,
    /// There are more messages beyond this page, in the direction that was asked for.
    pub has_more: bool,
}
