//! Which rooms a client has unlocked. Only the ids are read here, from paygate's table in the same database; what a
//! grant opens is asked of paygate.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Db, Row, instant, micros};

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
