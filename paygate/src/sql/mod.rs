//! What the SQL stores have in common: every statement and every row. A dialect brings its connection, its
//! locks, and the few words that the other one does not know.
//!
//! Statements number their parameters `$1`, `$2`, …, which both dialects understand. Whole numbers, times and
//! flags are 64 bits wide in both, so that a row is read in one way.

mod commit;
mod open;
mod read;
mod row;

use std::future::Future;

use jiff::Timestamp;
use sqlx::query::Query;
use sqlx::{ColumnIndex, Database, Decode, Encode, Row, Type};

pub(crate) use self::commit::commit;
pub(crate) use self::open::open;
pub(crate) use self::read::*;
use crate::model::Event;
use crate::store::StoreError;

/// `SELECT` of all columns of payments; they are named, so that a column that a newer version adds does not
/// disturb an older one at work.
macro_rules! select_payments {
    ($condition:literal) => {
        concat!(
            "SELECT id, subject, resource, price_minor, currency, grant_for_us, provider, payee, handle, created_at,
                 expires_at, state, lapse, rank, in_flight, doubt_lasting, hinted_at, unseen_at, reference, paid_at, paid_seen_at, refunded_at, refund_ordered_at, entitled,
                 raised, settled, next_check_at, version
             FROM paygate_payments ",
            $condition
        )
    };
}
pub(crate) use select_payments;

/// A connection of one dialect. When it writes it is in a transaction that sees what others committed before
/// it took the lock of its subject, and in which nobody else writes for that subject.
pub(crate) trait Connection: Send {
    /// What a query gives.
    type Row: Columns + Send;

    /// Selects the payments that are due at `$1` and not leased, at most `$2`, the longest due first, and
    /// skips what another transaction has in hand.
    const SELECT_DUE: &'static str;

    /// Runs a statement and says how many rows it wrote.
    fn run(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Runs a query.
    fn rows(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Vec<Self::Row>, StoreError>> + Send;

    /// Waits until no other transaction numbers events, and keeps it so to the end of this one. A number is
    /// then seen by readers only when all smaller ones are.
    fn lock_events(&mut self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The first row of a query.
async fn first<C: Connection>(
    connection: &mut C,
    sql: &'static str,
    values: &[Value<'_>],
) -> Result<Option<C::Row>, StoreError> {
    Ok(connection.rows(sql, values).await?.into_iter().next())
}

/// What is bound to a parameter.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Text(Option<&'a str>),
    Number(Option<i64>),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        i64::from(flag).into()
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        at.as_microsecond().into()
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(at: Option<Timestamp>) -> Self {
        Self::Number(at.map(Timestamp::as_microsecond))
    }
}

/// A statement with its values.
pub(crate) fn bound<'q, DB: Database>(
    sql: &'static str,
    values: &[Value<'q>],
) -> Query<'q, DB, <DB as Database>::Arguments>
where
    Option<&'q str>: Encode<'q, DB> + Type<DB>,
    Option<i64>: Encode<'q, DB> + Type<DB>,
{
    values.iter().fold(sqlx::query(sql), |query, value| match *value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
    })
}

/// The columns of a row.
pub(crate) trait Columns {
    fn text(&self, column: &'static str) -> Result<Option<&str>, StoreError>;
    fn number(&self, column: &'static str) -> Result<Option<i64>, StoreError>;
}

impl<R: Row> Columns for R
where
    &'static str: ColumnIndex<R>,
    for<'r> &'r str: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn text(&self, column: &'static str) -> Result<Option<&str>, StoreError> {
        self.try_get(column).map_err(unavailable)
    }

    fn number(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        self.try_get(column).map_err(unavailable)
    }
}

/// Writes events under the next numbers.
async fn tell<C: Connection>(connection: &mut C, events: &[Event]) -> Result<(), StoreError> {
    if !events.is_empty() {
        connection.lock_events().await?;
    }
    for event in events {
        let kind =
            serde_json::to_string(&event.kind).map_err(|error| StoreError::Unavailable(error.into()))?;
        connection
            .run(
                "INSERT INTO paygate_events (seq, payment, subject, resource, at, kind)
                 SELECT coalesce(max(seq), 0) + 1, $1, $2, $3, $4, $5 FROM paygate_events",
                &[
                    event.payment.as_str().into(),
                    event.subject.as_str().into(),
                    event.resource.as_str().into(),
                    event.at.into(),
                    kind.as_str().into(),
                ],
            )
            .await?;
    }
    Ok(())
}

pub(crate) fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}
