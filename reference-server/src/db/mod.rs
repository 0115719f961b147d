//! The server's own tables, in SQLite or in PostgreSQL. Each library brings its own, into the same database.

pub mod admin_acts;
pub mod blocks;
pub mod books;
pub mod conversations;
pub mod figures;
pub mod message_pictures;
mod migrations;
pub mod offer_key;
mod open;
pub mod payment_search;
pub mod people;
pub mod photo_leftovers;
pub mod push_key;
pub mod push_subscriptions;
mod query;
pub mod reports;
pub mod rooms;
pub mod sessions;
pub mod unlocks;
pub mod users;
mod wanted;

use jiff::Timestamp;
use sqlx::{PgPool, SqlitePool};

pub use self::open::OpenError;
pub use self::query::{Query, Row};

/// The target of one trace event for each question to a store or statement, in the span of its request. It says how
/// many there are, and nothing of what is in them.
pub const STATEMENTS: &str = "kotha::statements";

/// The database. Clones share its connections.
#[derive(Debug, Clone)]
pub enum Db {
    /// One server's file.
    ///
    /// SQLite has one writer at a time; a pool of one makes it a queue in place of a race for the lock.
    Sqlite {
        /// The only connection that writes.
        writer: SqlitePool,
        /// Connections that can only read.
        reader: SqlitePool,
    },
    /// A server of its own, for as many of ours as there are.
    Postgres(PgPool),
}

impl Db {
    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// When it doesn't.
    pub async fn ask(&self) -> Result<(), sqlx::Error> {
        self.read("SELECT 1").execute().await.map(drop)
    }

    /// How many connections there are, and how many of them nobody uses now.
    pub fn connections(&self) -> (i64, i64) {
        let count = |size: u32, idle: usize| (i64::from(size), i64::try_from(idle).unwrap_or(i64::MAX));
        match self {
            Self::Sqlite { writer, reader } => {
                count(writer.size() + reader.size(), writer.num_idle() + reader.num_idle())
            }
            Self::Postgres(pool) => count(pool.size(), pool.num_idle()),
        }
    }

    /// Closes the connections; SQLite's last one puts what is in the log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Whether the same statement may work a moment later: the database is away, busy, or full.
pub fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => true,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| is_passing_code(&code)),
        _ => false,
    }
}

/// PostgreSQL's codes have five characters, the first two of them the class: connection, transaction rolled back,
/// resources, somebody stepped in, system, and a lock that was not to be had. SQLite's are numbers below that; the low
/// byte is the primary one: BUSY, LOCKED, IOERR, FULL.
fn is_passing_code(code: &str) -> bool {
    match code.len() {
        5 => matches!(&code[..2], "08" | "40" | "53" | "57" | "58") || code == "55P03",
        _ => code.parse::<u32>().is_ok_and(|code| matches!(code & 0xFF, 5 | 6 | 10 | 13)),
    }
}

/// An instant as it is stored: whole microseconds, which sort as numbers.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The instant of a stored number.
pub(crate) fn instant(micros: i64) -> Result<Timestamp, sqlx::Error> {
    Timestamp::from_microsecond(micros).map_err(|error| sqlx::Error::Decode(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_that_passes_is_told_from_a_bug_in_both_databases() {
        let passing = ["5", "6", "261", "10", "13", "08006", "40001", "53300", "55P03", "57P01", "57014"];
        for code in passing {
            assert!(is_passing_code(code), "{code}");
        }
        for code in ["1", "19", "2067", "23505", "42P01", "22021", ""] {
            assert!(!is_passing_code(code), "{code}");
        }
    }
}
