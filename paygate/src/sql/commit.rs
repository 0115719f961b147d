//! Writing a step. The caller commits the transaction only if the answer is `Applied`.

use jiff::Timestamp;

use super::{Connection, Value, first, read, row, select_payments, tell};
use crate::model::{Event, EventKind, Grant, Note, Payment, State, TRAIL_ENTRIES_MAX};
use crate::store::{Change, Committed, GrantEffect, StoreError, refuse_a_fall};
use crate::{Actor, GrantId, ProviderHandle, ProviderRef};

pub(crate) async fn commit<C: Connection>(
    connection: &mut C,
    change: Change,
) -> Result<Committed, StoreError> {
    if let Some(refusal) = refusal(connection, &change).await? {
        return Ok(refusal);
    }
    let Change { to, claim: _, grant, events, at, note } = change;
    update(connection, &to).await?;
    let mut told: Vec<Event> = events.into_iter().map(|kind| Event::new(&to, at, kind)).collect();
    match grant {
        GrantEffect::Keep | GrantEffect::Covered => {}
        GrantEffect::Give(grant) => {
            let (who, what) = (&to.intent.subject, &to.intent.offer.resource);
            if read::live_grant(connection, who, what, at).await?.is_none() {
                told.push(give(connection, &to, grant, at).await?);
            }
        }
        GrantEffect::Recompute { spare } => told.extend(recompute(connection, &to, spare, at).await?),
    }
    if let Some(note) = note {
        record(connection, &to, &note, at).await?;
    }
    // Last, because the events are what all subjects have in common.
    tell(connection, &told).await?;
    Ok(Committed::Applied)
}

async fn refusal<C: Connection>(
    connection: &mut C,
    change: &Change,
) -> Result<Option<Committed>, StoreError> {
    let to = &change.to;
    let stored = read::payment(connection, &to.intent.id).await?.ok_or(StoreError::NoSuchPayment)?;
    if stored.version != change.expected_version() {
        return Ok(Some(Committed::Stale(stored)));
    }
    refuse_a_fall(&stored, to)?;
    if let Some(reference) = &change.claim {
        let by = claim(connection, to, reference).await?;
        if by != to.intent.id {
            return Ok(Some(Committed::ReferenceTaken { by }));
        }
    }
    let live = read::live_grant(connection, &to.intent.subject, &to.intent.offer.resource, change.at).await?;
    let others = live.filter(|grant| grant.payment != to.intent.id);
    Ok(match (&change.grant, others) {
        (GrantEffect::Give(_), Some(by)) => Some(Committed::Covered { by }),
        (GrantEffect::Covered, None) => Some(Committed::Stale(stored)),
        _ => None,
    })
}

/// Claims a reference and says who owns it. First the writing, then the look: whoever writes at the same time
/// is waited for, and seen.
async fn claim<C: Connection>(
    connection: &mut C,
    to: &Payment,
    reference: &ProviderRef,
) -> Result<crate::PaymentId, StoreError> {
    let (provider, id) = (to.intent.provider.as_str(), to.intent.id.as_str());
    connection
        .run(
            "INSERT INTO paygate_claims (provider, reference, payment) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[provider.into(), reference.as_str().into(), id.into()],
        )
        .await?;
    let owner = first(
        connection,
        "SELECT reference, payment FROM paygate_claims WHERE provider = $1 AND reference = $2",
        &[provider.into(), reference.as_str().into()],
    )
    .await?;
    row::owner(&owner.ok_or(StoreError::Contended)?)
}

async fn update<C: Connection>(connection: &mut C, to: &Payment) -> Result<(), StoreError> {
    let lapse = match to.state {
        State::Lapsed(reason) => Some(reason.to_string()),
        _ => None,
    };
    let wrong = |column| StoreError::Inconsistent {
        table: "paygate_payments",
        column,
        row: to.intent.id.to_string(),
    };
    let version = i64::try_from(to.version).map_err(|_| wrong("version"))?;
    let written = connection
        .run(
            "UPDATE paygate_payments SET handle = $1, state = $2, lapse = $3, rank = $4, in_flight = $5,
                 doubt_lasting = $16, hinted_at = $17, unseen_at = $18, reference = $6, paid_at = $7, paid_seen_at = $8, refunded_at = $9, refund_ordered_at = $19, entitled = $10, raised = $11,
                 settled = $12, next_check_at = $13, version = $14, leased_until = NULL
             WHERE id = $15 AND version = $14 - 1",
            &[
                Value::Text(to.intent.handle.as_ref().map(ProviderHandle::as_str)),
                to.state.code().into(),
                Value::Text(lapse.as_deref()),
                i64::from(to.state.rank()).into(),
                to.in_flight.into(),
                Value::Text(to.reference.as_ref().map(ProviderRef::as_str)),
                to.paid_at.into(),
                to.paid_seen_at.into(),
                to.refunded_at.into(),
                to.entitled.into(),
                i64::from(to.raised.bits()).into(),
                i64::from(to.settled.bits()).into(),
                to.next_check_at.into(),
                version.into(),
                to.intent.id.as_str().into(),
                to.doubt.lasting.into(),
                to.doubt.hinted_at.into(),
                to.doubt.unseen_at.into(),
                to.refund_ordered_at.into(),
            ],
        )
        .await?;
    if written == 1 { Ok(()) } else { Err(wrong("version")) }
}

