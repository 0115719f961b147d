//! The table `admin_acts`: what administrators did, why, and what came of it. Rows are never changed but for their
//! outcome, and never removed.

use jiff::Timestamp;
use uuid::Uuid;

use super::wanted::{Value, Wanted};
use super::{Db, Row, instant, micros};

/// An act that is about to be done.
#[derive(Debug)]
pub struct NewAct<'a> {
    /// The act's id; time-ordered, since the log is paged by it.
    pub id: Uuid,
    /// Who.
    pub admin: Uuid,
    /// What: a stable word.
    pub act: &'a str,
    /// On what: a payment's id, or the filter of an export.
    pub subject: &'a str,
    /// Why, in the administrator's own words.
    pub reason: &'a str,
}

/// An act as the log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The act's id.
    pub id: Uuid,
    /// Who.
    pub admin_name: String,
    /// When it was begun.
    pub at: Timestamp,
    /// What.
    pub act: String,
    /// On what.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// What came of it; `None` when that was never known.
    pub outcome: Option<String>,
}

/// Writes down that an act begins.
pub async fn begin(db: &Db, new: &NewAct<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql =
        "INSERT INTO admin_acts (id, admin_id, at, act, subject, reason) VALUES ($1, $2, $3, $4, $5, $6)";
    db.write(sql)
        .bind(new.id)
        .bind(new.admin)
        .bind(micros(now))
        .bind(new.act)
        .bind(new.subject)
        .bind(new.reason)
        .execute()
        .await?;
    Ok(())
}

/// Writes down what came of an act, once.
pub async fn end(db: &Db, id: Uuid, outcome: &str) -> Result<(), sqlx::Error> {
    let sql = "UPDATE admin_acts SET outcome = $2 WHERE id = $1 AND outcome IS NULL";
    db.write(sql).bind(id).bind(outcome).execute().await?;
    Ok(())
}

/// What is looked for; the default finds everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActFilter {
    /// Only this act.
    pub act: Option<String>,
    /// Only this administrator's.
    pub admin: Option<Uuid>,
    /// Only acts on this.
    pub subject: Option<String>,
    /// Only those begun at this instant or later.
    pub from: Option<Timestamp>,
    /// Only those begun before this instant.
    pub until: Option<Timestamp>,
    /// Only those before this one.
    pub before: Option<Uuid>,
}

const SELECT: &str = "SELECT admin_acts.id, users.name AS admin_name, at, act, subject, reason, outcome
    FROM admin_acts JOIN users ON users.id = admin_acts.admin_id WHERE 1 = 1";

/// At most `max` acts, newest first.
pub async fn list(db: &Db, filter: &ActFilter, max: u32) -> Result<Vec<Act>, sqlx::Error> {
    let mut wanted = Wanted::default();
    if let Some(act) = &filter.act {
        wanted.and("act = ?", Value::Text(act.clone()));
    }
    if let Some(admin) = filter.admin {
        wanted.and("admin_id = ?", Value::Id(admin));
    }
    if let Some(subject) = &filter.subject {
        wanted.and("subject = ?", Value::Text(subject.clone()));
    }
    if let Some(from) = filter.from {
        wanted.and("at >= ?", Value::Number(micros(from)));
    }
    if let Some(until) = filter.until {
        wanted.and("at < ?", Value::Number(micros(until)));
    }
    if let Some(before) = filter.before {
        wanted.and("admin_acts.id < ?", Value::Id(before));
    }
    wanted.query(db, SELECT, "ORDER BY admin_acts.id DESC", max).fetch_all(act).await
}

/// At most `max` acts on one subject, newest first.
pub async fn list_on(db: &Db, subject: &str, max: u32) -> Result<Vec<Act>, sqlx::Error> {
    let filter = ActFilter { subject: Some(subject.to_owned()), ..ActFilter::default() };
    list(db, &filter, max).await
}

fn act(row: &Row) -> Result<Act, sqlx::Error> {
    Ok(Act {
        id: row.get("id")?,
        admin_name: row.get("admin_name")?,
        at: instant(row.get("at")?)?,
        act: row.get("act")?,
        subject: row.get("subject")?,
        reason: row.get("reason")?,
        outcome: row.get("outcome")?,
    })
}
