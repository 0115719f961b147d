//! The statements of an append, each for a whole batch: keys travel as one JSON text, entries as rows of parameters.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::{
    append::{Book, Fresh, Push},
    dialect::{Row, hex, hex_list},
    rows,
};
use crate::{Append, Op, Seq, StoreError};

/// Entries of one statement at most. Each statement takes a power of two, so that there are few of them to prepare.
const INSERT_ENTRIES_MAX: usize = 64;

pub(super) async fn books(connection: &mut SqliteConnection, ids: Vec<Uuid>) -> Result<Vec<Row>, StoreError> {
    let found = sqlx::query(
        "SELECT n, id, last_seq, posts, last_post_seq, active_at_us, \
         (SELECT group_concat(hex(m.user_id)) FROM chat_members m WHERE m.conversation = c.n) AS users \
         FROM chat_conversations c WHERE id IN (SELECT unhex(value) FROM json_each(?1))",
    );
    Ok(found.bind(hex_list(ids.into_iter())).fetch_all(connection).await?)
}

/// Entries that are stored already under their conversation's number, sender and client message id.
pub(super) async fn first_tries(
    connection: &mut SqliteConnection,
    items: &[(i64, &Append)],
) -> Result<Vec<Row>, StoreError> {
    let keys = items.iter().map(|(n, item)| (*n, hex(item.by.0), item.client_id.as_str()));
    let found = sqlx::query(
        // CROSS JOIN keeps this order: one look into the index a key.
        "SELECT e.*, c.id AS conversation_id FROM json_each(?1) AS k \
         CROSS JOIN chat_events e ON e.client_id = k.value ->> 2 AND e.sender = unhex(k.value ->> 1) \
         AND e.conversation = k.value ->> 0 \
         CROSS JOIN chat_conversations c ON c.n = e.conversation",
    );
    Ok(found.bind(list(keys)?).fetch_all(connection).await?)
}

pub(super) async fn targets(
    connection: &mut SqliteConnection,
    wanted: &[(i64, Seq)],
) -> Result<Vec<Row>, StoreError> {
    let keys = wanted.iter().map(|(n, seq)| (*n, rows::number(*seq)));
    let found = sqlx::query(
        "SELECT c.id, e.seq, e.sender, e.message, e.at_us, e.erased FROM json_each(?1) AS k \
         CROSS JOIN chat_events e ON e.conversation = k.value ->> 0 AND e.seq = k.value ->> 1 AND e.kind = 0 \
         CROSS JOIN chat_conversations c ON c.n = e.conversation",
    );
    Ok(found.bind(list(keys)?).fetch_all(connection).await?)
}

pub(super) async fn insert(connection: &mut SqliteConnection, mut fresh: &[Fresh]) -> Result<(), StoreError> {
    while !fresh.is_empty() {
        let count = (1_usize << fresh.len().ilog2()).min(INSERT_ENTRIES_MAX);
        let (now, later) = fresh.split_at(count);
        insert_some(connection, now).await?;
        fresh = later;
    }
    Ok(())
}

async fn insert_some(connection: &mut SqliteConnection, fresh: &[Fresh]) -> Result<(), StoreError> {
    let mut statement = QueryBuilder::<Sqlite>::new(
        "INSERT INTO chat_events \
         (conversation, seq, sender, client_id, fingerprint, kind, message, target, content, image, at_us) ",
    );
    statement.push_values(fresh, |mut row, (n, event)| {
        let (content, image) = match &event.op {
            Op::Post { content, image } => (content.as_str(), image.as_deref()),
            Op::Edit { content, .. } => (content.as_str(), None),
            Op::Delete { .. } => ("", None),
        };
        row.push_bind(*n)
            .push_bind(rows::number(event.seq))
            .push_bind(event.by.0)
            .push_bind(event.client_id.as_str())
            .push_bind(event.op.fingerprint().to_vec())
            .push_bind(rows::kind_number(event.op.kind()))
            .push_bind(event.message.0)
            .push_bind(event.op.target().map(rows::number))
            .push_bind(content)
            .push_bind(image)
            .push_bind(event.at.as_microsecond());
    });
    statement.build().execute(connection).await?;
    Ok(())
}

/// One statement for the conversations, one for the senders.
pub(super) async fn update_books(
    connection: &mut SqliteConnection,
    books: &[&Book],
) -> Result<(), StoreError> {
    let conversations = books.iter().map(|book| {
        let Book { n, last, posts, last_post, active_at_us, .. } = book;
        (*n, rows::number(*last), *posts, rows::number(*last_post), *active_at_us)
    });
    sqlx::query(
        "UPDATE chat_conversations AS c SET last_seq = v.value ->> 1, posts = v.value ->> 2, \
         last_post_seq = v.value ->> 3, active_at_us = v.value ->> 4 \
         FROM json_each(?1) AS v WHERE c.n = v.value ->> 0",
    )
    .bind(list(conversations)?)
    .execute(&mut *connection)
    .await?;
    let own = books.iter().flat_map(|book| book.own_posts.iter().map(|own| (book.n, own)));
    let senders = own.map(|(n, (user, posts))| (n, hex(user.0), *posts));
    sqlx::query(
        "UPDATE chat_members AS m SET own_posts = own_posts + (v.value ->> 2) FROM json_each(?1) AS v \
         WHERE m.user_id = unhex(v.value ->> 1) AND m.conversation = v.value ->> 0",
    )
    .bind(list(senders)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Several posts to a member are one job, so they are taken together.
pub(super) async fn write_push(connection: &mut SqliteConnection, due: &[Push]) -> Result<(), StoreError> {
    let posts = due
        .iter()
        .map(|push| (push.n, hex(push.sender.0), rows::number(push.seq), push.due.as_microsecond()));
    sqlx::query(
        "INSERT INTO chat_push (user_id, conversation, seq, due_us, newest_due_us) \
         SELECT m.user_id, m.conversation, max(v.value ->> 2), min(v.value ->> 3), max(v.value ->> 3) \
         FROM json_each(?1) AS v \
         CROSS JOIN chat_members m ON m.conversation = v.value ->> 0 AND m.user_id <> unhex(v.value ->> 1) \
         GROUP BY m.user_id, m.conversation \
         ON CONFLICT (user_id, conversation) DO UPDATE SET seq = excluded.seq, newest_due_us = excluded.newest_due_us",
    )
    .bind(list(posts)?)
    .execute(connection)
    .await?;
    Ok(())
}

fn list(values: impl Iterator<Item = impl serde::Serialize>) -> Result<String, StoreError> {
    serde_json::to_string(&values.collect::<Vec<_>>())
        .map_err(|error| StoreError::Unavailable(Box::new(error)))
}
