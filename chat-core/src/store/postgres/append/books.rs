//! What the transaction knows of the conversations it writes to, and what it has changed so far.

use std::{collections::HashMap, sync::Arc};

use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::rows;
use crate::{Append, ConversationId, Event, Op, Seq, StoreError, UserId};

/// The conversations of a batch.
pub(super) struct Books(HashMap<ConversationId, Book>);

/// One conversation.
pub(super) struct Book {
    pub(super) n: i64,
    pub(super) last: Seq,
    pub(super) users: Arc<[UserId]>,
    posts: u64,
    last_post: Seq,
    active_at_us: i64,
    changed: bool,
    /// By how much this transaction changes the number of the members' own posts.
    own_posts: HashMap<UserId, i64>,
}

pub(super) async fn read_books(connection: &mut PgConnection, items: &[Append]) -> Result<Books, StoreError> {
    let mut ids: Vec<Uuid> = items.iter().map(|item| item.conversation.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = sqlx::query(
        "SELECT n, id, last_seq, posts, last_post_seq, active_at_us, \
         (SELECT array_agg(m.user_id ORDER BY m.user_id) FROM chat_members m WHERE m.conversation = n) AS users \
         FROM chat_conversations WHERE id = ANY($1)",
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    let mut books = HashMap::new();
    for row in &found {
        let users: Vec<Uuid> = row.try_get("users")?;
        let book = Book {
            n: row.try_get("n")?,
            last: rows::seq(row, "last_seq")?,
            users: users.into_iter().map(UserId).collect(),
            posts: rows::count(row, "posts")?,
            last_post: rows::seq(row, "last_post_seq")?,
            active_at_us: row.try_get("active_at_us")?,
            changed: false,
            own_posts: HashMap::new(),
        };
        books.insert(ConversationId(rows::uuid(row, "id")?), book);
    }
    Ok(Books(books))
}

impl Books {
    pub(super) fn of(&self, id: ConversationId) -> Option<&Book> {
        self.0.get(&id)
    }

    /// Enters a fresh entry.
    pub(super) fn enter(&mut self, event: &Event) {
        let Some(book) = self.0.get_mut(&event.conversation) else { return };
        book.last = event.seq;
        book.active_at_us = book.active_at_us.max(event.at.as_microsecond());
        book.changed = true;
        // Only the sender changes their posts, so it is their own count either way.
        let own_posts = book.own_posts.entry(event.by).or_default();
        match event.op {
            Op::Post { .. } => {
                book.posts += 1;
                book.last_post = event.seq;
                *own_posts += 1;
            }
            Op::Edit { .. } => {}
            Op::Delete { .. } => {
                book.posts -= 1;
                *own_posts -= 1;
            }
        }
    }

    /// One statement for the conversations, one for the senders.
    pub(super) async fn write(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let changed: Vec<&Book> = self.0.values().filter(|book| book.changed).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let column = |of: fn(&Book) -> i64| changed.iter().map(|book| of(book)).collect::<Vec<i64>>();
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
        let senders = || changed.iter().flat_map(|book| book.own_posts.iter().map(|own| (book.n, own)));
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
}
