//! Reading a log, and messages as they now read.

use sqlx::Row as _;

use super::{
    dialect::{Pool, Row},
    rows,
};
use crate::{ConversationId, Event, HistoryPage, Message, MessageId, Page, Seq, StoreError};

pub(super) async fn log(
    pool: &Pool,
    conversation: ConversationId,
    page: Page,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let sql = match page {
        Page::After(_) => {
            "SELECT * FROM chat_events WHERE conversation = $1 AND seq > $2 AND seq < $4 ORDER BY seq LIMIT $3"
        }
        Page::Before(_) => {
            "SELECT * FROM chat_events WHERE conversation = $1 AND seq < $2 AND seq >= $4 ORDER BY seq DESC LIMIT $3"
        }
    };
    let found = read(pool, sql, conversation, page, i64::from(limit)).await?;
    found.iter().map(|row| rows::event(row, conversation)).collect()
}

pub(super) async fn history(
    pool: &Pool,
    conversation: ConversationId,
    page: Page,
    limit: u32,
) -> Result<HistoryPage, StoreError> {
    let sql = match page {
        Page::After(_) => {
            "SELECT * FROM chat_events WHERE conversation = $1 AND kind = 0 AND seq > $2 AND seq < $4 ORDER BY seq LIMIT $3"
        }
        Page::Before(_) => {
            "SELECT * FROM chat_events WHERE conversation = $1 AND kind = 0 AND seq < $2 AND seq >= $4 ORDER BY seq DESC LIMIT $3"
        }
    };
    let mut found = read(pool, sql, conversation, page, i64::from(limit) + 1).await?;
    // One more than asked for was read, to know whether there is more: it lies at the far end.
    let has_more = found.len() > limit as usize;
    if has_more {
        match page {
            Page::After(_) => found.truncate(limit as usize),
            Page::Before(_) => drop(found.remove(0)),
        }
    }
    let messages: Result<_, StoreError> = found.iter().map(|row| rows::message(row, conversation)).collect();
    Ok(HistoryPage { messages: messages?, has_more })
}

pub(super) async fn message(pool: &Pool, id: MessageId) -> Result<Option<Message>, StoreError> {
    let found = sqlx::query(
        "SELECT e.*, c.id AS conversation_id FROM chat_events e JOIN chat_conversations c ON c.n = e.conversation \
         WHERE e.message = $1 AND e.kind = 0 AND e.seq >= c.oldest_seq",
    )
    .bind(id.0)
    .fetch_optional(pool)
    .await?;
    found
        .map(|row| {
            let conversation = ConversationId(rows::uuid(&row, "conversation_id")?);
            rows::message(&row, conversation)
        })
        .transpose()
}

/// The page in ascending order.
async fn read(
    pool: &Pool,
    sql: &'static str,
    conversation: ConversationId,
    page: Page,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let known = sqlx::query("SELECT n, oldest_seq FROM chat_conversations WHERE id = $1")
        .bind(conversation.0)
        .fetch_optional(pool)
        .await?
        .ok_or(StoreError::UnknownConversation)?;
    // One bound is the caller's, the other keeps out what was purged.
    let oldest = rows::seq(&known, "oldest_seq")?;
    let (bound, other_bound) = match page {
        Page::After(after) => (after.max(oldest.previous()), Seq(u64::MAX)),
        Page::Before(before) => (before, oldest),
    };
    let mut found = sqlx::query(sql)
        .bind(known.try_get::<i64, _>("n")?)
        .bind(rows::number(bound))
        .bind(limit)
        .bind(rows::number(other_bound))
        .fetch_all(pool)
        .await?;
    if matches!(page, Page::Before(_)) {
        found.reverse();
    }
    Ok(found)
}
