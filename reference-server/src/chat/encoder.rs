//! The log's entries and the members' states as frames: each is written once, for every connection.

use bytes::Bytes;
use chat_core::{Encoder, Event, Op, State};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::wire::MessageBody;
use crate::db::conversations::Pairing;

/// JSON, as the contract has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Frames;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame<'a> {
    Message { message: MessageBody },
    Edit { seq: u64, target: u64, content: &'a str, edited_at: Timestamp },
    Delete { seq: u64, target: u64 },
    Read { user_id: Uuid, up_to: u64 },
    Typing { user_id: Uuid },
    Presence { user_id: Uuid, online: bool },
}

impl Encoder for Frames {
    type Context = Pairing;

    fn event(&self, pairing: &Pairing, event: &Event) -> Bytes {
        let seq = event.seq.0;
        let frame = match (&event.op, MessageBody::of_post(pairing, event)) {
            (Op::Edit { target, content }, _) => {
                Frame::Edit { seq, target: target.0, content, edited_at: event.at }
            }
            (Op::Delete { target }, _) => Frame::Delete { seq, target: target.0 },
            (Op::Post { .. }, Some(message)) => Frame::Message { message },
            (Op::Post { .. }, None) => return Bytes::new(),
        };
        json(&frame)
    }

    fn state(&self, _: &Pairing, state: &State) -> Bytes {
        json(&match *state {
            State::Read { user, up_to } => Frame::Read { user_id: user.0, up_to: up_to.0 },
            State::Typing { user } => Frame::Typing { user_id: user.0 },
            State::Presence { user, online } => Frame::Presence { user_id: user.0, online },
        })
    }
}

/// These types always have a JSON form; an empty frame would be the sign of a bug, and is logged as one.
fn json(frame: &Frame<'_>) -> Bytes {
    serde_json::to_vec(frame).map(Bytes::from).unwrap_or_else(|error| {
        tracing::error!(%error, "a frame can't be written as JSON");
        Bytes::new()
    })
}
