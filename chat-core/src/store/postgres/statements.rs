//! The statements of an append, each for a whole batch.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    append::{Book, Fresh, Push},
    dialect::Row,
    rows,
};
use crate::{Append, Op, Seq, StoreError};

pub(super) async fn books(connection: &mut PgConnection, ids: Vec<Uuid>) -> Result<Vec<Row>, StoreError> {
    let found = sqlx::query(
        "SELECT n, id, last_seq, posts, last_post_seq, active_at_us, \
         (SELECT array_agg(m.user_id ORDER BY m.user_id) FROM chat_members m WHERE m.conversation = n) AS users \
         FROM chat_conversations WHERE id = ANY($1)",
    );
    Ok(found.bind(ids).fetch_all(connection).await?)
}

/// Entries that are stored already under their conversation's number, sender and client message id.
pub(super) async fn first_tries(
    connection: &mut PgConnection,
    items: &[(i64, &Append)],
) -> Result<Vec<Row>, StoreError> {
    let found = sqlx::query(
        "SELECT e.*, c.id AS conversation_id \
         FROM unnest($1::bigint[], $2::uuid[], $3::text[]) AS k (n, sender, client_id) \
         JOIN chat_events e ON e.client_id = k.client_id AND e.sender = k.sender AND e.conversation = k.n \
         JOIN chat_conversations c ON c.n = e.conversation",
    )
    .bind(items.iter().map(|(n, _)| *n).collect::<Vec<_>>())
    .bind(items.iter().map(|(_, item)| item.by.0).collect::<Vec<_>>())
    .bind(items.iter().map(|(_, item)| item.client_id.as_str()).collect::<Vec<_>>());
    Ok(found.fetch_all(connection).await?)
}

pub(super) async fn targets(
    connection: &mut PgConnection,
    wanted: &[(i64, Seq)],
) -> Result<Vec<Row>, StoreError> {
    let found = sqlx::query(
        "SELECT c.id, e.seq, e.sender, e.message, e.at_us, e.erased \
         FROM unnest($1::bigint[], $2::bigint[]) AS k (n, seq) \
         JOIN chat_events e ON e.conversation = k.n AND e.seq = k.seq AND e.kind = 0 \
         JOIN chat_conversations c ON c.n = e.conversation",
    )
    .bind(wanted.iter().map(|(n, _)| *n).collect::<Vec<_>>())
    .bind(wanted.iter().map(|(_, seq)| rows::number(*seq)).collect::<Vec<_>>());
    Ok(found.fetch_all(connection).await?)
}

pub(super) async fn insert(connection: &mut PgConnection, fresh: &[Fresh]) -> Result<(), StoreError> {
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

/// One statement for the conversations, one for the senders.
pub(super) async fn update_books(connection: &mut PgConnection, books: &[&Book]) -> Result<(), StoreError> {
    let column = |of: fn(&Book) -> i64| books.iter().map(|book| of(book)).collect::<Vec<i64>>();
    sqlx::query(
        "UPDATE chat_conversations AS c SET last_seq = v.last_seq, posts = v.posts, \
         last_post_seq = v.last_post_seq, active_at_us = v.active_at_us \
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) \
         AS v (n, last_seq, posts, last_post_seq, active_at_us) WHERE c.n = v.n",
    )
    .bind(column(|book| book.n))
    .bind(column(|book| rows::number(book.last)))
    .bind(column(|book| rows::number(Seq(book.posts))))
    .bind(column(|book| rows::number(book.last_post)))
    .bind(column(|book| book.active_at_us))
    .execute(&mut *connection)
    .await?;
    let senders = || books.iter().flat_map(|book| book.own_posts.iter().map(|own| (book.n, own)));
    sqlx::query(
        "UPDATE chat_members AS m SET own_posts = m.own_posts + v.posts \
         FROM unnest($1::bigint[], $2::uuid[], $3::bigint[]) AS v (n, user_id, posts) \
         WHERE m.user_id = v.user_id AND m.conversation = v.n",
    )
    .bind(senders().map(|(n, _)| n).collect::<Vec<_>>())
    .bind(senders().map(|(_, (user, _))| user.0).collect::<Vec<_>>())
    .bind(senders().map(|(_, (_, posts))| *posts).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Within one statement a row can be written once only, so several posts to a member are taken together.
pub(super) async fn write_push(connection: &mut PgConnection, due: &[Push]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO chat_push (user_id, conversation, seq, due_us, newest_due_us) \
         SELECT m.user_id, m.conversation, max(v.seq), min(v.due_us), max(v.due_us) \
         FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[]) AS v (n, sender, seq, due_us) \
         JOIN chat_members m ON m.conversation = v.n AND m.user_id <> v.sender \
         GROUP BY m.user_id, m.conversation \
         ON CONFLICT (user_id, conversation) DO UPDATE SET seq = excluded.seq, newest_due_us = excluded.newest_due_us",
    )
    .bind(due.iter().map(|push| push.n).collect::<Vec<_>>())
    .bind(due.iter().map(|push| push.sender.0).collect::<Vec<_>>())
    .bind(due.iter().map(|push| rows::number(push.seq)).collect::<Vec<_>>())
    .bind(due.iter().map(|push| push.due.as_microsecond()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
