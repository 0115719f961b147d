//! A search whose conditions are known only once somebody searches.

use uuid::Uuid;

use super::{Db, Query};

/// Conditions, and what they compare with: only the number of an argument gets into the text.
#[derive(Default)]
pub(super) struct Wanted {
    conditions: String,
    values: Vec<Value>,
}

pub(super) enum Value {
    Text(String),
    Number(i64),
    Id(Uuid),
}

impl Wanted {
    /// One more condition; each `?` in it stands for the value.
    pub(super) fn and(&mut self, condition: &str, value: Value) {
        self.values.push(value);
        self.conditions.push_str(" AND ");
        self.conditions.push_str(&condition.replace('?', &format!("${}", self.values.len())));
    }

    /// `select`, which ends with a condition, under all of these, in this order, `max` rows at most.
    pub(super) fn query<'d>(self, db: &'d Db, select: &str, order: &str, max: u32) -> Query<'d> {
        let Self { conditions, values } = self;
        let max_at = values.len() + 1;
        let sql = format!("{select}{conditions} {order} LIMIT ${max_at}");
        let query = values.into_iter().fold(db.read(sqlx::AssertSqlSafe(sql)), |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
            Value::Id(id) => query.bind(id),
        });
        query.bind(i64::from(max))
    }
}

/// A LIKE pattern in which the visitor's `%` and `_` mean themselves.
pub(super) fn containing(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}
