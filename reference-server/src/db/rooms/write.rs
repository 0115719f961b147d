//! Listing, changing and taking down a room.

use jiff::Timestamp;
use uuid::Uuid;

use crate::db::{Db, micros};

/// A room to be listed.
pub struct NewRoom<'a> {
    /// The room's id; time-ordered, since listings are paged by it.
    pub id: Uuid,
    /// Whose it is.
    pub owner: Uuid,
    /// A line.
    pub title: &'a str,
    /// Some lines.
    pub description: &'a str,
    /// The city or town.
    pub city: &'a str,
    /// The part of the city.
    pub area: &'a str,
    /// A month's rent.
    pub rent_paisa: u64,
    /// Locked: the number to call.
    pub contact_phone: &'a str,
    /// Locked: where the room is.
    pub address: &'a str,
}

/// What changes; the rest stays.
#[derive(Default)]
pub struct Change {
    /// A line.
    pub title: Option<String>,
    /// Some lines.
    pub description: Option<String>,
    /// The city or town.
    pub city: Option<String>,
    /// The part of the city.
    pub area: Option<String>,
    /// A month's rent.
    pub rent_paisa: Option<u64>,
    /// Locked: the number to call.
    pub contact_phone: Option<String>,
    /// Locked: where the room is.
    pub address: Option<String>,
}

/// Lists a room.
pub async fn add(db: &Db, new: &NewRoom<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO rooms
        (id, owner_id, title, description, city, area, rent_paisa, contact_phone, address, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    db.write(sql)
        .bind(new.id)
        .bind(new.owner)
        .bind(new.title)
        .bind(new.description)
        .bind(new.city)
        .bind(new.area)
        .bind(column(new.rent_paisa)?)
        .bind(new.contact_phone)
        .bind(new.address)
        .bind(micros(now))
        .execute()
        .await?;
    Ok(())
}

/// Changes a room that is listed; `false` when there is none.
pub async fn change(db: &Db, room: Uuid, to: &Change) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE rooms SET title = coalesce($2, title), description = coalesce($3, description),
            city = coalesce($4, city), area = coalesce($5, area), rent_paisa = coalesce($6, rent_paisa),
            contact_phone = coalesce($7, contact_phone), address = coalesce($8, address)
        WHERE id = $1 AND deleted_at IS NULL";
    let changed = db
        .write(sql)
        .bind(room)
        .bind(&to.title)
        .bind(&to.description)
        .bind(&to.city)
        .bind(&to.area)
        .bind(to.rent_paisa.map(column).transpose()?)
        .bind(&to.contact_phone)
        .bind(&to.address)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Takes a room down; `false` when it was not listed.
pub async fn remove(db: &Db, room: Uuid, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE rooms SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL";
    Ok(db.write(sql).bind(room).bind(micros(now)).execute().await? == 1)
}

/// Takes a room off the list until that is lifted; `false` when it is off already, or taken down.
pub async fn suspend(db: &Db, room: Uuid, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql =
        "UPDATE rooms SET suspended_at = $2 WHERE id = $1 AND suspended_at IS NULL AND deleted_at IS NULL";
    Ok(db.write(sql).bind(room).bind(micros(now)).execute().await? == 1)
}

/// Puts a room back on the list; `false` when it was not suspended.
pub async fn lift(db: &Db, room: Uuid) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE rooms SET suspended_at = NULL WHERE id = $1 AND suspended_at IS NOT NULL";
    Ok(db.write(sql).bind(room).execute().await? == 1)
}

/// Takes down all rooms of an account, and takes out of them what says who it was and where. Their titles stay: receipts
/// name what was paid for.
pub async fn erase_all(db: &Db, owner: Uuid, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE rooms SET deleted_at = coalesce(deleted_at, $2), contact_phone = '', address = '',
               description = '' WHERE owner_id = $1";
    db.write(sql).bind(owner).bind(micros(now)).execute().await?;
    Ok(())
}

fn column(paisa: u64) -> Result<i64, sqlx::Error> {
    i64::try_from(paisa).map_err(|error| sqlx::Error::Encode(error.into()))
}
