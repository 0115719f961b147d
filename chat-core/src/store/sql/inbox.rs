//! A user's inbox and unread counts.

use sqlx::Row as _;

use super::{
    dialect::{INBOX, Pool, Row, users},
    rows,
};
use crate::{InboxCursor, InboxEntry, StoreError, UserId};

pub(super) async fn inbox(
    pool: &Pool,
    user: UserId,
    after: Option<InboxCursor>,
    limit: u32,
) -> Result<Vec<InboxEntry>, StoreError> {
    let found = sqlx::query(INBOX)
        .bind(user.0)
        .bind(after.map(|cursor| cursor.active_at.as_microsecond()))
        .bind(after.map(|cursor| cursor.conversation.0))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    found.iter().map(entry).collect()
}

pub(super) async fn unread(pool: &Pool, user: UserId) -> Result<u64, StoreError> {
    let total: i64 = sqlx::query_scalar(
        "SELECT CAST(coalesce(sum(c.posts - m.own_posts - m.seen_posts), 0) AS bigint) \
         FROM chat_members m JOIN chat_conversations c ON c.n = m.conversation WHERE m.user_id = $1",
    )
    .bind(user.0)
    .fetch_one(pool)
    .await?;
    u64::try_from(total).map_err(|error| rows::inconsistent("chat_members.seen_posts", error))
}

fn entry(row: &Row) -> Result<InboxEntry, StoreError> {
    let head = rows::head(row)?;
    let has_posts = row.try_get::<Option<i64>, _>("seq")?.is_some();
    Ok(InboxEntry {
        head,
        members: users(row)?,
        unread: rows::count(row, "unread")?,
        last_message: if has_posts { Some(rows::message(row, head.conversation)?) } else { None },
        active_at: rows::instant(row, "active_at_us")?,
    })
}
