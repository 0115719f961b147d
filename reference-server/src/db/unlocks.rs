//! Which rooms a client has unlocked. Only the ids are read here, from paygate's table in the same database; what a
//! grant opens is asked of paygate.

use jiff::Timestamp;
use paygate::SubjectId;
use uuid::Uuid;

use super::{Db, Row, instant, micros};
use crate::payments::user_of;

/// A room that is open for a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlock {
    /// The room.
    pub room: Uuid,
    /// Since when.
    pub at: Timestamp,
    /// The grant's id, which orders two of one instant.
    pub grant: String,
}

/// At most `max` rooms that are open for a payer now, the newest unlock first, before a place.
pub async fn of_subject(
    db: &Db,
    subject: &str,
    before: Option<(Timestamp, &str)>,
    now: Timestamp,
    max: u32,
) -> Result<Vec<Unlock>, sqlx::Error> {
    let sql = "SELECT rooms.id AS room, g.from_at, g.id
               FROM paygate_grants AS g JOIN rooms ON rooms.resource = g.resource
               WHERE g.subject = $1 AND g.ended_at IS NULL AND (g.until_at IS NULL OR g.until_at > $2)
                   AND (g.from_at, g.id) < ($3, $4)
               ORDER BY g.from_at DESC, g.id DESC LIMIT $5";
    let (before_at, before_id) = before.map_or((i64::MAX, ""), |(at, id)| (micros(at), id));
    db.read(sql)
        .bind(subject)
        .bind(micros(now))
        .bind(before_at)
        .bind(before_id)
        .bind(i64::from(max))
        .fetch_all(unlock)
        .await
}

/// Every room that is open for a payer now.
pub async fn rooms_of_subject(db: &Db, subject: &str, now: Timestamp) -> Result<Vec<Uuid>, sqlx::Error> {
    let sql = "SELECT rooms.id FROM paygate_grants AS g JOIN rooms ON rooms.resource = g.resource
               WHERE g.subject = $1 AND g.ended_at IS NULL AND (g.until_at IS NULL OR g.until_at > $2)";
    db.read(sql).bind(subject).bind(micros(now)).fetch_all(|row| row.get("id")).await
}

/// Which of an owner's rooms are open for which clients now.
pub async fn of_owner(db: &Db, owner: Uuid, now: Timestamp) -> Result<Vec<(Uuid, Uuid)>, sqlx::Error> {
    let sql = "SELECT rooms.id, g.subject FROM paygate_grants AS g JOIN rooms ON rooms.resource = g.resource
               WHERE rooms.owner_id = $1 AND g.ended_at IS NULL AND (g.until_at IS NULL OR g.until_at > $2)";
    let read = |row: &Row| Ok((row.get("id")?, row.get::<String>("subject")?));
    let open = db.read(sql).bind(owner).bind(micros(now)).fetch_all(read).await?;
    let client = |subject| SubjectId::new(subject).ok().and_then(|subject| user_of(&subject));
    Ok(open.into_iter().filter_map(|(room, subject)| Some((room, client(subject)?))).collect())
}

/// How many clients a room is open for now.
pub async fn count_of_room(db: &Db, room: Uuid, now: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "SELECT count(*) AS unlocks FROM paygate_grants AS g JOIN rooms ON rooms.resource = g.resource
               WHERE rooms.id = $1 AND g.ended_at IS NULL AND (g.until_at IS NULL OR g.until_at > $2)";
    let count = db.read(sql).bind(room).bind(micros(now));
    let count = count.fetch_optional(|row| row.get::<i64>("unlocks")).await?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

fn unlock(row: &Row) -> Result<Unlock, sqlx::Error> {
    Ok(Unlock { room: row.get("room")?, at: instant(row.get("from_at")?)?, grant: row.get("id")? })
}
