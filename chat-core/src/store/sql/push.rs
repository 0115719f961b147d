//! Push jobs: one a member and conversation. Its due time doubles as its lease: who claims it moves that time on, and
//! may finish it only as long as it stands there.

use jiff::Timestamp;
use sqlx::Row as _;
use uuid::Uuid;

use super::{
    dialect::{Connection, DUE_PUSH, Pool, begin},
    rows,
};
use crate::{ConversationId, PushJob, PushOutcome, StoreError, UserId};

/// Due jobs that a claim looks at, though it may be for fewer. Most were read before they fell due, and end here: who has
/// a single place free must not find one of those at a time.
const DUE_MIN: u32 = 64;

pub(super) async fn claim(
    writer: &Pool,
    now: Timestamp,
    leased_until: Timestamp,
    limit: u32,
) -> Result<Vec<PushJob>, StoreError> {
    let mut transaction = begin(writer).await?;
    let due = sqlx::query(DUE_PUSH)
        .bind(now.as_microsecond())
        .bind(i64::from(limit.max(DUE_MIN)))
        .fetch_all(&mut *transaction)
        .await?;
    let mut jobs = Vec::with_capacity(due.len());
    for row in &due {
        if jobs.len() >= limit as usize {
            break;
        }
        let (user, n) = (rows::uuid(row, "user_id")?, row.try_get("conversation")?);
        jobs.extend(claim_one(&mut transaction, user, n, leased_until).await?);
    }
    transaction.commit().await?;
    Ok(jobs)
}

/// In a statement of its own, which sees everything that was committed before the job was locked. Nothing to tell
/// any more: the job is gone.
async fn claim_one(
    connection: &mut Connection,
    user: Uuid,
    n: i64,
    leased_until: Timestamp,
) -> Result<Option<PushJob>, StoreError> {
    let row = sqlx::query(
        "SELECT c.id, p.seq, p.tries, c.posts - m.own_posts - m.seen_posts AS unread \
         FROM chat_push p JOIN chat_conversations c ON c.n = p.conversation \
         JOIN chat_members m ON m.user_id = p.user_id AND m.conversation = p.conversation \
         WHERE p.user_id = $1 AND p.conversation = $2",
    )
    .bind(user)
    .bind(n)
    .fetch_one(&mut *connection)
    .await?;
    let unread = rows::count(&row, "unread")?;
    if unread == 0 {
        sqlx::query("DELETE FROM chat_push WHERE user_id = $1 AND conversation = $2")
            .bind(user)
            .bind(n)
            .execute(connection)
            .await?;
        return Ok(None);
    }
    sqlx::query(
        "UPDATE chat_push SET due_us = $3, tries = tries + 1 WHERE user_id = $1 AND conversation = $2",
    )
    .bind(user)
    .bind(n)
    .bind(leased_until.as_microsecond())
    .execute(connection)
    .await?;
    Ok(Some(PushJob {
        to: UserId(user),
        conversation: ConversationId(rows::uuid(&row, "id")?),
        newest: rows::seq(&row, "seq")?,
        unread,
        tries: u32::try_from(rows::count(&row, "tries")?).unwrap_or(u32::MAX).saturating_add(1),
        leased_until,
    }))
}

pub(super) async fn finish(writer: &Pool, job: &PushJob, outcome: PushOutcome) -> Result<(), StoreError> {
    let mut transaction = begin(writer).await?;
    let n: Option<i64> = sqlx::query_scalar("SELECT n FROM chat_conversations WHERE id = $1")
        .bind(job.conversation.0)
        .fetch_optional(&mut *transaction)
        .await?;
    let Some(n) = n else { return Ok(()) };
    let leased_until_us = job.leased_until.as_microsecond();
    match outcome {
        PushOutcome::Done => {
            sqlx::query(
                "DELETE FROM chat_push WHERE user_id = $1 AND conversation = $2 AND due_us = $3 AND seq <= $4",
            )
            .bind(job.to.0)
            .bind(n)
            .bind(leased_until_us)
            .bind(rows::number(job.newest))
            .execute(&mut *transaction)
            .await?;
            // Something newer came meanwhile: it has its own time.
            sqlx::query(
                "UPDATE chat_push SET due_us = newest_due_us, tries = 0 \
                 WHERE user_id = $1 AND conversation = $2 AND due_us = $3",
            )
            .bind(job.to.0)
            .bind(n)
            .bind(leased_until_us)
            .execute(&mut *transaction)
            .await?;
        }
        PushOutcome::RetryAt(at) => {
            sqlx::query(
                "UPDATE chat_push SET due_us = $4 WHERE user_id = $1 AND conversation = $2 AND due_us = $3",
            )
            .bind(job.to.0)
            .bind(n)
            .bind(leased_until_us)
            .bind(at.as_microsecond())
            .execute(&mut *transaction)
            .await?;
        }
    }
    Ok(transaction.commit().await?)
}
