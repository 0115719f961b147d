//! The table `users`, as administrators see it: who there is, and who is suspended.

use jiff::Timestamp;
use uuid::Uuid;

use super::users::{User, user};
use super::wanted::{Value, Wanted, containing};
use super::{Db, Row, instant, micros};
use crate::auth::Role;

/// An account with what an administrator needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub user: User,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is suspended.
    pub suspended_at: Option<Timestamp>,
    /// When its person deleted it.
    pub erased_at: Option<Timestamp>,
}

/// Who is looked for; the default finds everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    /// A part of the name.
    pub name: Option<String>,
    /// The whole phone number.
    pub phone: Option<String>,
    /// Only this role.
    pub role: Option<Role>,
    /// Only those who stand so.
    pub standing: Standing,
    /// Only accounts made before this one: ids rise in time.
    pub before: Option<Uuid>,
}

/// How an account stands, to be looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// However.
    #[default]
    Any,
    /// Neither suspended nor deleted.
    Active,
    /// Suspended.
    Suspended,
    /// Deleted by its person.
    Deleted,
}

const SELECT: &str = "SELECT id, role, name, phone, created_at, suspended_at, erased_at FROM users";

/// At most `max` accounts, newest first.
pub async fn search(db: &Db, filter: &PeopleFilter, max: u32) -> Result<Vec<Person>, sqlx::Error> {
    let mut wanted = Wanted::default();
    if let Some(name) = &filter.name {
        wanted.and("lower(name) LIKE lower(?) ESCAPE '\\'", Value::Text(containing(name)));
    }
    if let Some(phone) = &filter.phone {
        wanted.and("phone = ?", Value::Text(phone.clone()));
    }
    if let Some(role) = filter.role {
        wanted.and("role = ?", Value::Text(role.as_str().to_owned()));
    }
    if let Some(before) = filter.before {
        wanted.and("id < ?", Value::Id(before));
    }
    let standing = match filter.standing {
        Standing::Any => "1 = 1",
        Standing::Active => "suspended_at IS NULL AND erased_at IS NULL",
        Standing::Suspended => "suspended_at IS NOT NULL AND erased_at IS NULL",
        Standing::Deleted => "erased_at IS NOT NULL",
    };
    let select = format!("{SELECT} WHERE {standing}");
    wanted.query(db, &select, "ORDER BY id DESC", max).fetch_all(person).await
}

/// One account.
pub async fn lookup(db: &Db, id: Uuid) -> Result<Option<Person>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE id = $1");
    db.read(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(person).await
}

/// Suspends an account; `false` when it is suspended already, or deleted.
pub async fn suspend(db: &Db, id: Uuid, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql =
        "UPDATE users SET suspended_at = $2 WHERE id = $1 AND suspended_at IS NULL AND erased_at IS NULL";
    Ok(db.write(sql).bind(id).bind(micros(now)).execute().await? == 1)
}

/// Lifts a suspension; `false` when there is none.
pub async fn lift(db: &Db, id: Uuid) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE users SET suspended_at = NULL WHERE id = $1 AND suspended_at IS NOT NULL";
    Ok(db.write(sql).bind(id).execute().await? == 1)
}

fn person(row: &Row) -> Result<Person, sqlx::Error> {
    let at = |column| row.get::<Option<i64>>(column)?.map(instant).transpose();
    Ok(Person {
        user: user(row)?,
        created_at: instant(row.get("created_at")?)?,
        suspended_at: at("suspended_at")?,
        erased_at: at("erased_at")?,
    })
}
