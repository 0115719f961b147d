//! The table `photo_leftovers`: photos whose files may be on disk without a room that has them. Noted before a file is
//! written or a row removed, and crossed out afterwards.

use jiff::Timestamp;

use super::{Db, Row, micros};
use crate::photos::{Audience, PhotoName};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// Its name.
    pub name: PhotoName,
    /// In whose folder its files are.
    pub audience: Audience,
    /// Whether a room has it all the same, so that its files stay.
    pub in_use: bool,
}

/// Notes a photo, or that it is busy once more.
pub async fn note(db: &Db, name: &PhotoName, audience: Audience, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO photo_leftovers (name, private, since) VALUES ($1, $2, $3)
               ON CONFLICT (name) DO UPDATE SET since = excluded.since";
    let private = i64::from(audience == Audience::Unlocked);
    db.write(sql).bind(name.as_str()).bind(private).bind(micros(now)).execute().await?;
    Ok(())
}

/// Crosses a photo out.
pub async fn cross_out(db: &Db, name: &PhotoName) -> Result<(), sqlx::Error> {
    db.write("DELETE FROM photo_leftovers WHERE name = $1").bind(name.as_str()).execute().await?;
    Ok(())
}

/// At most `max` that were noted before `before`, oldest first.
pub async fn noted_before(db: &Db, before: Timestamp, max: u32) -> Result<Vec<Leftover>, sqlx::Error> {
    let sql = "SELECT name, private,
                   (SELECT count(*) FROM room_photos WHERE room_photos.name = photo_leftovers.name) AS rooms
               FROM photo_leftovers WHERE since < $1 ORDER BY since LIMIT $2";
    db.read(sql).bind(micros(before)).bind(i64::from(max)).fetch_all(leftover).await
}

fn leftover(row: &Row) -> Result<Leftover, sqlx::Error> {
    let name: String = row.get("name")?;
    let name = name.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    let private: i64 = row.get("private")?;
    let rooms: i64 = row.get("rooms")?;
    let audience = if private == 0 { Audience::Everybody } else { Audience::Unlocked };
    Ok(Leftover { name, audience, in_use: rooms > 0 })
}
