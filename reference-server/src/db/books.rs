//! What came in and what went back, by day: sums over paygate's table in the same database. A payment counts on the day
//! on which it was found paid, with the price it was proven to have; a refund of all of it on the day on which it was
//! first seen. Of a part that went back eSewa doesn't say how much, so such payments are counted, and no sum is made up.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Db, Row, micros};

/// What happened on one day, or in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Books {
    /// Payments that were found paid.
    pub paid: u64,
    /// What they brought in.
    pub paid_paisa: u64,
    /// Payments that went back as a whole.
    pub refunded: u64,
    /// What went back with them.
    pub refunded_paisa: u64,
    /// Payments of which a part went back, nobody knows how much.
    pub partly_refunded: u64,
}

/// The days of a calendar, as the books count them.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    /// The first instant that counts.
    pub from: Timestamp,
    /// The first instant that doesn't count any more.
    pub until: Timestamp,
    /// How far the clocks are ahead of UTC where a day begins, in seconds.
    pub offset_s: i32,
}

/// A day's microseconds.
const DAY_US: i64 = 86_400_000_000;

/// The two halves: what came in, and what went back. `$1` and `$2` are the time, `$3` the offset; what follows narrows
/// the payments.
macro_rules! daily {
    ($from:literal) => {
        concat!(
            "SELECT day, CAST(sum(paid) AS bigint) AS paid, CAST(sum(paid_paisa) AS bigint) AS paid_paisa,
                 CAST(sum(refunded) AS bigint) AS refunded,
                 CAST(sum(refunded_paisa) AS bigint) AS refunded_paisa, CAST(sum(partly) AS bigint) AS partly
             FROM (
                 SELECT (paid_at + $3) / 86400000000 AS day, 1 AS paid, price_minor AS paid_paisa,
                     0 AS refunded, 0 AS refunded_paisa, 0 AS partly
                 FROM ",
            $from,
            " paid_at >= $1 AND paid_at < $2 AND currency = 'NPR'
                 UNION ALL
                 SELECT (refunded_at + $3) / 86400000000 AS day, 0, 0,
                     CASE WHEN rank = 4 THEN 1 ELSE 0 END, CASE WHEN rank = 4 THEN price_minor ELSE 0 END,
                     CASE WHEN rank = 3 THEN 1 ELSE 0 END
                 FROM ",
            $from,
            " refunded_at >= $1 AND refunded_at < $2 AND paid_at IS NOT NULL AND currency = 'NPR'
             ) AS moves GROUP BY day ORDER BY day"
        )
    };
}

/// The books of everybody by day, oldest first; the number of a day counts from 1970. Days without a payment are left
/// out.
pub async fn of_all(db: &Db, days: Days) -> Result<Vec<(i64, Books)>, sqlx::Error> {
    let query = db.read(daily!("paygate_payments WHERE"));
    query
        .bind(micros(days.from))
        .bind(micros(days.until))
        .bind(i64::from(days.offset_s) * 1_000_000)
        .fetch_all(books)
        .await
}

/// The same of the payments for the rooms of one owner.
pub async fn of_owner(db: &Db, owner: Uuid, days: Days) -> Result<Vec<(i64, Books)>, sqlx::Error> {
    let query = db.read(daily!(
        "paygate_payments JOIN rooms ON rooms.resource = paygate_payments.resource WHERE rooms.owner_id = $4 AND"
    ));
    query
        .bind(micros(days.from))
        .bind(micros(days.until))
        .bind(i64::from(days.offset_s) * 1_000_000)
        .bind(owner)
        .fetch_all(books)
        .await
}

impl Days {
    /// The number of the day of an instant.
    pub fn number(self, at: Timestamp) -> i64 {
        (micros(at) + i64::from(self.offset_s) * 1_000_000).div_euclid(DAY_US)
    }
}

impl std::ops::AddAssign for Books {
    fn add_assign(&mut self, other: Self) {
        self.paid += other.paid;
        self.paid_paisa += other.paid_paisa;
        self.refunded += other.refunded;
        self.refunded_paisa += other.refunded_paisa;
        self.partly_refunded += other.partly_refunded;
    }
}

fn books(row: &Row) -> Result<(i64, Books), sqlx::Error> {
    let count = |column| row.get::<i64>(column).map(i64::unsigned_abs);
    let books = Books {
        paid: count("paid")?,
        paid_paisa: count("paid_paisa")?,
        refunded: count("refunded")?,
        refunded_paisa: count("refunded_paisa")?,
        partly_refunded: count("partly")?,
    };
    Ok((row.get("day")?, books))
}
