//! Which payments an administrator looks for. Only ids are read here, from paygate's table in the same database; the
//! payments themselves come from paygate, which alone knows what its rows mean.

use std::ops::RangeInclusive;

use jiff::Timestamp;

use super::{Db, micros};

/// What is looked for; the default finds everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentFilter {
    /// The ranks of the states, as `paygate::State::rank` numbers them. One of which a part went back counts as
    /// what its payer has of it: paid, open while an operator looks, or refunded.
    pub ranks: RangeInclusive<u8>,
    /// Only what an administrator must look at.
    pub in_review: bool,
    /// Only this payer's.
    pub subject: Option<String>,
    /// Only the payment of this id or of this reference at eSewa, or those of the room of this id.
    pub named: Option<String>,
    /// Only those started at this instant or later.
    pub from: Option<Timestamp>,
    /// Only those started before this instant.
    pub until: Option<Timestamp>,
}

/// Where a page ended: the time of creation and the id of its last payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentPlace {
    /// When it was started.
    pub created_at: Timestamp,
    /// Its id.
    pub id: String,
}

impl Default for PaymentFilter {
    fn default() -> Self {
        Self { ranks: 0..=u8::MAX, in_review: false, subject: None, named: None, from: None, until: None }
    }
}

/// The ids of at most `max` payments that were found paid after the room's owner had left: there was nothing to open any
/// more. Those whose raised anomalies have one of these bits are known.
pub async fn undeliverable(db: &Db, known_bits: u16, max: u32) -> Result<Vec<String>, sqlx::Error> {
    // Joined in this order: few people leave.
    let sql = "SELECT p.id FROM users CROSS JOIN rooms CROSS JOIN paygate_payments AS p
               WHERE users.erased_at IS NOT NULL AND rooms.owner_id = users.id AND p.resource = rooms.resource
                   AND p.paid_at >= users.erased_at AND p.rank IN (2, 3) AND (p.raised & $1) = 0
               LIMIT $2";
    let query = db.read(sql).bind(i64::from(known_bits)).bind(i64::from(max));
    query.fetch_all(|row| row.get("id")).await
}

/// The ids of at most `max` payments, newest first, strictly before a place.
pub async fn search(
    db: &Db,
    filter: &PaymentFilter,
    before: Option<&PaymentPlace>,
    max: u32,
) -> Result<Vec<String>, sqlx::Error> {
    // An empty text and the ends of time stand for "any": one statement, which both databases plan once.
    let sql = "SELECT id FROM paygate_payments
        WHERE CASE WHEN rank <> 3 THEN rank WHEN entitled = 1 THEN 2 WHEN in_flight = 1 THEN 0 ELSE 4 END
                BETWEEN $1 AND $2 AND ($3 = 0 OR (raised & ~settled) <> 0)
            AND ($4 = '' OR subject = $4) AND ($5 = '' OR id = $5 OR reference = $5 OR resource = $6)
            AND created_at >= $7 AND created_at < $8 AND (created_at, id) < ($9, $10)
        ORDER BY created_at DESC, id DESC LIMIT $11";
    let named = filter.named.as_deref().unwrap_or_default();
    let (place_at, place_id) = match before {
        Some(place) => (micros(place.created_at), place.id.as_str()),
        None => (i64::MAX, ""),
    };
    db.read(sql)
        .bind(i64::from(*filter.ranks.start()))
        .bind(i64::from(*filter.ranks.end()))
        .bind(i64::from(filter.in_review))
        .bind(filter.subject.as_deref().unwrap_or_default())
        .bind(named)
        .bind(format!("room:{named}"))
        .bind(filter.from.map_or(i64::MIN, micros))
        .bind(filter.until.map_or(i64::MAX, micros))
        .bind(place_at)
        .bind(place_id)
        .bind(i64::from(max))
        .fetch_all(|row| row.get("id"))
        .await
}