async fn give<C: Connection>(
    connection: &mut C,
    payment: &Payment,
    grant: Grant,
    at: Timestamp,
) -> Result<Event, StoreError> {
    let (who, what) = (grant.subject.as_str(), grant.resource.as_str());
    // A grant that is over makes room: the unique indices know only whether one was ended.
    connection
        .run(
            "UPDATE paygate_grants SET ended_at = until_at
             WHERE subject = $1 AND resource = $2 AND ended_at IS NULL AND until_at <= $3",
            &[who.into(), what.into(), at.into()],
        )
        .await?;
    connection
        .run(
            "INSERT INTO paygate_grants (id, payment, subject, resource, from_at, until_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                grant.id.as_str().into(),
                grant.payment.as_str().into(),
                who.into(),
                what.into(),
                grant.from.into(),
                grant.until.into(),
            ],
        )
        .await?;
    Ok(Event::new(payment, at, EventKind::Granted(grant.id)))
}

async fn recompute<C: Connection>(
    connection: &mut C,
    to: &Payment,
    spare: GrantId,
    at: Timestamp,
) -> Result<Vec<Event>, StoreError> {
    let (who, what) = (&to.intent.subject, &to.intent.offer.resource);
    let Some(own) = read::own_live_grant(connection, &to.intent.id, at).await? else { return Ok(Vec::new()) };
    connection
        .run("UPDATE paygate_grants SET ended_at = $1 WHERE id = $2", &[at.into(), own.id.as_str().into()])
        .await?;
    let mut told = vec![Event::new(to, at, EventKind::Revoked(own.id))];
    let heir = first(
        connection,
        select_payments!(
            "WHERE subject = $1 AND resource = $2 AND entitled = 1 AND id <> $3
                 AND (grant_for_us IS NULL OR grant_for_us > $4 - paid_at)
             ORDER BY paid_at, id LIMIT 1"
        ),
        &[who.as_str().into(), what.as_str().into(), to.intent.id.as_str().into(), at.into()],
    )
    .await?;
    if let Some(heir) = heir {
        let heir = row::payment(&heir)?;
        told.push(give(connection, &heir, heir.grant(spare, at), at).await?);
    }
    Ok(told)
}

/// Adds to the trail, or counts its last entry up.
async fn record<C: Connection>(
    connection: &mut C,
    to: &Payment,
    note: &Note,
    at: Timestamp,
) -> Result<(), StoreError> {
    let id = to.intent.id.as_str();
    let state = to.state.code();
    let source = note.source.code();
    let actor = Value::Text(note.source.actor().map(Actor::as_str));
    let seen = note.seen.as_str();
    if !note.changed {
        let counted = connection
            .run(
                "UPDATE paygate_trail SET times = times + 1, last_at = $1
                 WHERE payment = $2 AND place = (SELECT max(place) FROM paygate_trail WHERE payment = $2)
                   AND source = $3 AND actor IS NOT DISTINCT FROM $4 AND seen = $5 AND state = $6",
                &[at.into(), id.into(), source.into(), actor, seen.into(), state.into()],
            )
            .await?;
        if counted > 0 {
            return Ok(());
        }
    }
    connection
        .run(
            "INSERT INTO paygate_trail (payment, place, source, actor, first_at, last_at, times, seen, state)
             SELECT $1, coalesce(max(place), 0) + 1, $2, $3, $4, $4, 1, $5, $6 FROM paygate_trail WHERE payment = $1
             HAVING $7 = 1 OR count(*) < $8",
            &[
                id.into(),
                source.into(),
                actor,
                at.into(),
                seen.into(),
                state.into(),
                note.changed.into(),
                i64::from(TRAIL_ENTRIES_MAX).into(),
            ],
        )
        .await?;
    Ok(())
}
