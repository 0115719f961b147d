//! What clients send, and what is answered to one connection alone. Frames for all are in `chat::encoder`.

use std::collections::BTreeMap;

use chat_core::{Appended, ClientMessageId, Command, Limits, Op, Ready, Reset, Seq};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::FRAME_BYTES_MAX;
use crate::chat::Refused;
use crate::db::conversations::Pairing;

/// Read from a client.
#[derive(Debug)]
pub enum Heard {
    /// Something for the engine.
    Command(Command),
    /// To be answered by a pong.
    Ping(Value),
    /// JSON, but not what the contract says: answered, and the connection goes on.
    Bad(ErrorFrame),
    /// Not even a JSON object: the connection ends.
    Garbage,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ClientFrame {
    Message {
        client_message_id: String,
        content: String,
        image: Option<Value>,
    },
    Edit {
        client_message_id: String,
        seq: u64,
        content: String,
    },
    Delete {
        client_message_id: String,
        seq: u64,
    },
    Read {
        up_to: u64,
    },
    Typing,
    Ping {
        #[serde(default)]
        n: Value,
    },
}

/// Reads a text frame.
pub fn read(text: &str) -> Heard {
    let Ok(value @ Value::Object(_)) = serde_json::from_str::<Value>(text) else { return Heard::Garbage };
    let sent_id = value.get("client_message_id").and_then(Value::as_str).map(str::to_owned);
    let Ok(frame) = ClientFrame::deserialize(value) else {
        return Heard::Bad(ErrorFrame::new(
            "invalid_frame",
            "The frame is none of those that are known here.",
            sent_id,
        ));
    };
    let (client_id, op) = match frame {
        ClientFrame::Read { up_to } => return Heard::Command(Command::Read { up_to: Seq(up_to) }),
        ClientFrame::Typing => return Heard::Command(Command::Typing),
        ClientFrame::Ping { n } => return Heard::Ping(n),
        ClientFrame::Message { image: Some(image), .. } if !image.is_null() => {
            return Heard::Bad(ErrorFrame::new("invalid_field", "image: there is no such image.", sent_id));
        }
        ClientFrame::Message { client_message_id, content, .. } => {
            (client_message_id, Op::Post { content, image: None })
        }
        ClientFrame::Edit { client_message_id, seq, content } => {
            (client_message_id, Op::Edit { target: Seq(seq), content })
        }
        ClientFrame::Delete { client_message_id, seq } => {
            (client_message_id, Op::Delete { target: Seq(seq) })
        }
    };
    match ClientMessageId::new(client_id) {
        Ok(client_id) => Heard::Command(Command::Send { client_id, op }),
        Err(error) => {
            Heard::Bad(ErrorFrame::new("invalid_field", &format!("client_message_id: {error}."), sent_id))
        }
    }
}

/// Said to one connection.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    /// The first frame.
    Ready(Box<ReadyFrame>),
    /// The cursor can't be continued.
    Reset { epoch: u64, last_seq: u64, oldest: u64 },
    /// It is on disk.
    Ack { client_message_id: String, id: Uuid, seq: u64, timestamp: Timestamp, duplicate: bool },
    /// It was not done.
    Error(ErrorFrame),
    /// To a ping.
    Pong { n: Value },
    /// Access ended.
    Revoked,
    /// Come back later.
    Bye { retry_ms: u64 },
}

impl Said {
    /// Who is here, and where the log stands.
    pub fn ready(ready: &Ready, pairing: &Pairing, limits: &Limits) -> Self {
        Self::Ready(Box::new(ReadyFrame {
            room_id: pairing.room_id,
            client_id: pairing.client_id,
            epoch: ready.epoch.0,
            last_seq: ready.last.0,
            oldest: ready.oldest.0,
            resumed: ready.resumed,
            read: ready.read.iter().map(|(user, seq)| (user.0, seq.0)).collect(),
            online: ready.online.iter().map(|user| user.0).collect(),
            limits: LimitsFrame {
                content_chars_max: limits.content_chars_max,
                frame_bytes_max: FRAME_BYTES_MAX,
                sends_per_minute: limits.sends_per_minute,
            },
        }))
    }

