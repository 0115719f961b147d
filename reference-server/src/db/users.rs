//! The table `users`.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Db, Row, micros};
use crate::auth::Role;

/// What stands in place of the name of an account that was deleted; pages say it in their reader's language.
pub const DELETED_NAME: &str = "Deleted account";

/// An account, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The account's id.
    pub id: Uuid,
    /// What it may do.
    pub role: Role,
    /// Shown to others.
    pub name: String,
    /// Its own phone number: the log-in name, shown to nobody else.
    pub phone: String,
}

/// An account to be made.
#[derive(Debug)]
pub struct NewUser<'a> {
    /// The account's id.
    pub id: Uuid,
    /// What it may do.
    pub role: Role,
    /// Shown to others.
    pub name: &'a str,
    /// The log-in name.
    pub phone: &'a str,
    /// Argon2id, in PHC form.
    pub password_hash: &'a str,
}

/// Makes an account; `false` when the phone number has one already.
pub async fn add(db: &Db, new: &NewUser<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "INSERT INTO users (id, role, name, phone, password_hash, created_at)
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (phone) DO NOTHING";
    let added = db
        .write(sql)
        .bind(new.id)
        .bind(new.role.as_str())
        .bind(new.name)
        .bind(new.phone)
        .bind(new.password_hash)
        .bind(micros(now))
        .execute()
        .await?;
    Ok(added == 1)
}

/// The account of a phone number, and its password's hash.
pub async fn lookup_by_phone(db: &Db, phone: &str) -> Result<Option<(User, String)>, sqlx::Error> {
    let sql = "SELECT id, role, name, phone, password_hash FROM users WHERE phone = $1";
    let read = |row: &Row| Ok((user(row)?, row.get("password_hash")?));
    db.read(sql).bind(phone).fetch_optional(read).await
}

/// The hash of an account's password.
pub async fn password_hash(db: &Db, id: Uuid) -> Result<Option<String>, sqlx::Error> {
    let sql = "SELECT password_hash FROM users WHERE id = $1 AND erased_at IS NULL";
    db.read(sql).bind(id).fetch_optional(|row| row.get("password_hash")).await
}

/// Changes the password from the one that was compared; `false` when another request was first.
pub async fn change_password(db: &Db, id: Uuid, from: &str, to: &str) -> Result<bool, sqlx::Error> {
    let sql =
        "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND erased_at IS NULL";
    Ok(db.write(sql).bind(id).bind(from).bind(to).execute().await? == 1)
}

/// Takes out of an account everything that says who it was. Its id stays: payments name it, and no number, name or
/// password leads to it any more.
pub async fn erase(db: &Db, id: Uuid, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE users SET name = $3, phone = $4, password_hash = '', erased_at = $2
               WHERE id = $1 AND erased_at IS NULL";
    let nobodys = format!("deleted {id}");
    db.write(sql).bind(id).bind(micros(now)).bind(DELETED_NAME).bind(nobodys).execute().await?;
    Ok(())
}

/// Whether an administrator has suspended an account.
pub async fn is_suspended(db: &Db, id: Uuid) -> Result<bool, sqlx::Error> {
    let sql = "SELECT 1 FROM users WHERE id = $1 AND suspended_at IS NOT NULL";
    Ok(db.read(sql).bind(id).fetch_optional(|_| Ok(())).await?.is_some())
}

/// Whether somebody is behind an account: it is neither suspended nor deleted.
pub async fn is_active(db: &Db, id: Uuid) -> Result<bool, sqlx::Error> {
    let sql = "SELECT 1 FROM users WHERE id = $1 AND suspended_at IS NULL AND erased_at IS NULL";
    Ok(db.read(sql).bind(id).fetch_optional(|_| Ok(())).await?.is_some())
}

/// An account by its id.
pub async fn lookup(db: &Db, id: Uuid) -> Result<Option<User>, sqlx::Error> {
    let sql = "SELECT id, role, name, phone FROM users WHERE id = $1";
    db.read(sql).bind(id).fetch_optional(user).await
}

pub(super) fn user(row: &Row) -> Result<User, sqlx::Error> {
    let role: &str = row.get("role")?;
    let role = role.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(User { id: row.get("id")?, role, name: row.get("name")?, phone: row.get("phone")? })
}
