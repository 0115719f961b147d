//! Where PostgreSQL differs from what the SQL stores share (`store/sql`).

use sqlx::{PgPool, Postgres, Row as _, Transaction};
use uuid::Uuid;

use super::rows;
use crate::{ConversationId, Head, StoreError, UserId};

pub(super) type Pool = PgPool;
pub(super) type Connection = sqlx::PgConnection;
pub(super) type Row = sqlx::postgres::PgRow;

pub(super) async fn begin(pool: &Pool) -> Result<Transaction<'static, Postgres>, StoreError> {
    Ok(pool.begin().await?)
}

/// The user, and the place after which the page starts, twice null for the first.
pub(super) const INBOX: &str = "SELECT c.id, c.last_seq, c.oldest_seq, c.marks_revision, c.active_at_us, \
     c.posts - m.own_posts - m.seen_posts AS unread, \
     (SELECT array_agg(o.user_id ORDER BY o.user_id) FROM chat_members o WHERE o.conversation = c.n) AS users, e.* \
     FROM chat_members m JOIN chat_conversations c ON c.n = m.conversation \
     LEFT JOIN chat_events e ON e.conversation = c.n AND e.seq = c.last_post_seq AND e.seq >= c.oldest_seq \
     WHERE m.user_id = $1 AND ($2::bigint IS NULL OR (c.active_at_us, c.id) < ($2, $3::uuid)) \
     ORDER BY c.active_at_us DESC, c.id DESC LIMIT $4";

pub(super) fn users(row: &Row) -> Result<Vec<UserId>, StoreError> {
    let users: Vec<Uuid> = row.try_get("users")?;
    Ok(users.into_iter().map(UserId).collect())
}

pub(super) async fn heads(pool: &Pool, ids: &[ConversationId]) -> Result<Vec<Head>, StoreError> {
    sqlx::query("SELECT id, last_seq, oldest_seq, marks_revision FROM chat_conversations WHERE id = ANY($1)")
        .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .fetch_all(pool)
        .await?
        .iter()
        .map(rows::head)
        .collect()
}

/// Due jobs that no other node is claiming right now.
pub(super) const DUE_PUSH: &str = "SELECT user_id, conversation FROM chat_push WHERE due_us <= $1 \
     ORDER BY due_us LIMIT $2 FOR UPDATE SKIP LOCKED";
