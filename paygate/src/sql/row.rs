//! Rows become values here. A row that contradicts itself is a typed error, never a guess.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use super::Columns;
use crate::model::{
    Anomalies, Doubt, Event, Grant, Intent, NotPaid, Observation, Offer, Payment, Source, State,
};
use crate::{Actor, Currency, IdError, Money, PaymentId, StoreError};

/// One row of one table, with its name for the error.
struct Reading<'r> {
    table: &'static str,
    key: &'static str,
    row: &'r dyn Columns,
}

impl<'r> Reading<'r> {
    fn text(&self, column: &'static str) -> Result<&'r str, StoreError> {
        self.row.text(column)?.ok_or_else(|| self.wrong(column))
    }

    fn number(&self, column: &'static str) -> Result<i64, StoreError> {
        self.row.number(column)?.ok_or_else(|| self.wrong(column))
    }

    fn count(&self, column: &'static str) -> Result<u64, StoreError> {
        u64::try_from(self.number(column)?).map_err(|_| self.wrong(column))
    }

    fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        match self.number(column)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.wrong(column)),
        }
    }

    fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.maybe_time(column)?.ok_or_else(|| self.wrong(column))
    }

    fn maybe_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        let time = self.row.number(column)?.map(Timestamp::from_microsecond).transpose();
        time.map_err(|_| self.wrong(column))
    }

    fn id<T: FromStr<Err = IdError>>(&self, column: &'static str) -> Result<T, StoreError> {
        self.maybe_id(column)?.ok_or_else(|| self.wrong(column))
    }

    fn maybe_id<T: FromStr<Err = IdError>>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        self.row.text(column)?.map(str::parse).transpose().map_err(|_| self.wrong(column))
    }

    fn wrong(&self, column: &'static str) -> StoreError {
        let row = self.row.text(self.key).ok().flatten().unwrap_or("?").to_owned();
        StoreError::Inconsistent { table: self.table, column, row }
    }
}

pub(super) fn payment(row: &dyn Columns) -> Result<Payment, StoreError> {
    let row = Reading { table: "paygate_payments", key: "id", row };
    let raised = anomalies(&row, "raised")?;
    let settled = anomalies(&row, "settled")?;
    let payment = Payment {
        intent: intent(&row)?,
        state: state(&row)?,
        in_flight: row.flag("in_flight")?,
        doubt: Doubt {
            lasting: row.flag("doubt_lasting")?,
            hinted_at: row.maybe_time("hinted_at")?,
            unseen_at: row.maybe_time("unseen_at")?,
        },
        reference: row.maybe_id("reference")?,
        paid_at: row.maybe_time("paid_at")?,
        paid_seen_at: row.maybe_time("paid_seen_at")?,
        refunded_at: row.maybe_time("refunded_at")?,
        refund_ordered_at: row.maybe_time("refund_ordered_at")?,
        entitled: row.flag("entitled")?,
        review: raised.minus(settled).worst(),
        raised,
        settled,
        next_check_at: row.maybe_time("next_check_at")?,
        version: row.count("version")?,
    };
    let rank_agrees = row.number("rank")? == i64::from(payment.state.rank());
    match contradiction(&payment) {
        _ if !rank_agrees => Err(row.wrong("rank")),
        Some(column) => Err(row.wrong(column)),
        None => Ok(payment),
    }
}

/// The first column that cannot be true beside the others, by what [`step`](crate::step) makes of any payment.
fn contradiction(of: &Payment) -> Option<&'static str> {
    let is_open = of.state == State::Open;
    let may_be_paid = of.state.rank() >= State::Paid.rank();
    let was_paid = of.paid_at.is_some();
    let waits_for_an_operator = of.state == State::PartlyRefunded && !was_paid;
    let rules = [
        ("paid_at", if was_paid { may_be_paid } else { of.state != State::Paid }),
        ("paid_seen_at", of.paid_seen_at.is_some() == was_paid),
        ("reference", of.reference.is_some() || !was_paid),
        ("refunded_at", of.refunded_at.is_some() == (of.state.rank() > State::Paid.rank())),
        ("doubt_lasting", is_open || !of.doubt.lasting),
        ("hinted_at", is_open || of.doubt.hinted_at.is_none()),
        ("unseen_at", is_open || of.doubt.unseen_at.is_none()),
        (
            "in_flight",
            if is_open { of.in_flight == of.doubt.holds() } else { !of.in_flight || waits_for_an_operator },
        ),
        (
            "entitled",
            match of.state {
                State::Paid => of.entitled,
                State::PartlyRefunded => was_paid || !of.entitled,
                State::Open | State::Lapsed(_) | State::Refunded => !of.entitled,
            },
        ),
    ];
    rules.into_iter().find(|(_, holds)| !holds).map(|(column, _)| column)
}

