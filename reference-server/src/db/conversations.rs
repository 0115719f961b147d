//! The table `conversations`: which room and which two people a conversation belongs to.

use std::collections::HashSet;

use jiff::Timestamp;
use uuid::Uuid;

use super::{Db, Row, micros};

/// A conversation's place in the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pairing {
    /// The conversation's id.
    pub id: Uuid,
    /// About which room.
    pub room_id: Uuid,
    /// Who pays.
    pub client_id: Uuid,
    /// Whose room it is.
    pub owner_id: Uuid,
}

impl Pairing {
    /// The other of the two; `None` for anyone else.
    pub fn other(&self, user: Uuid) -> Option<Uuid> {
        match user {
            user if user == self.client_id => Some(self.owner_id),
            user if user == self.owner_id => Some(self.client_id),
            _ => None,
        }
    }
}

/// A conversation as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Room and people.
    pub pairing: Pairing,
    /// The room's title.
    pub room_title: String,
    /// The client's name.
    pub client_name: String,
    /// The owner's name.
    pub owner_name: String,
    /// One of the two has blocked the other.
    pub blocked: bool,
}

const LISTED: &str = "c.id, c.room_id, c.client_id, c.owner_id, rooms.title,
    client.name AS client_name, owner.name AS owner_name,
    (SELECT count(*) FROM blocks WHERE blocks.conversation_id = c.id) AS blocks";
const OF_WHOM: &str = "JOIN rooms ON rooms.id = c.room_id
    JOIN users AS client ON client.id = c.client_id
    JOIN users AS owner ON owner.id = c.owner_id";

/// Writes a conversation down, if it is not there yet.
pub async fn ensure(db: &Db, pairing: &Pairing, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO conversations (id, room_id, client_id, owner_id, created_at)
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    db.write(sql)
        .bind(pairing.id)
        .bind(pairing.room_id)
        .bind(pairing.client_id)
        .bind(pairing.owner_id)
        .bind(micros(now))
        .execute()
        .await?;
    Ok(())
}

/// A conversation by its id.
pub async fn lookup(db: &Db, id: Uuid) -> Result<Option<Pairing>, sqlx::Error> {
    let sql = "SELECT id, room_id, client_id, owner_id FROM conversations WHERE id = $1";
    db.read(sql).bind(id).fetch_optional(pairing).await
}

/// A conversation by its id, with the names of its people and its room.
pub async fn lookup_listed(db: &Db, id: Uuid) -> Result<Option<Listed>, sqlx::Error> {
    let sql = format!("SELECT {LISTED} FROM conversations AS c {OF_WHOM} WHERE c.id = $1");
    db.read(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(listed).await
}

/// A conversation by its id, and who of its two has blocked the other.
pub async fn lookup_with_blocks(db: &Db, id: Uuid) -> Result<Option<(Pairing, Vec<Uuid>)>, sqlx::Error> {
    let sql = "SELECT c.id, c.room_id, c.client_id, c.owner_id, b.blocker_id
               FROM conversations AS c LEFT JOIN blocks AS b ON b.conversation_id = c.id WHERE c.id = $1";
    let rows = db.read(sql).bind(id).fetch_all(|row| Ok((pairing(row)?, row.get("blocker_id")?))).await?;
    let Some(&(pairing, _)) = rows.first() else { return Ok(None) };
    Ok(Some((pairing, rows.into_iter().filter_map(|(_, blocker)| blocker).collect())))
}

/// The conversation of a client about a room.
pub async fn lookup_of(db: &Db, room: Uuid, client: Uuid) -> Result<Option<Pairing>, sqlx::Error> {
    let sql =
        "SELECT id, room_id, client_id, owner_id FROM conversations WHERE room_id = $1 AND client_id = $2";
    db.read(sql).bind(room).bind(client).fetch_optional(pairing).await
}

/// All conversations of a user, as client or as owner.
pub async fn list(db: &Db, user: Uuid) -> Result<Vec<Listed>, sqlx::Error> {
    let sql = format!(
        "SELECT {LISTED}
         FROM (SELECT * FROM conversations WHERE client_id = $1
               UNION SELECT * FROM conversations WHERE owner_id = $1) AS c {OF_WHOM}"
    );
    db.read(sqlx::AssertSqlSafe(sql)).bind(user).fetch_all(listed).await
}

/// The conversations of a client about rooms that are not open for them now.
pub async fn closed_to(
    db: &Db,
    client: Uuid,
    subject: &str,
    now: Timestamp,
) -> Result<HashSet<Uuid>, sqlx::Error> {
    let sql = "SELECT c.id FROM conversations AS c JOIN rooms ON rooms.id = c.room_id
               LEFT JOIN paygate_grants AS g ON g.subject = $2 AND g.resource = rooms.resource
                   AND g.ended_at IS NULL AND (g.until_at IS NULL OR g.until_at > $3)
               WHERE c.client_id = $1 AND g.id IS NULL";
    let closed = db.read(sql).bind(client).bind(subject).bind(micros(now));
    Ok(closed.fetch_all(|row| row.get("id")).await?.into_iter().collect())
}

fn listed(row: &Row) -> Result<Listed, sqlx::Error> {
    Ok(Listed {
        pairing: pairing(row)?,
        room_title: row.get("title")?,
        client_name: row.get("client_name")?,
        owner_name: row.get("owner_name")?,
        blocked: row.get::<i64>("blocks")? > 0,
    })
}

pub(super) fn pairing(row: &Row) -> Result<Pairing, sqlx::Error> {
    Ok(Pairing {
        id: row.get("id")?,
        room_id: row.get("room_id")?,
        client_id: row.get("client_id")?,
        owner_id: row.get("owner_id")?,
    })
}
