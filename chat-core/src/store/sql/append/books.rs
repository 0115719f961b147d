//! What the transaction knows of the conversations it writes to, and what it has changed so far.

use std::{collections::HashMap, sync::Arc};

use sqlx::Row as _;
use uuid::Uuid;

use super::{
    super::dialect::{self, Connection},
    rows, statements,
};
use crate::{Append, ConversationId, Event, Op, Seq, StoreError, UserId};

/// The conversations of a batch.
pub(super) struct Books(HashMap<ConversationId, Book>);

/// One conversation.
pub(crate) struct Book {
    pub(crate) n: i64,
    pub(crate) last: Seq,
    pub(crate) users: Arc<[UserId]>,
    pub(crate) posts: u64,
    pub(crate) last_post: Seq,
    pub(crate) active_at_us: i64,
    /// By how much this transaction changes the number of the members' own posts.
    pub(crate) own_posts: HashMap<UserId, i64>,
    changed: bool,
}

impl Books {
    pub(super) async fn read(connection: &mut Connection, items: &[Append]) -> Result<Self, StoreError> {
        let mut ids: Vec<Uuid> = items.iter().map(|item| item.conversation.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut books = HashMap::new();
        for row in &statements::books(connection, ids).await? {
            let book = Book {
                n: row.try_get("n")?,
                last: rows::seq(row, "last_seq")?,
                users: dialect::users(row)?.into(),
                posts: rows::count(row, "posts")?,
                last_post: rows::seq(row, "last_post_seq")?,
                active_at_us: row.try_get("active_at_us")?,
                own_posts: HashMap::new(),
                changed: false,
            };
            books.insert(ConversationId(rows::uuid(row, "id")?), book);
        }
        Ok(Self(books))
    }

    pub(super) fn of(&self, id: ConversationId) -> Option<&Book> {
        self.0.get(&id)
    }

    pub(super) fn changed(&self) -> Vec<&Book> {
        self.0.values().filter(|book| book.changed).collect()
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
}
