//! Rows become domain values here; what contradicts itself becomes an error.

use jiff::Timestamp;
use sqlx::Row as _;
use uuid::Uuid;

use super::dialect::Row;
use crate::{
    ClientMessageId, ConversationId, Event, Head, Message, MessageId, Op, OpKind, Seq, StoreError, UserId,
};

const POST: i16 = 0;
const EDIT: i16 = 1;
const DELETE: i16 = 2;

pub(super) fn kind_number(kind: OpKind) -> i16 {
    match kind {
        OpKind::Post => POST,
        OpKind::Edit => EDIT,
        OpKind::Delete => DELETE,
    }
}

pub(super) fn seq(row: &Row, column: &'static str) -> Result<Seq, StoreError> {
    count(row, column).map(Seq)
}

pub(super) fn count(row: &Row, column: &'static str) -> Result<u64, StoreError> {
    let number: i64 = row.try_get(column)?;
    u64::try_from(number).map_err(|error| inconsistent(column, error))
}

pub(super) fn instant(row: &Row, column: &'static str) -> Result<Timestamp, StoreError> {
    let at_us: i64 = row.try_get(column)?;
    Timestamp::from_microsecond(at_us).map_err(|error| inconsistent(column, error))
}

pub(super) fn uuid(row: &Row, column: &'static str) -> Result<Uuid, StoreError> {
    Ok(row.try_get(column)?)
}

/// As a number that a database can hold: a seq beyond that is beyond every log.
pub(super) fn number(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

/// Needs `id`, `last_seq`, `oldest_seq` and `marks_revision`.
pub(super) fn head(row: &Row) -> Result<Head, StoreError> {
    Ok(Head {
        conversation: ConversationId(uuid(row, "id")?),
        last: seq(row, "last_seq")?,
        oldest: seq(row, "oldest_seq")?,
        marks_revision: count(row, "marks_revision")?,
    })
}

/// Needs all columns of `chat_events`.
pub(super) fn event(row: &Row, conversation: ConversationId) -> Result<Event, StoreError> {
    let content: String = row.try_get("content")?;
    let op = match row.try_get::<i16, _>("kind")? {
        POST => Op::Post { content, image: row.try_get("image")? },
        EDIT => Op::Edit { target: seq(row, "target")?, content },
        DELETE => Op::Delete { target: seq(row, "target")? },
        _ => return Err(StoreError::Inconsistent { what: "chat_events.kind", source: None }),
    };
    Ok(Event {
        conversation,
        seq: seq(row, "seq")?,
        message: MessageId(uuid(row, "message")?),
        by: UserId(uuid(row, "sender")?),
        client_id: client_id(row)?,
        at: instant(row, "at_us")?,
        op,
        erased: row.try_get("erased")?,
    })
}

/// A post as it now reads. Needs all columns of `chat_events`.
pub(super) fn message(row: &Row, conversation: ConversationId) -> Result<Message, StoreError> {
    let edited: Option<String> = row.try_get("edited_content")?;
    let edited_at_us: Option<i64> = row.try_get("edited_at_us")?;
    let edited_at = match edited_at_us {
        Some(_) => Some(instant(row, "edited_at_us")?),
        None => None,
    };
    Ok(Message {
        id: MessageId(uuid(row, "message")?),
        conversation,
        seq: seq(row, "seq")?,
        sender: UserId(uuid(row, "sender")?),
        content: match edited {
            Some(edited) => edited,
            None => row.try_get("content")?,
        },
        image: row.try_get("image")?,
        posted_at: instant(row, "at_us")?,
        edited_at,
        deleted: row.try_get("erased")?,
        client_id: client_id(row)?,
    })
}

pub(super) fn inconsistent(
    what: &'static str,
    source: impl std::error::Error + Send + Sync + 'static,
) -> StoreError {
    StoreError::Inconsistent { what, source: Some(Box::new(source)) }
}

fn client_id(row: &Row) -> Result<ClientMessageId, StoreError> {
    let text: String = row.try_get("client_id")?;
    ClientMessageId::new(text).map_err(|error| inconsistent("chat_events.client_id", error))
}
