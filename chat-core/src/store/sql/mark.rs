//! Moving a read mark, within the writer's transaction.

use sqlx::Row as _;

use super::{dialect::Connection, rows};
use crate::{Mark, StoreError, store::group_commit::MarkWish};

pub(super) async fn mark(connection: &mut Connection, wish: MarkWish) -> Result<Mark, StoreError> {
    let conversation =
        sqlx::query("SELECT n, last_seq, posts, marks_revision FROM chat_conversations WHERE id = $1")
            .bind(wish.conversation.0)
            .fetch_optional(&mut *connection)
            .await?
            .ok_or(StoreError::UnknownConversation)?;
    let n: i64 = conversation.try_get("n")?;
    let member = sqlx::query(
        "SELECT read_seq, own_posts, seen_posts FROM chat_members WHERE user_id = $1 AND conversation = $2",
    )
    .bind(wish.user.0)
    .bind(n)
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(StoreError::NotMember)?;

    let others = rows::count(&conversation, "posts")?.saturating_sub(rows::count(&member, "own_posts")?);
    let stood = rows::seq(&member, "read_seq")?;
    let read = wish.read.min(rows::seq(&conversation, "last_seq")?);
    let revision = rows::count(&conversation, "marks_revision")?;
    if read <= stood {
        let unread = others.saturating_sub(rows::count(&member, "seen_posts")?);
        return Ok(Mark { read: stood, advanced: false, unread, revision });
    }
    // Counted from the nearer side: a mark at the head, which is the usual one, looks at no row at all, and one that
    // follows the last one closely at few. Marks only move forward, so all of a member's look at each entry once at most.
    let last = rows::seq(&conversation, "last_seq")?;
    let from_end = last.0 - read.0 < read.0 - stood.0;
    let (after, up_to) = if from_end { (read, last) } else { (stood, read) };
    let counted: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM chat_events WHERE conversation = $1 AND seq > $2 AND seq <= $3 AND kind = 0 AND NOT erased \
         AND sender <> $4",
    )
    .bind(n)
    .bind(rows::number(after))
    .bind(rows::number(up_to))
    .bind(wish.user.0)
    .fetch_one(&mut *connection)
    .await?;
    let counted = counted.unsigned_abs();
    let seen = match from_end {
        true => others.saturating_sub(counted),
        false => rows::count(&member, "seen_posts")?.saturating_add(counted),
    };
    sqlx::query(
        "UPDATE chat_members SET read_seq = $3, seen_posts = $4 WHERE user_id = $1 AND conversation = $2",
    )
    .bind(wish.user.0)
    .bind(n)
    .bind(rows::number(read))
    .bind(i64::try_from(seen).unwrap_or(i64::MAX))
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE chat_conversations SET marks_revision = marks_revision + 1 WHERE n = $1")
        .bind(n)
        .execute(connection)
        .await?;
    Ok(Mark { read, advanced: true, unread: others.saturating_sub(seen), revision: revision + 1 })
}