    /// The log starts over.
    pub fn reset(reset: Reset) -> Self {
        Self::Reset { epoch: reset.epoch.0, last_seq: reset.last.0, oldest: reset.oldest.0 }
    }

    /// Stored.
    pub fn ack(client_id: &ClientMessageId, appended: &Appended) -> Self {
        Self::Ack {
            client_message_id: client_id.as_str().to_owned(),
            id: appended.event.message.0,
            seq: appended.event.seq.0,
            timestamp: appended.event.at,
            duplicate: appended.duplicate,
        }
    }

    /// Refused.
    pub fn refused(refused: Refused, client_id: Option<&ClientMessageId>) -> Self {
        Self::Error(ErrorFrame {
            code: refused.code,
            detail: refused.detail,
            client_message_id: client_id.map(|id| id.as_str().to_owned()),
            retry_ms: refused.retry_ms,
        })
    }
}

/// The first frame.
#[derive(Debug, Serialize)]
pub struct ReadyFrame {
    room_id: Uuid,
    client_id: Uuid,
    epoch: u64,
    last_seq: u64,
    oldest: u64,
    resumed: bool,
    read: BTreeMap<Uuid, u64>,
    online: Vec<Uuid>,
    limits: LimitsFrame,
}

#[derive(Debug, Serialize)]
struct LimitsFrame {
    content_chars_max: usize,
    frame_bytes_max: usize,
    sends_per_minute: Option<u32>,
}

/// What was not done, and whether to try again.
#[derive(Debug, Serialize)]
pub struct ErrorFrame {
    code: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_ms: Option<u64>,
}

impl ErrorFrame {
    /// A final refusal. An id that is longer than any id may be is not sent back.
    fn new(code: &'static str, detail: &str, sent_id: Option<String>) -> Self {
        let client_message_id = sent_id.filter(|id| id.len() <= ClientMessageId::BYTES_MAX);
        Self { code, detail: detail.to_owned(), client_message_id, retry_ms: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_ignored() {
        let heard = read(r#"{"type":"read","up_to":7,"more":[1,{"x":2}]}"#);
        assert!(matches!(heard, Heard::Command(Command::Read { up_to: Seq(7) })));
    }

    #[test]
    fn what_is_no_object_ends_the_connection() {
        for text in ["", "null", "[]", "7", "\"typing\"", "{", "{\"type\":\"typing\"}x", &"[".repeat(10_000)]
        {
            assert!(matches!(read(text), Heard::Garbage), "{text:.20}");
        }
    }

    #[test]
    fn wrong_frames_are_answered_with_their_id() {
        let cases = [
            r#"{"type":"dance","client_message_id":"x"}"#,
            r#"{"client_message_id":"x"}"#,
            r#"{"type":"message","client_message_id":"x"}"#,
            r#"{"type":"message","client_message_id":"x","content":7}"#,
            r#"{"type":"edit","client_message_id":"x","seq":-1,"content":"y"}"#,
            r#"{"type":"delete","client_message_id":"x","seq":1.5}"#,
        ];
        for text in cases {
            let Heard::Bad(error) = read(text) else { panic!("{text} was taken") };
            assert_eq!(
                (error.code, error.client_message_id.as_deref()),
                ("invalid_frame", Some("x")),
                "{text}"
            );
        }
    }

    #[test]
    fn fields_out_of_bounds_are_named() {
        let long = "x".repeat(65);
        let long = format!(r#"{{"type":"message","client_message_id":"{long}","content":"y"}}"#);
        let spaced = r#"{"type":"message","client_message_id":"a b","content":"y"}"#.to_owned();
        let image =
            r#"{"type":"message","client_message_id":"x","content":"y","image":"/etc/passwd"}"#.to_owned();
        for text in [long, spaced, image] {
            let Heard::Bad(error) = read(&text) else { panic!("{text} was taken") };
            assert_eq!(error.code, "invalid_field", "{text}");
            assert!(error.client_message_id.is_none_or(|id| id.len() <= 64));
        }
    }
}
