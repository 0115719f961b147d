//! Finding rooms: newest first, a page at a time, by keyset.

use uuid::Uuid;

use super::{Db, Room, SELECT, room};

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
    let Wanted { conditions, values } = wanted;
    let limit_at = values.len() + 1;
    let sql =
        format!("{SELECT} WHERE deleted_at IS NULL{conditions} ORDER BY rooms.id DESC LIMIT ${limit_at}");
    let query = values.into_iter().fold(db.read(sqlx::AssertSqlSafe(sql)), |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
        Value::Id(id) => query.bind(id),
    });
    query.bind(i64::from(limit)).fetch_all(room).await
}

/// Conditions, and what they compare with: only the number of an argument gets into the text.
#[derive(Default)]
struct Wanted {
    conditions: String,
    values: Vec<Value>,
}

enum Value {
    Text(String),
    Number(i64),
    Id(Uuid),
}

impl Wanted {
    /// One more condition; its `?` stands for the value.
    fn and(&mut self, condition: &str, value: Value) {
        self.values.push(value);
        self.conditions.push_str(" AND ");
        self.conditions.push_str(&condition.replace('?', &format!("${}", self.values.len())));
    }
}

/// A LIKE pattern in which the visitor's `%` and `_` mean themselves.
fn containing(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// Over what a column holds, a bound is as good as none.
fn stored(paisa: u64) -> i64 {
    i64::try_from(paisa).unwrap_or(i64::MAX)
}
