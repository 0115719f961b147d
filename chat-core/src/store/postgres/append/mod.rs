//! Adding entries, within the writer's transaction and under its locks.
//!
//! The number of statements does not depend on the number of posts: the books, earlier tries and targets are read in
//! one statement each; all entries are inserted in one. Only edits and deletes, which are rare, take one more each.

mod books;
mod plan;

use sqlx::PgConnection;

use self::{books::read_books, plan::Plan};
use super::{change::change_target, rows};
use crate::{Append, Appended, Op, StoreError, store::group_commit::fatal_or_refusal};

pub(super) async fn append(
    connection: &mut PgConnection,
    items: &[Append],
) -> Result<Vec<Result<Appended, StoreError>>, StoreError> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let books = read_books(connection, items).await?;
    let mut plan = Plan::read(connection, books, items).await?;
    let mut answers = Vec::with_capacity(items.len());
    for item in items {
        answers.push(plan.decide(item).map_or_else(fatal_or_refusal, |appended| Ok(Ok(appended)))?);
    }
    insert(connection, &plan).await?;
    for (n, event) in plan.fresh.iter().filter(|(_, event)| event.op.target().is_some()) {
        change_target(connection, *n, event.by, event.at.as_microsecond(), &event.op).await?;
    }
    plan.books.write(connection).await?;
    write_push(connection, &plan).await?;
    Ok(answers)
}

async fn insert(connection: &mut PgConnection, plan: &Plan) -> Result<(), StoreError> {
    let fresh = &plan.fresh;
    if fresh.is_empty() {
        return Ok(());
    }
    let texts = fresh.iter().map(|(_, event)| match &event.op {
        Op::Post { content, image } => (content.as_str(), image.as_deref()),
        Op::Edit { content, .. } => (content.as_str(), None),
        Op::Delete { .. } => ("", None),
    });
    let (contents, images): (Vec<&str>, Vec<Option<&str>>) = texts.unzip();
    let each = || fresh.iter().map(|(_, event)| event);
    sqlx::query(
        "INSERT INTO chat_events \
         (conversation, seq, sender, client_id, fingerprint, kind, message, target, content, image, at_us) \
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::text[], $5::bytea[], $6::smallint[], \
         $7::uuid[], $8::bigint[], $9::text[], $10::text[], $11::bigint[])",
    )
    .bind(fresh.iter().map(|(n, _)| *n).collect::<Vec<_>>())
    .bind(each().map(|event| rows::number(event.seq)).collect::<Vec<_>>())
    .bind(each().map(|event| event.by.0).collect::<Vec<_>>())
    .bind(each().map(|event| event.client_id.as_str()).collect::<Vec<_>>())
    .bind(each().map(|event| event.op.fingerprint().to_vec()).collect::<Vec<_>>())
    .bind(each().map(|event| rows::kind_number(event.op.kind())).collect::<Vec<_>>())
    .bind(each().map(|event| event.message.0).collect::<Vec<_>>())
    .bind(each().map(|event| event.op.target().map(rows::number)).collect::<Vec<_>>())
    .bind(contents)
    .bind(images)
    .bind(each().map(|event| event.at.as_microsecond()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Within one statement a row can be written once only, so several posts to a member are taken together.
async fn write_push(connection: &mut PgConnection, plan: &Plan) -> Result<(), StoreError> {
    let due = || plan.push.iter();
    if plan.push.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO chat_push (user_id, conversation, seq, due_us, newest_due_us) \
         SELECT m.user_id, m.conversation, max(v.seq), min(v.due_us), max(v.due_us) \
         FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[]) AS v (n, sender, seq, due_us) \
         JOIN chat_members m ON m.conversation = v.n AND m.user_id <> v.sender \
         GROUP BY m.user_id, m.conversation \
         ON CONFLICT (user_id, conversation) DO UPDATE SET seq = excluded.seq, newest_due_us = excluded.newest_due_us",
    )
    .bind(due().map(|push| push.n).collect::<Vec<_>>())
    .bind(due().map(|push| push.sender.0).collect::<Vec<_>>())
    .bind(due().map(|push| rows::number(push.seq)).collect::<Vec<_>>())
    .bind(due().map(|push| push.due.as_microsecond()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
