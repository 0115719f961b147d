//! Where `SQLite` differs from what the SQL stores share (`store/sql`).

use sqlx::{Row as _, Sqlite, SqlitePool, Transaction};
use uuid::Uuid;

use super::rows;
use crate::{ConversationId, Head, StoreError, UserId};

pub(super) type Pool = SqlitePool;
pub(super) type Connection = sqlx::SqliteConnection;
pub(super) type Row = sqlx::sqlite::SqliteRow;

/// Takes the write lock at once: a transaction that reads first and writes later could find it gone.
pub(super) async fn begin(pool: &Pool) -> Result<Transaction<'static, Sqlite>, StoreError> {
    Ok(pool.begin_with("BEGIN IMMEDIATE").await?)
}

/// The user, and the place after which the page starts, twice null for the first.
pub(super) const INBOX: &str = "SELECT c.id, c.last_seq, c.oldest_seq, c.marks_revision, c.active_at_us, \
     c.posts - m.own_posts - m.seen_posts AS unread, \
     (SELECT group_concat(hex(o.user_id)) FROM chat_members o WHERE o.conversation = c.n) AS users, e.* \
     FROM chat_members m JOIN chat_conversations c ON c.n = m.conversation \
     LEFT JOIN chat_events e ON e.conversation = c.n AND e.seq = c.last_post_seq AND e.seq >= c.oldest_seq \
     WHERE m.user_id = $1 AND ($2 IS NULL OR (c.active_at_us, c.id) < ($2, $3)) \
     ORDER BY c.active_at_us DESC, c.id DESC LIMIT $4";

pub(super) fn users(row: &Row) -> Result<Vec<UserId>, StoreError> {
    let users: String = row.try_get("users")?;
    let members: Result<Vec<UserId>, _> =
        users.split(',').map(|hex| Uuid::try_parse(hex).map(UserId)).collect();
    let mut members = members.map_err(|error| rows::inconsistent("chat_members.user_id", error))?;
    members.sort_unstable();
    Ok(members)
}

pub(super) async fn heads(pool: &Pool, ids: &[ConversationId]) -> Result<Vec<Head>, StoreError> {
    sqlx::query(
        "SELECT id, last_seq, oldest_seq, marks_revision FROM chat_conversations \
         WHERE id IN (SELECT unhex(value) FROM json_each($1))",
    )
    .bind(hex_list(ids.iter().map(|id| id.0)))
    .fetch_all(pool)
    .await?
    .iter()
    .map(rows::head)
    .collect()
}

/// Due jobs: the writer is alone, so nobody else can take them.
pub(super) const DUE_PUSH: &str =
    "SELECT user_id, conversation FROM chat_push WHERE due_us <= $1 ORDER BY due_us LIMIT $2";

/// Blobs inside JSON travel as hexadecimal text.
pub(super) fn hex(id: Uuid) -> String {
    id.simple().to_string()
}

pub(super) fn hex_list(ids: impl Iterator<Item = Uuid>) -> String {
    let quoted: Vec<String> = ids.map(|id| format!("\"{}\"", hex(id))).collect();
    format!("[{}]", quoted.join(","))
}
