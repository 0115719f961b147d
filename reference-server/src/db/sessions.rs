//! The table `sessions`: who is signed in, by the hash of a token that only the browser has.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::users::{User, user};
use super::{Db, Row, instant, micros};
use crate::auth::TokenHash;

/// How long a session that was ended stays in the table.
const KEPT_HOURS: i64 = 1;

/// Live sessions of an account at most: beyond that, the oldest end.
pub const SESSIONS_MAX: u32 = 50;

/// A session to be started.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// Its name for its owner.
    pub id: Uuid,
    /// What the browser has, hashed.
    pub token: &'a TokenHash,
    /// Whose it is.
    pub user: Uuid,
    /// The kind of device, such as `Firefox on Linux`; may be empty.
    pub device: &'a str,
    /// Until when it lasts.
    pub until: Timestamp,
}

/// A session that has not ended, as its owner sees it.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its name.
    pub id: Uuid,
    /// The kind of device; may be empty.
    pub device: String,
    /// When it was started.
    pub created_at: Timestamp,
    /// Until when it lasts.
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Writes a session down.
pub async fn add(db: &Db, new: &NewSession<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO sessions (token_hash, user_id, created_at, expires_at, id, device)
               VALUES ($1, $2, $3, $4, $5, $6)";
    let adding = db.write(sql).bind(new.token.as_bytes()).bind(new.user).bind(micros(now));
    adding.bind(micros(new.until)).bind(new.id).bind(new.device).execute().await?;
    let sql =
        "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND token_hash NOT IN
               (SELECT token_hash FROM sessions WHERE user_id = $1 AND ended_at IS NULL
                ORDER BY created_at DESC LIMIT $3)";
    db.write(sql).bind(new.user).bind(micros(now)).bind(i64::from(SESSIONS_MAX)).execute().await?;
    Ok(())
}

/// The account's sessions that have not ended, newest first.
pub async fn list(
    db: &Db,
    user: Uuid,
    asking: &TokenHash,
    now: Timestamp,
) -> Result<Vec<Session>, sqlx::Error> {
    let sql = "SELECT id, device, created_at, expires_at, token_hash FROM sessions
               WHERE user_id = $1 AND expires_at > $2 AND ended_at IS NULL ORDER BY created_at DESC LIMIT $3";
    let read = |row: &Row| {
        Ok(Session {
            id: row.get("id")?,
            device: row.get("device")?,
            created_at: instant(row.get("created_at")?)?,
            expires_at: instant(row.get("expires_at")?)?,
            current: row.get::<&[u8]>("token_hash")? == asking.as_bytes(),
        })
    };
    db.read(sql).bind(user).bind(micros(now)).bind(i64::from(SESSIONS_MAX)).fetch_all(read).await
}

/// Ends one of the account's own sessions; `false` when there is none of that name.
pub async fn end_one(db: &Db, user: Uuid, id: Uuid, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE sessions SET ended_at = $3 WHERE id = $2 AND user_id = $1 AND ended_at IS NULL";
    Ok(db.write(sql).bind(user).bind(id).bind(micros(now)).execute().await? == 1)
}

/// Ends the account's sessions but the one that asks; how many there were.
pub async fn end_others(db: &Db, user: Uuid, asking: &TokenHash, now: Timestamp) -> Result<u64, sqlx::Error> {
    let sql =
        "UPDATE sessions SET ended_at = $3 WHERE user_id = $1 AND token_hash <> $2 AND ended_at IS NULL";
    db.write(sql).bind(user).bind(asking.as_bytes()).bind(micros(now)).execute().await
}

/// Ends all of the account's sessions, and forgets on which devices they were.
pub async fn end_all(db: &Db, user: Uuid, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE sessions SET ended_at = coalesce(ended_at, $2), device = '' WHERE user_id = $1";
    db.write(sql).bind(user).bind(micros(now)).execute().await?;
    Ok(())
}

/// The account of a session that has not ended, unless it is suspended: whoever signed in just before has no session
/// all the same.
pub async fn lookup_user(db: &Db, token: &TokenHash, now: Timestamp) -> Result<Option<User>, sqlx::Error> {
    let sql = "SELECT users.id, role, name, phone FROM sessions JOIN users ON users.id = sessions.user_id
               WHERE token_hash = $1 AND expires_at > $2 AND ended_at IS NULL AND suspended_at IS NULL";
    db.read(sql).bind(token.as_bytes()).bind(micros(now)).fetch_optional(user).await
}

/// Until when a session stands that stands now, by the hash of its token.
pub async fn live_until(
    db: &Db,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let sql = "SELECT expires_at FROM sessions JOIN users ON users.id = sessions.user_id
               WHERE token_hash = $1 AND expires_at > $2 AND ended_at IS NULL AND suspended_at IS NULL";
    db.read(sql)
        .bind(token_hash)
        .bind(micros(now))
        .fetch_optional(|row| instant(row.get("expires_at")?))
        .await
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
