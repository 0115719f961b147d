//! How a message looks to a client.

use chat_core::{Conversation, Event, Message, Seq, UserId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::image_of;
use crate::db::conversations::Pairing;

/// A message as the contract has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Message)]
pub struct MessageBody {
    id: Uuid,
    seq: u64,
    room_id: Uuid,
    client_id: Uuid,
    sender_id: Uuid,
    receiver_id: Uuid,
    content: String,
    image: Option<String>,
    /// In pixels, so that there is room for it before it is there; `null` where it is not known.
    image_width: Option<u32>,
    image_height: Option<u32>,
    read_status: bool,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    edited_at: Option<Timestamp>,
    deleted: bool,
    client_message_id: String,
}

impl MessageBody {
    /// A message, given how far its receiver has read.
    pub fn new(pairing: &Pairing, message: Message, receiver_read: Seq) -> Self {
        let sender = message.sender.0;
        let pixels = image_of(&message).and_then(|image| image.pixels());
        Self {
            id: message.id.0,
            seq: message.seq.0,
            room_id: pairing.room_id,
            client_id: pairing.client_id,
            sender_id: sender,
            receiver_id: receiver(pairing, sender),
            content: message.content,
            image: message.image.map(|_| image_url(message.id.0)),
            image_width: pixels.map(|pixels| pixels.width),
            image_height: pixels.map(|pixels| pixels.height),
            read_status: message.seq <= receiver_read,
            timestamp: message.posted_at,
            edited_at: message.edited_at,
            deleted: message.deleted,
            client_message_id: message.client_id.as_str().to_owned(),
        }
    }

    /// A message, given everyone's read marks.
    pub fn of(pairing: &Pairing, message: Message, known: &Conversation) -> Self {
        let reader = UserId(receiver(pairing, message.sender.0));
        let mark = known.members.iter().find(|member| member.user == reader);
        Self::new(pairing, message, mark.map_or(Seq::ZERO, |member| member.read))
    }

    /// A post of the log: who has read it is told by the `read` frames. `None` for other entries.
    pub fn of_post(pairing: &Pairing, event: &Event) -> Option<Self> {
        Message::from_post(event).map(|message| Self::new(pairing, message, Seq::ZERO))
    }
}

/// Where the two members fetch the picture of a message.
pub fn image_url(message: Uuid) -> String {
    format!("/api/messages/{message}/image/")
}

fn receiver(pairing: &Pairing, sender: Uuid) -> Uuid {
    pairing.other(sender).unwrap_or(sender)
}
