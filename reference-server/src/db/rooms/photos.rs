//! The table `room_photos`. Those that an owner marked private are read only with the proof that opens the contact
//! details as well.

use uuid::Uuid;

use super::contact::{ContactProof, OwnRoom};
use super::{Db, LISTED, Row};
use crate::photos::{Audience, PHOTOS_MAX, PhotoName};

/// A photo, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Where it is.
    pub url: String,
    /// Its name in the photos' folder; `None` for one that came with the program.
    pub name: Option<String>,
    /// Only for who has paid.
    pub private: bool,
}

/// Adds a photo behind those that the room has; `false` when it has as many as it may.
pub async fn add(
    db: &Db,
    room: Uuid,
    url: &str,
    name: &PhotoName,
    audience: Audience,
) -> Result<bool, sqlx::Error> {
    insert(db, room, url, Some(name), audience).await
}

/// Adds a photo that came with the program, for everybody.
pub async fn add_static(db: &Db, room: Uuid, url: &str) -> Result<bool, sqlx::Error> {
    insert(db, room, url, None, Audience::Everybody).await
}

async fn insert(
    db: &Db,
    room: Uuid,
    url: &str,
    name: Option<&PhotoName>,
    audience: Audience,
) -> Result<bool, sqlx::Error> {
    let sql = "INSERT INTO room_photos (room_id, position, url, name, private)
        SELECT $1, coalesce(max(position), 0) + 1, $2, $3, $4 FROM room_photos WHERE room_id = $1
        HAVING count(*) < $5";
    let added = db
        .write(sql)
        .bind(room)
        .bind(url)
        .bind(name.map(PhotoName::as_str))
        .bind(code(audience))
        .bind(i64::from(PHOTOS_MAX))
        .execute()
        .await?;
    Ok(added == 1)
}

/// All photos of one's own room, in their order.
pub async fn all(db: &Db, own: &OwnRoom) -> Result<Vec<Photo>, sqlx::Error> {
    let sql = "SELECT url, name, private FROM room_photos WHERE room_id = $1 ORDER BY position";
    db.read(sql).bind(own.room()).fetch_all(photo).await
}

/// The private photos of the room that the proof is for, in their order.
pub async fn private(db: &Db, proof: &ContactProof) -> Result<Vec<Photo>, sqlx::Error> {
    let Some(room) = proof.room() else { return Ok(Vec::new()) };
    let sql =
        "SELECT url, name, private FROM room_photos WHERE room_id = $1 AND private = 1 ORDER BY position";
    db.read(sql).bind(room).fetch_all(photo).await
}

/// Whether the proof opens a private photo of this name: it must be the proof's own room's.
pub async fn opens(db: &Db, proof: &ContactProof, name: &PhotoName) -> Result<bool, sqlx::Error> {
    let Some(room) = proof.room() else { return Ok(false) };
    let sql = "SELECT 1 FROM room_photos WHERE room_id = $1 AND name = $2 AND private = 1";
    Ok(db.read(sql).bind(room).bind(name.as_str()).fetch_optional(|_| Ok(())).await?.is_some())
}

/// Whose photo for everybody this is, and whether everybody finds that room.
pub async fn room_of(db: &Db, name: &PhotoName) -> Result<Option<(Uuid, bool)>, sqlx::Error> {
    let sql = format!(
        "SELECT rooms.id, (SELECT count(*) FROM users WHERE users.id = rooms.owner_id AND {LISTED}) AS listed
         FROM room_photos JOIN rooms ON rooms.id = room_photos.room_id
         WHERE room_photos.name = $1 AND private = 0"
    );
    let read = |row: &Row| Ok((row.get("id")?, row.get::<i64>("listed")? > 0));
    db.read(sqlx::AssertSqlSafe(sql)).bind(name.as_str()).fetch_optional(read).await
}

/// How many photos of a room are private: that there are some, everybody may know.
pub async fn count_private(db: &Db, room: Uuid) -> Result<u64, sqlx::Error> {
    let sql = "SELECT count(*) AS photos FROM room_photos WHERE room_id = $1 AND private = 1";
    let count = db.read(sql).bind(room).fetch_optional(|row| row.get::<i64>("photos")).await?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

/// A photo of one's own room.
pub async fn one(db: &Db, own: &OwnRoom, name: &PhotoName) -> Result<Option<Photo>, sqlx::Error> {
    let sql = "SELECT url, name, private FROM room_photos WHERE room_id = $1 AND name = $2";
    db.read(sql).bind(own.room()).bind(name.as_str()).fetch_optional(photo).await
}

/// The same photo under another name, for another audience; `false` when it is not there any more.
pub async fn rename(
    db: &Db,
    own: &OwnRoom,
    old: &PhotoName,
    (name, url, audience): (&PhotoName, &str, Audience),
) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE room_photos SET name = $1, url = $2, private = $3 WHERE room_id = $4 AND name = $5";
    let query = db.write(sql).bind(name.as_str()).bind(url).bind(code(audience));
    Ok(query.bind(own.room()).bind(old.as_str()).execute().await? == 1)
}

/// Takes a photo out of one's own room; `false` when it is not there any more.
pub async fn remove(db: &Db, own: &OwnRoom, name: &PhotoName) -> Result<bool, sqlx::Error> {
    let sql = "DELETE FROM room_photos WHERE room_id = $1 AND name = $2";
    Ok(db.write(sql).bind(own.room()).bind(name.as_str()).execute().await? == 1)
}

impl Photo {
    /// Who may see it.
    pub fn audience(&self) -> Audience {
        if self.private { Audience::Unlocked } else { Audience::Everybody }
    }
}

fn code(audience: Audience) -> i64 {
    i64::from(audience == Audience::Unlocked)
}

/// The photos of all rooms of an account.
pub async fn of_owner(db: &Db, owner: Uuid) -> Result<Vec<Photo>, sqlx::Error> {
    let sql = "SELECT url, name, private FROM room_photos WHERE room_id IN
               (SELECT id FROM rooms WHERE owner_id = $1)";
    db.read(sql).bind(owner).fetch_all(photo).await
}

/// Takes the photos out of all rooms of an account; what they were.
pub async fn remove_all(db: &Db, owner: Uuid) -> Result<Vec<Photo>, sqlx::Error> {
    let sql = "DELETE FROM room_photos WHERE room_id IN (SELECT id FROM rooms WHERE owner_id = $1)
               RETURNING url, name, private";
    db.write(sql).bind(owner).fetch_all(photo).await
}

fn photo(row: &Row) -> Result<Photo, sqlx::Error> {
    let private: i64 = row.get("private")?;
    Ok(Photo { url: row.get("url")?, name: row.get("name")?, private: private != 0 })
}
