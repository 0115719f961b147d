//! The table `sessions`: who is signed in, by the hash of a token that only the browser has.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::users::{User, user};
use super::{Db, micros};
use crate::auth::TokenHash;

/// How long a session that was ended stays in the table.
const KEPT_HOURS: i64 = 1;

/// Writes a session down.
pub async fn add(
    db: &Db,
    token: &TokenHash,
    user: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    db.write(sql).bind(token.as_bytes()).bind(user).bind(micros(now)).bind(micros(until)).execute().await?;
    Ok(())
}

/// The account of a session that has not ended.
pub async fn lookup_user(db: &Db, token: &TokenHash, now: Timestamp) -> Result<Option<User>, sqlx::Error> {
    let sql = "SELECT users.id, role, name, phone FROM sessions JOIN users ON users.id = sessions.user_id
               WHERE token_hash = $1 AND expires_at > $2 AND ended_at IS NULL";
    db.read(sql).bind(token.as_bytes()).bind(micros(now)).fetch_optional(user).await
}

/// Whether a session still stands, by the hash of its token.
pub async fn is_live(db: &Db, token_hash: &[u8], now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "SELECT 1 FROM sessions WHERE token_hash = $1 AND expires_at > $2 AND ended_at IS NULL";
    Ok(db.read(sql).bind(token_hash).bind(micros(now)).fetch_optional(|_| Ok(())).await?.is_some())
}

/// Ends a session; ending it twice is the same.
pub async fn end(db: &Db, token: &TokenHash, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE sessions SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL";
    db.write(sql).bind(token.as_bytes()).bind(micros(now)).execute().await?;
    Ok(())
}

/// Whose sessions were ended since then, on whatever server.
pub async fn ended_since(db: &Db, since: Timestamp) -> Result<Vec<Uuid>, sqlx::Error> {
    let sql = "SELECT DISTINCT user_id FROM sessions WHERE ended_at >= $1";
    db.read(sql).bind(micros(since)).fetch_all(|row| row.get("user_id")).await
}

/// Removes what has expired, and what was ended so long ago that every server knows, so that the table doesn't grow
/// for ever.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<u64, sqlx::Error> {
    let known = now.checked_sub(SignedDuration::from_hours(KEPT_HOURS)).unwrap_or(now);
    let sql = "DELETE FROM sessions WHERE expires_at <= $1 OR ended_at <= $2";
    db.write(sql).bind(micros(now)).bind(micros(known)).execute().await
}
