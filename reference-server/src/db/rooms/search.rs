//! Finding rooms: newest first, a page at a time, by keyset.

use uuid::Uuid;

use super::{Db, LISTED, Room, SELECT, room};
use crate::db::wanted::{Value, Wanted, containing};

/// What is looked for; an empty filter finds everything.
#[derive(Debug, Default)]
pub struct SearchFilter {
    /// Words that must all occur in title, description, city or area.
    pub words: Vec<String>,
    /// The city, whatever the case.
    pub city: Option<String>,
    /// At least this rent.
    pub rent_paisa_min: Option<u64>,
    /// At most this rent.
    pub rent_paisa_max: Option<u64>,
    /// Only this owner's.
    pub owner: Option<Uuid>,
    /// Only rooms listed before this one: ids rise in time.
    pub before: Option<Uuid>,
    /// Only rooms that stand so.
    pub standing: Standing,
}

/// How a room stands, to be looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// Everybody finds it.
    #[default]
    Listed,
    /// Its owner hasn't taken it down, whatever an administrator did.
    Kept,
    /// An administrator took it, or its owner, off the list.
    Suspended,
    /// Its owner took it down.
    Removed,
    /// However.
    Any,
}

impl Standing {
    fn condition(self) -> &'static str {
        match self {
            Self::Listed => LISTED,
            Self::Kept => "deleted_at IS NULL",
            Self::Suspended => {
                "deleted_at IS NULL AND (rooms.suspended_at IS NOT NULL OR users.suspended_at IS NOT NULL)"
            }
            Self::Removed => "deleted_at IS NOT NULL",
            Self::Any => "1 = 1",
        }
    }
}

/// At most `limit` rooms, newest first.
pub async fn search(db: &Db, filter: &SearchFilter, limit: u32) -> Result<Vec<Room>, sqlx::Error> {
    let mut wanted = Wanted::default();
    for word in &filter.words {
        // An index can't help with a word in the middle of a text; the filter before it is the bound.
        let text = "lower(title || ' ' || description || ' ' || city || ' ' || area)";
        wanted.and(&format!("{text} LIKE lower(?) ESCAPE '\\'"), Value::Text(containing(word)));
    }
    if let Some(city) = &filter.city {
        wanted.and("lower(city) = lower(?)", Value::Text(city.clone()));
    }
    if let Some(paisa) = filter.rent_paisa_min {
        wanted.and("rent_paisa >= ?", Value::Number(stored(paisa)));
    }
    if let Some(paisa) = filter.rent_paisa_max {
        wanted.and("rent_paisa <= ?", Value::Number(stored(paisa)));
    }
    if let Some(owner) = filter.owner {
        wanted.and("owner_id = ?", Value::Id(owner));
    }
    if let Some(before) = filter.before {
        wanted.and("rooms.id < ?", Value::Id(before));
    }
    let select = format!("{SELECT} WHERE {}", filter.standing.condition());
    wanted.query(db, &select, "ORDER BY rooms.id DESC", limit).fetch_all(room).await
}

/// At most `limit` cities of the `newest` rooms that are listed, each once, whatever the case.
pub async fn cities(db: &Db, newest: u32, limit: u32) -> Result<Vec<String>, sqlx::Error> {
    let sql = format!(
        "SELECT max(city) AS city FROM (
             SELECT city FROM rooms JOIN users ON users.id = rooms.owner_id
             WHERE {LISTED} ORDER BY rooms.id DESC LIMIT $1
         ) AS newest GROUP BY lower(city) ORDER BY lower(city) LIMIT $2"
    );
    let query = db.read(sqlx::AssertSqlSafe(sql)).bind(i64::from(newest)).bind(i64::from(limit));
    query.fetch_all(|row| row.get("city")).await
}

/// Over what a column holds, a bound is as good as none.
fn stored(paisa: u64) -> i64 {
    i64::try_from(paisa).unwrap_or(i64::MAX)
}
