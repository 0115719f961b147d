//! Beginning a payment.

use super::{Connection, Value, first, read, row, select_payments, tell};
use crate::model::{Event, EventKind, Payment};
use crate::store::{ASK_FIRST_MAX, Opened, Opening, StoreError};
use crate::{IdempotencyKey, PaymentId, ProviderHandle};

pub(crate) async fn open<C: Connection>(connection: &mut C, opening: Opening) -> Result<Opened, StoreError> {
    let Opening { payment, key, asked } = opening;
    if let Some(known) = payment_of_key(connection, &payment, &key).await? {
        let same =
            known.intent.offer == payment.intent.offer && known.intent.provider == payment.intent.provider;
        return Ok(if same { Opened::SameKey(known) } else { Opened::KeyReused });
    }
    if let Some(found) = reason_not_to(connection, &payment, &asked).await? {
        return Ok(found);
    }
    insert(connection, &payment).await?;
    connection
        .run(
            "INSERT INTO paygate_keys (subject, key, payment) VALUES ($1, $2, $3)",
            &[payment.intent.subject.as_str().into(), key.as_str().into(), payment.intent.id.as_str().into()],
        )
        .await?;
    tell(connection, &[Event::new(&payment, payment.intent.created_at, EventKind::Opened)]).await?;
    Ok(Opened::New(payment))
}

async fn payment_of_key<C: Connection>(
    connection: &mut C,
    payment: &Payment,
    key: &IdempotencyKey,
) -> Result<Option<Payment>, StoreError> {
    let found = first(
        connection,
        select_payments!("WHERE id = (SELECT payment FROM paygate_keys WHERE subject = $1 AND key = $2)"),
        &[payment.intent.subject.as_str().into(), key.as_str().into()],
    )
    .await?;
    found.map(|found| row::payment(&found)).transpose()
}

async fn reason_not_to<C: Connection>(
    connection: &mut C,
    new: &Payment,
    asked: &[PaymentId],
) -> Result<Option<Opened>, StoreError> {
    let now = new.intent.created_at;
    let (who, what) = (&new.intent.subject, &new.intent.offer.resource);
    if let Some(grant) = read::live_grant(connection, who, what, now).await? {
        return Ok(Some(Opened::AlreadyGranted(grant)));
    }
    let open = connection
        .rows(
            select_payments!(
                "WHERE subject = $1 AND resource = $2 AND (rank = 0 OR in_flight = 1) ORDER BY created_at, id"
            ),
            &[who.as_str().into(), what.as_str().into()],
        )
        .await?;
    let open = read::payments(&open)?;
    if let Some(found) = open.iter().find(|payment| payment.in_flight || now < payment.intent.expires_at) {
        return Ok(Some(Opened::AlreadyOpen(found.clone())));
    }
    let ask: Vec<Payment> =
        open.into_iter().filter(|payment| !asked.contains(&payment.intent.id)).take(ASK_FIRST_MAX).collect();
    Ok((!ask.is_empty()).then_some(Opened::AskFirst(ask)))
}

async fn insert<C: Connection>(connection: &mut C, payment: &Payment) -> Result<(), StoreError> {
    let intent = &payment.intent;
    let row = || intent.id.as_str().to_owned();
    let wrong = |column| move |_| StoreError::Inconsistent { table: "paygate_payments", column, row: row() };
    let price = i64::try_from(intent.offer.price.minor).map_err(wrong("price_minor"))?;
    let grant_for = intent.offer.grant_for.map(|time| i64::try_from(time.as_micros())).transpose();
    let written = connection
        .run(
            "INSERT INTO paygate_payments (id, subject, resource, price_minor, currency, grant_for_us, provider,
                 payee, handle, created_at, expires_at, state, rank, in_flight, entitled, raised, settled,
                 next_check_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', 0, 0, 0, 0, 0, $12, 0)
             ON CONFLICT DO NOTHING",
            &[
                intent.id.as_str().into(),
                intent.subject.as_str().into(),
                intent.offer.resource.as_str().into(),
                price.into(),
                intent.offer.price.currency.code().into(),
                Value::Number(grant_for.map_err(wrong("grant_for_us"))?),
                intent.provider.as_str().into(),
                intent.payee.as_str().into(),
                Value::Text(intent.handle.as_ref().map(ProviderHandle::as_str)),
                intent.created_at.into(),
                intent.expires_at.into(),
                payment.next_check_at.into(),
            ],
        )
        .await?;
    if written == 1 { Ok(()) } else { Err(StoreError::NoSuchPayment) }
}
