//! What an edit or a delete does to its target, within the writer's transaction.

use super::{dialect::Connection, rows};
use crate::{Op, Seq, StoreError, UserId};

/// Changes the target of an entry that was just added to the conversation of number `n`; nothing for a post.
pub(super) async fn change_target(
    connection: &mut Connection,
    n: i64,
    by: UserId,
    at_us: i64,
    op: &Op,
) -> Result<(), StoreError> {
    match op {
        Op::Post { .. } => Ok(()),
        Op::Edit { target, content } => {
            sqlx::query(
                "UPDATE chat_events SET edited_content = $3, edited_at_us = $4 WHERE conversation = $1 AND seq = $2",
            )
            .bind(n)
            .bind(rows::number(*target))
            .bind(content)
            .bind(at_us)
            .execute(connection)
            .await?;
            Ok(())
        }
        Op::Delete { target } => erase(connection, n, by, *target).await,
    }
}

/// The delete itself is in the log already and has no words; the others that speak of the target are its edits.
async fn erase(connection: &mut Connection, n: i64, by: UserId, target: Seq) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE chat_events SET content = '', image = NULL, erased = true, \
         edited_content = CASE WHEN edited_content IS NULL THEN NULL ELSE '' END \
         WHERE conversation = $1 AND kind <> 2 AND (seq = $2 OR target = $2)",
    )
    .bind(n)
    .bind(rows::number(target))
    .execute(&mut *connection)
    .await?;
    // Those who had read it have one post less to have read; for the others one less is unread.
    sqlx::query(
        "UPDATE chat_members SET seen_posts = seen_posts - 1 \
         WHERE conversation = $1 AND user_id <> $2 AND read_seq >= $3",
    )
    .bind(n)
    .bind(by.0)
    .bind(rows::number(target))
    .execute(connection)
    .await?;
    Ok(())
}