fn intent(row: &Reading<'_>) -> Result<Intent, StoreError> {
    let currency = Currency::from_code(row.text("currency")?).ok_or_else(|| row.wrong("currency"))?;
    Ok(Intent {
        id: row.id("id")?,
        subject: row.id("subject")?,
        offer: Offer {
            resource: row.id("resource")?,
            price: Money { minor: row.count("price_minor")?, currency },
            grant_for: row.row.number("grant_for_us")?.map(SignedDuration::from_micros),
        },
        provider: row.id("provider")?,
        payee: row.id("payee")?,
        handle: row.maybe_id("handle")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}

fn state(row: &Reading<'_>) -> Result<State, StoreError> {
    Ok(match (row.text("state")?, row.row.text("lapse")?) {
        ("open", None) => State::Open,
        ("lapsed", Some("unseen")) => State::Lapsed(NotPaid::Unseen),
        ("lapsed", Some("expired")) => State::Lapsed(NotPaid::Expired),
        ("lapsed", Some("canceled")) => State::Lapsed(NotPaid::Canceled),
        ("paid", None) => State::Paid,
        ("partly_refunded", None) => State::PartlyRefunded,
        ("refunded", None) => State::Refunded,
        _ => return Err(row.wrong("state")),
    })
}

fn anomalies(row: &Reading<'_>, column: &'static str) -> Result<Anomalies, StoreError> {
    let bits = u16::try_from(row.number(column)?).ok();
    bits.and_then(Anomalies::from_bits).ok_or_else(|| row.wrong(column))
}

pub(super) fn grant(row: &dyn Columns) -> Result<Grant, StoreError> {
    let row = Reading { table: "paygate_grants", key: "id", row };
    Ok(Grant {
        id: row.id("id")?,
        subject: row.id("subject")?,
        resource: row.id("resource")?,
        payment: row.id("payment")?,
        from: row.time("from_at")?,
        until: row.maybe_time("until_at")?,
    })
}

/// A grant beside the payment that backs it.
pub(super) fn backed_grant(row: &dyn Columns) -> Result<Grant, StoreError> {
    let found = grant(row)?;
    let backing = Reading { table: "paygate_grants", key: "id", row };
    let is_backed = backing.row.number("backed")?;
    if is_backed == Some(1) { Ok(found) } else { Err(backing.wrong("payment")) }
}

pub(super) fn event(row: &dyn Columns) -> Result<(u64, Event), StoreError> {
    let row = Reading { table: "paygate_events", key: "payment", row };
    let event = Event {
        payment: row.id("payment")?,
        subject: row.id("subject")?,
        resource: row.id("resource")?,
        at: row.time("at")?,
        kind: serde_json::from_str(row.text("kind")?).map_err(|_| row.wrong("kind"))?,
    };
    Ok((row.count("seq")?, event))
}

/// The number of the newest event; `max` of nothing is null.
pub(super) fn newest_event(row: &dyn Columns) -> Result<u64, StoreError> {
    Ok(row.number("newest")?.unwrap_or(0).unsigned_abs())
}

/// Whose reference it is.
pub(super) fn owner(row: &dyn Columns) -> Result<PaymentId, StoreError> {
    Reading { table: "paygate_claims", key: "reference", row }.id("payment")
}

pub(super) fn observation(row: &dyn Columns) -> Result<Observation, StoreError> {
    let row = Reading { table: "paygate_trail", key: "payment", row };
    let actor: Option<Actor> = row.maybe_id("actor")?;
    let source = match (row.text("source")?, actor) {
        ("callback", None) => Source::Callback,
        ("recheck", None) => Source::Recheck,
        ("reconcile", None) => Source::Reconcile,
        ("start", None) => Source::Start,
        ("operator", Some(actor)) => Source::Operator(actor),
        _ => return Err(row.wrong("source")),
    };
    Ok(Observation {
        source,
        first_at: row.time("first_at")?,
        last_at: row.time("last_at")?,
        times: row.count("times")?,
        seen: row.text("seen")?.to_owned(),
        state: row.text("state")?.to_owned(),
    })
}
