//! Look-ups, pages and leases.

use jiff::Timestamp;

use super::{Connection, first, row, select_payments};
use crate::model::{Access, Event, Grant, Observation, Payment};
use crate::{PaymentId, ResourceId, StoreError, SubjectId};

pub(crate) async fn access<C: Connection>(
    connection: &mut C,
    who: &SubjectId,
    what: &ResourceId,
    now: Timestamp,
) -> Result<Access, StoreError> {
    if let Some(grant) = live_grant(connection, who, what, now).await? {
        return Ok(Access::Granted(grant));
    }
    let found = first(
        connection,
        select_payments!(
            "WHERE subject = $1 AND resource = $2 AND in_flight = 1 ORDER BY created_at, id LIMIT 1"
        ),
        &[who.as_str().into(), what.as_str().into()],
    )
    .await?;
    let payment = found.map(|found| row::payment(&found)).transpose()?;
    Ok(payment.map_or(Access::Locked, |payment| Access::InFlight(payment.intent.id)))
}

/// The live grant of a door. One whose payment is not this subject's, for this resource, and entitled lets nobody in.
pub(super) async fn live_grant<C: Connection>(
    connection: &mut C,
    who: &SubjectId,
    what: &ResourceId,
    now: Timestamp,
) -> Result<Option<Grant>, StoreError> {
    let found = first(
        connection,
        "SELECT id, payment, subject, resource, from_at, until_at,
             (SELECT count(*) FROM paygate_payments AS p
              WHERE p.id = payment AND p.subject = $1 AND p.resource = $2 AND p.entitled = 1) AS backed
         FROM paygate_grants
         WHERE subject = $1 AND resource = $2 AND ended_at IS NULL AND (until_at IS NULL OR until_at > $3)",
        &[who.as_str().into(), what.as_str().into(), now.into()],
    )
    .await?;
    found.map(|found| row::backed_grant(&found)).transpose()
}

/// The live grant of one payment, also when that is not entitled any more.
pub(super) async fn own_live_grant<C: Connection>(
    connection: &mut C,
    payment: &PaymentId,
    now: Timestamp,
) -> Result<Option<Grant>, StoreError> {
    let found = first(
        connection,
        "SELECT id, payment, subject, resource, from_at, until_at FROM paygate_grants
         WHERE payment = $1 AND ended_at IS NULL AND (until_at IS NULL OR until_at > $2)",
        &[payment.as_str().into(), now.into()],
    )
    .await?;
    found.map(|found| row::grant(&found)).transpose()
}

pub(crate) async fn payment<C: Connection>(
    connection: &mut C,
    id: &PaymentId,
) -> Result<Option<Payment>, StoreError> {
    let found = first(connection, select_payments!("WHERE id = $1"), &[id.as_str().into()]).await?;
    found.map(|found| row::payment(&found)).transpose()
}

pub(crate) async fn lease_due<C: Connection>(
    connection: &mut C,
    now: Timestamp,
    until: Timestamp,
    max: u32,
) -> Result<Vec<Payment>, StoreError> {
    let due = connection.rows(C::SELECT_DUE, &[now.into(), i64::from(max).into()]).await?;
    let due = payments(&due)?;
    for payment in &due {
        let id = payment.intent.id.as_str();
        let sql = "UPDATE paygate_payments SET leased_until = $1 WHERE id = $2";
        connection.run(sql, &[until.into(), id.into()]).await?;
    }
    Ok(due)
}

pub(crate) async fn events_after<C: Connection>(
    connection: &mut C,
    seq: u64,
    max: u32,
) -> Result<Vec<(u64, Event)>, StoreError> {
    let rows = connection.rows(
        "SELECT seq, payment, subject, resource, at, kind FROM paygate_events WHERE seq > $1 ORDER BY seq LIMIT $2",
        &[i64::try_from(seq).unwrap_or(i64::MAX).into(), i64::from(max).into()],
    )
    .await?;
    rows.iter().map(|row| row::event(row)).collect()
}

pub(crate) async fn newest_event<C: Connection>(connection: &mut C) -> Result<u64, StoreError> {
    let newest = first(connection, "SELECT max(seq) AS newest FROM paygate_events", &[]).await?;
    newest.map_or(Ok(0), |newest| row::newest_event(&newest))
}

pub(crate) async fn payments_of<C: Connection>(
    connection: &mut C,
    who: &SubjectId,
    before: Option<(Timestamp, PaymentId)>,
    max: u32,
) -> Result<Vec<Payment>, StoreError> {
    // Without a place the page begins after everything: no id is behind the empty one at the end of time.
    let (at, id) = match &before {
        Some((at, id)) => (at.as_microsecond(), id.as_str()),
        None => (i64::MAX, ""),
    };
    let rows = connection.rows(
        select_payments!(
            "WHERE subject = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4"
        ),
        &[who.as_str().into(), at.into(), id.into(), i64::from(max).into()],
    )
    .await?;
    payments(&rows)
}

pub(crate) async fn in_review<C: Connection>(
    connection: &mut C,
    max: u32,
) -> Result<Vec<Payment>, StoreError> {
    let rows = connection
        .rows(
            select_payments!("WHERE (raised & ~settled) <> 0 ORDER BY created_at, id LIMIT $1"),
            &[i64::from(max).into()],
        )
        .await?;
    payments(&rows)
}

pub(crate) async fn trail<C: Connection>(
    connection: &mut C,
    id: &PaymentId,
) -> Result<Vec<Observation>, StoreError> {
    let rows = connection
        .rows(
            "SELECT payment, source, actor, first_at, last_at, times, seen, state FROM paygate_trail
         WHERE payment = $1 ORDER BY place",
            &[id.as_str().into()],
        )
        .await?;
    rows.iter().map(|row| row::observation(row)).collect()
}

pub(super) fn payments<R: super::Columns>(rows: &[R]) -> Result<Vec<Payment>, StoreError> {
    rows.iter().map(|row| row::payment(row)).collect()
}
