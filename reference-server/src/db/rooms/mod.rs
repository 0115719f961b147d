//! The tables `rooms` and `room_photos`. Contact details are read by [`contact`] alone, and only with a proof.

mod contact;
pub mod photos;
mod search;
mod write;

use jiff::Timestamp;
use uuid::Uuid;

pub use self::contact::{Contact, ContactProof, OwnRoom, contact};
pub use self::search::{SearchFilter, Standing, cities, search};
pub use self::write::{Change, NewRoom, add, change, erase_all, lift, remove, suspend};
use super::{Db, Row, instant};

/// A room as everybody may see it: there is no contact detail in it to leak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// The room's id.
    pub id: Uuid,
    /// A line.
    pub title: String,
    /// Some lines.
    pub description: String,
    /// The city or town.
    pub city: String,
    /// The part of the city.
    pub area: String,
    /// A month's rent, in paisa.
    pub rent_paisa: u64,
    /// Addresses of the photos that everybody may see.
    pub photos: Vec<String>,
    /// Whose room it is.
    pub owner_id: Uuid,
    /// The owner's name.
    pub owner_name: String,
    /// When it was listed.
    pub created_at: Timestamp,
    /// Whether everybody finds it. One that isn't listed any more stays there for who paid or may have paid, and for
    /// nobody else but its owner.
    pub listed: bool,
    /// Whether its owner took it down.
    pub removed: bool,
    /// Since when an administrator keeps it off the list.
    pub suspended_at: Option<Timestamp>,
}

/// What everybody finds: not taken down, and neither the room nor its owner is suspended.
const LISTED: &str = "deleted_at IS NULL AND rooms.suspended_at IS NULL AND users.suspended_at IS NULL";

/// Photos come in the same read, in their order; an address has no blank in it.
const SELECT: &str = "SELECT rooms.id, title, description, city, area, rent_paisa, owner_id,
           users.name AS owner_name, rooms.created_at, deleted_at,
           rooms.suspended_at, users.suspended_at AS owner_suspended_at,
           (SELECT string_agg(url, ' ' ORDER BY position) FROM room_photos
               WHERE room_id = rooms.id AND private = 0) AS photos
    FROM rooms JOIN users ON users.id = rooms.owner_id";

/// One room that is listed.
pub async fn lookup(db: &Db, id: Uuid) -> Result<Option<Room>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE rooms.id = $1 AND {LISTED}");
    db.read(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(room).await
}

/// One room, listed or not: what payments and conversations of the past still name.
pub async fn lookup_ever(db: &Db, id: Uuid) -> Result<Option<Room>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE rooms.id = $1");
    db.read(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(room).await
}

fn room(row: &Row) -> Result<Room, sqlx::Error> {
    let rent: i64 = row.get("rent_paisa")?;
    let photos: Option<&str> = row.get("photos")?;
    let removed = row.get::<Option<i64>>("deleted_at")?.is_some();
    let suspended_at: Option<i64> = row.get("suspended_at")?;
    let owner_suspended_at: Option<i64> = row.get("owner_suspended_at")?;
    Ok(Room {
        id: row.get("id")?,
        title: row.get("title")?,
        description: row.get("description")?,
        city: row.get("city")?,
        area: row.get("area")?,
        rent_paisa: u64::try_from(rent).map_err(|error| sqlx::Error::Decode(error.into()))?,
        photos: photos.unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        owner_id: row.get("owner_id")?,
        owner_name: row.get("owner_name")?,
        created_at: instant(row.get("created_at")?)?,
        listed: !removed && suspended_at.is_none() && owner_suspended_at.is_none(),
        removed,
        suspended_at: suspended_at.map(instant).transpose()?,
    })
}
