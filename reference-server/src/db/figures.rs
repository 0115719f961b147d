//! The figures of a day: how much there was of everything, and what waits now.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Db, Row, micros};

/// What happened between two instants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Payments that were started.
    pub started: u64,
    /// Of those, that ended unpaid by now.
    pub failed: u64,
    /// Of those, of which nothing final is known by now.
    pub pending: u64,
    /// Rooms that were opened for a client.
    pub unlocks: u64,
    /// Accounts of clients that were made.
    pub clients: u64,
    /// Accounts of owners that were made.
    pub owners: u64,
    /// Rooms that were listed.
    pub rooms: u64,
    /// Messages that were posted.
    pub messages: u64,
}

/// What waits for somebody now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Payments in review.
    pub reviews: u64,
    /// Reports that nobody has decided.
    pub reports: u64,
    /// Payments that may be paid, without eSewa's word.
    pub in_flight: u64,
}

/// The figures from one instant to before another.
pub async fn between(db: &Db, from: Timestamp, until: Timestamp) -> Result<Figures, sqlx::Error> {
    // A message's id begins with its time, so the index over the ids finds a day's without one of its own.
    let sql = "SELECT
        (SELECT count(*) FROM paygate_payments WHERE created_at >= $1 AND created_at < $2) AS started,
        (SELECT count(*) FROM paygate_payments WHERE created_at >= $1 AND created_at < $2 AND rank = 1) AS failed,
        (SELECT count(*) FROM paygate_payments WHERE created_at >= $1 AND created_at < $2 AND rank = 0) AS pending,
        (SELECT count(*) FROM paygate_grants WHERE from_at >= $1 AND from_at < $2) AS unlocks,
        (SELECT count(*) FROM users WHERE created_at >= $1 AND created_at < $2 AND role = 'client') AS clients,
        (SELECT count(*) FROM users WHERE created_at >= $1 AND created_at < $2 AND role = 'owner') AS owners,
        (SELECT count(*) FROM rooms WHERE created_at >= $1 AND created_at < $2) AS rooms,
        (SELECT count(*) FROM chat_events WHERE kind = 0 AND message >= $3 AND message < $4) AS messages";
    let figures = db
        .read(sql)
        .bind(micros(from))
        .bind(micros(until))
        .bind(first_id(from))
        .bind(first_id(until))
        .fetch_optional(figures)
        .await?;
    Ok(figures.unwrap_or_default())
}

/// What waits now.
pub async fn waiting(db: &Db) -> Result<Waiting, sqlx::Error> {
    let sql = "SELECT
        (SELECT count(*) FROM paygate_payments WHERE (raised & ~settled) <> 0) AS reviews,
        (SELECT count(*) FROM reports WHERE verdict IS NULL) AS reports,
        (SELECT count(*) FROM paygate_payments WHERE next_check_at IS NOT NULL AND in_flight = 1) AS in_flight";
    let read = |row: &Row| {
        let count = |column| row.get::<i64>(column).map(i64::unsigned_abs);
        Ok(Waiting { reviews: count("reviews")?, reports: count("reports")?, in_flight: count("in_flight")? })
    };
    Ok(db.read(sql).fetch_optional(read).await?.unwrap_or_default())
}

/// The least id of version 7 of an instant: its milliseconds, and nothing behind them.
fn first_id(at: Timestamp) -> Uuid {
    let ms = u128::try_from(at.as_millisecond()).unwrap_or_default();
    Uuid::from_u128(ms << 80)
}

fn figures(row: &Row) -> Result<Figures, sqlx::Error> {
    let count = |column| row.get::<i64>(column).map(i64::unsigned_abs);
    Ok(Figures {
        started: count("started")?,
        failed: count("failed")?,
        pending: count("pending")?,
        unlocks: count("unlocks")?,
        clients: count("clients")?,
        owners: count("owners")?,
        rooms: count("rooms")?,
        messages: count("messages")?,
    })
}
