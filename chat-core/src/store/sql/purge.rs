//! Ending the life of old entries: their words go, their ids stay, so that a late retry is still known.

use sqlx::Row as _;

use super::{
    dialect::{Connection, Pool, begin},
    rows,
};
use crate::{ConversationId, Seq, StoreError};

pub(super) async fn purge(writer: &Pool, id: ConversationId, up_to: Seq) -> Result<u64, StoreError> {
    let mut transaction = begin(writer).await?;
    // An update that changes nothing, for its lock: no append comes in between.
    let known = sqlx::query(
        "UPDATE chat_conversations SET oldest_seq = oldest_seq WHERE id = $1 RETURNING n, last_seq, oldest_seq",
    )
    .bind(id.0)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(StoreError::UnknownConversation)?;
    let oldest = rows::seq(&known, "oldest_seq")?;
    let up_to = up_to.min(rows::seq(&known, "last_seq")?);
    if up_to < oldest {
        return Ok(0);
    }
    let bounds = (known.try_get("n")?, rows::number(oldest), rows::number(up_to));
    uncount(&mut transaction, bounds).await?;
    erase(&mut transaction, bounds).await?;
    transaction.commit().await?;
    Ok(up_to.0 - oldest.0 + 1)
}

/// What can't be read any more is not unread either.
async fn uncount(connection: &mut Connection, (n, from, to): (i64, i64, i64)) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE chat_members SET \
         own_posts = own_posts - (SELECT count(*) FROM chat_events e WHERE e.conversation = $1 \
             AND e.seq BETWEEN $2 AND $3 AND e.kind = 0 AND NOT e.erased AND e.sender = user_id), \
         seen_posts = seen_posts - (SELECT count(*) FROM chat_events e WHERE e.conversation = $1 \
             AND e.seq BETWEEN $2 AND $3 AND e.kind = 0 AND NOT e.erased AND e.sender <> user_id \
             AND e.seq <= read_seq) \
         WHERE conversation = $1",
    )
    .bind(n)
    .bind(from)
    .bind(to)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE chat_conversations SET oldest_seq = $3 + 1, posts = posts - (SELECT count(*) FROM chat_events e \
             WHERE e.conversation = $1 AND e.seq BETWEEN $2 AND $3 AND e.kind = 0 AND NOT e.erased) \
         WHERE n = $1",
    )
    .bind(n)
    .bind(from)
    .bind(to)
    .execute(connection)
    .await?;
    Ok(())
}

/// Later edits of what is gone go with it.
async fn erase(connection: &mut Connection, (n, from, to): (i64, i64, i64)) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE chat_events SET content = '', image = NULL, erased = true, edited_content = NULL, edited_at_us = NULL \
         WHERE conversation = $1 AND (seq BETWEEN $2 AND $3 OR (target BETWEEN $2 AND $3 AND kind = 1))",
    )
    .bind(n)
    .bind(from)
    .bind(to)
    .execute(connection)
    .await?;
    Ok(())
}
