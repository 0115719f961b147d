//! The table `admin_acts`: what administrators did, why, and what came of it. Rows are never changed but for their
//! outcome, and never removed.

use jiff::Timestamp;
use uuid::Uuid;

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

/// At most `max` acts, newest first, before the one with the id `before`.
pub async fn list(db: &Db, before: Option<Uuid>, max: u32) -> Result<Vec<Act>, sqlx::Error> {
    let sql = "SELECT admin_acts.id, users.name AS admin_name, at, act, subject, reason, outcome
               FROM admin_acts JOIN users ON users.id = admin_acts.admin_id
               WHERE admin_acts.id < $1 ORDER BY admin_acts.id DESC LIMIT $2";
    // No id is behind the greatest one.
    let before = before.unwrap_or(Uuid::max());
    db.read(sql).bind(before).bind(i64::from(max)).fetch_all(act).await
}

/// At most `max` acts on one subject, newest first.
pub async fn list_on(db: &Db, subject: &str, max: u32) -> Result<Vec<Act>, sqlx::Error> {
    let sql = "SELECT admin_acts.id, users.name AS admin_name, at, act, subject, reason, outcome
               FROM admin_acts JOIN users ON users.id = admin_acts.admin_id
               WHERE subject = $1 ORDER BY admin_acts.id DESC LIMIT $2";
    db.read(sql).bind(subject).bind(i64::from(max)).fetch_all(act).await
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
