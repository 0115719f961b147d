//! The table `push_subscriptions`: which browsers are told of messages. Each belongs to the session in which it was
//! asked for and ends with it, so that nobody is told on a device where they logged out. And the table `push_told`:
//! which of them have been told of what, for as long as others have not.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Db, Row, instant, micros};
use crate::auth::TokenHash;
use crate::push::SUBSCRIPTIONS_MAX;
use crate::ui::Lang;

/// A browser that asks to be told.
#[derive(Debug)]
pub struct NewSubscription<'a> {
    /// SHA-256 of the endpoint, its name here.
    pub endpoint_hash: &'a [u8],
    /// Where messages go; who has it can send to it, so no log has it.
    pub endpoint: &'a str,
    /// The browser's key.
    pub p256dh: &'a [u8],
    /// The browser's secret.
    pub auth: &'a [u8],
    /// What it is told in.
    pub lang: Lang,
}

/// A browser that is told.
#[derive(Clone)]
pub struct Subscription {
    /// SHA-256 of the endpoint.
    pub endpoint_hash: Vec<u8>,
    /// Where messages go.
    pub endpoint: String,
    /// The browser's key.
    pub p256dh: Vec<u8>,
    /// The browser's secret.
    pub auth: Vec<u8>,
    /// What it is told in.
    pub lang: Lang,
    /// Before that instant its push service takes nothing.
    pub retry_at: Option<Timestamp>,
    /// Up to where it has been told of the conversation, while others had to wait.
    pub told_seq: Option<i64>,
}

/// Writes a browser down for the session. One that was somebody else's is theirs no more, and beyond the limit the
/// account's oldest ones go.
pub async fn put(
    db: &Db,
    session: &TokenHash,
    user: Uuid,
    new: &NewSubscription<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO push_subscriptions
                   (endpoint_hash, endpoint, session_token_hash, p256dh, auth, lang, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)
               ON CONFLICT (endpoint_hash) DO UPDATE SET
                   session_token_hash = excluded.session_token_hash, p256dh = excluded.p256dh,
                   auth = excluded.auth, lang = excluded.lang, created_at = excluded.created_at";
    let adding = db.write(sql).bind(new.endpoint_hash).bind(new.endpoint).bind(session.as_bytes());
    let adding = adding.bind(new.p256dh).bind(new.auth).bind(new.lang.code());
    adding.bind(micros(now)).execute().await?;
    let sql = "DELETE FROM push_subscriptions
               WHERE session_token_hash IN (SELECT token_hash FROM sessions WHERE user_id = $1)
                   AND endpoint_hash NOT IN
                       (SELECT endpoint_hash FROM push_subscriptions JOIN sessions ON token_hash = session_token_hash
                        WHERE user_id = $1 ORDER BY push_subscriptions.created_at DESC LIMIT $2)";
    db.write(sql).bind(user).bind(i64::from(SUBSCRIPTIONS_MAX)).execute().await?;
    Ok(())
}

/// The browsers of an account that are still logged in, and what they know of the conversation.
pub async fn of(
    db: &Db,
    user: Uuid,
    conversation: Uuid,
    now: Timestamp,
) -> Result<Vec<Subscription>, sqlx::Error> {
    let sql = "SELECT p.endpoint_hash, p.endpoint, p.p256dh, p.auth, p.lang, p.retry_at, told.seq
               FROM sessions JOIN push_subscriptions AS p ON p.session_token_hash = sessions.token_hash
               LEFT JOIN push_told AS told
                   ON told.endpoint_hash = p.endpoint_hash AND told.conversation_id = $2
               WHERE sessions.user_id = $1 AND expires_at > $3 AND ended_at IS NULL
               ORDER BY p.created_at DESC LIMIT $4";
    let reading = db.read(sql).bind(user).bind(conversation).bind(micros(now));
    reading.bind(i64::from(SUBSCRIPTIONS_MAX)).fetch_all(subscription).await
}

/// The names of the session's browsers (one, as a rule) with the languages that they are told in.
pub async fn of_session(db: &Db, session: &TokenHash) -> Result<Vec<(Vec<u8>, Lang)>, sqlx::Error> {
    let sql = "SELECT endpoint_hash, lang FROM push_subscriptions
               WHERE session_token_hash = $1 ORDER BY created_at DESC LIMIT $2";
    let read = |row: &Row| Ok((row.get("endpoint_hash")?, lang(row)?));
    db.read(sql).bind(session.as_bytes()).bind(i64::from(SUBSCRIPTIONS_MAX)).fetch_all(read).await
}

/// Takes one of the account's browsers out; where there is none it is the same.
pub async fn remove_own(db: &Db, user: Uuid, endpoint_hash: &[u8]) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM push_subscriptions WHERE endpoint_hash = $1
                   AND session_token_hash IN (SELECT token_hash FROM sessions WHERE user_id = $2)";
    db.write(sql).bind(endpoint_hash).bind(user).execute().await.map(drop)
}

/// Takes a browser out that its push service knows no more.
pub async fn remove(db: &Db, endpoint_hash: &[u8]) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM push_subscriptions WHERE endpoint_hash = $1";
    db.write(sql).bind(endpoint_hash).execute().await.map(drop)
}

/// Its push service takes nothing before this instant.
pub async fn put_off(db: &Db, endpoint_hash: &[u8], retry_at: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE push_subscriptions SET retry_at = $2 WHERE endpoint_hash = $1";
    db.write(sql).bind(endpoint_hash).bind(micros(retry_at)).execute().await.map(drop)
}

/// It knows of the conversation up to there, and others of the account don't yet.
pub async fn remember_told(
    db: &Db,
    endpoint_hash: &[u8],
    conversation: Uuid,
    seq: i64,
) -> Result<(), sqlx::Error> {
    // Not where its service said meanwhile that it is gone.
    let sql = "INSERT INTO push_told (endpoint_hash, conversation_id, seq)
               SELECT endpoint_hash, $2, $3 FROM push_subscriptions WHERE endpoint_hash = $1
               ON CONFLICT (endpoint_hash, conversation_id) DO UPDATE SET seq = excluded.seq";
    db.write(sql).bind(endpoint_hash).bind(conversation).bind(seq).execute().await.map(drop)
}

/// Nobody of the account waits any more to be told of the conversation.
pub async fn forget_told(db: &Db, user: Uuid, conversation: Uuid) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM push_told WHERE conversation_id = $2 AND endpoint_hash IN
                   (SELECT endpoint_hash FROM push_subscriptions JOIN sessions ON token_hash = session_token_hash
                    WHERE user_id = $1)";
    db.write(sql).bind(user).bind(conversation).execute().await.map(drop)
}

/// Removes those whose session has ended; from that instant on they were told nothing.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "DELETE FROM push_subscriptions WHERE session_token_hash IN
                   (SELECT token_hash FROM sessions WHERE expires_at <= $1 OR ended_at IS NOT NULL)";
    db.write(sql).bind(micros(now)).execute().await
}

fn subscription(row: &Row) -> Result<Subscription, sqlx::Error> {
    let retry_at: Option<i64> = row.get("retry_at")?;
    Ok(Subscription {
        endpoint_hash: row.get("endpoint_hash")?,
        endpoint: row.get("endpoint")?,
        p256dh: row.get("p256dh")?,
        auth: row.get("auth")?,
        lang: lang(row)?,
        retry_at: retry_at.map(instant).transpose()?,
        told_seq: row.get("seq")?,
    })
}

fn lang(row: &Row) -> Result<Lang, sqlx::Error> {
    Ok(Lang::of_code(row.get("lang")?).unwrap_or_default())
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}
