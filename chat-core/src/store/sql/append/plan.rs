//! Deciding what becomes of each item, in memory: everything that the decisions need was read under the locks.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use sqlx::Row as _;

use super::{super::dialect::Connection, books::Books, rows, statements};
use crate::{
    Append, Appended, ClientMessageId, ConversationId, Event, MessageId, Op, Seq, StoreError, UserId,
};

/// An entry to be written, with its conversation's number.
pub(crate) type Fresh = (i64, Arc<Event>);

/// What is known, and what is to be written.
pub(super) struct Plan {
    pub(super) books: Books,
    pub(super) fresh: Vec<Fresh>,
    pub(super) push: Vec<Push>,
    first_tries: HashMap<(ConversationId, UserId, ClientMessageId), FirstTry>,
    posts: HashMap<(ConversationId, Seq), Post>,
}

/// A post that its readers should be told of, if they have not seen it by then.
pub(crate) struct Push {
    pub(crate) n: i64,
    pub(crate) sender: UserId,
    pub(crate) seq: Seq,
    pub(crate) due: Timestamp,
}

struct FirstTry {
    fingerprint: Vec<u8>,
    event: Arc<Event>,
}

/// A post that is a target, or may become one within the batch.
struct Post {
    sender: UserId,
    message: MessageId,
    at: Timestamp,
    erased: bool,
}

impl Plan {
    pub(super) async fn read(
        connection: &mut Connection,
        books: Books,
        items: &[Append],
    ) -> Result<Self, StoreError> {
        let first_tries = first_tries(connection, &books, items).await?;
        let posts = targets(connection, &books, items).await?;
        Ok(Self { books, fresh: Vec::new(), push: Vec::new(), first_tries, posts })
    }

    pub(super) fn decide(&mut self, item: &Append) -> Result<Appended, StoreError> {
        let book = self.books.of(item.conversation).ok_or(StoreError::UnknownConversation)?;
        if !book.users.contains(&item.by) {
            return Err(StoreError::NotMember);
        }
        let (n, seq, members) = (book.n, book.last.next(), Arc::clone(&book.users));
        let key = (item.conversation, item.by, item.client_id.clone());
        let fingerprint = item.op.fingerprint();
        if let Some(first) = self.first_tries.get(&key) {
            if first.fingerprint != fingerprint {
                return Err(StoreError::IdReused);
            }
            return Ok(Appended { event: Arc::clone(&first.event), duplicate: true, members });
        }
        let message = self.message_of(item)?;
        let event = Arc::new(Event {
            conversation: item.conversation,
            seq,
            message,
            by: item.by,
            client_id: item.client_id.clone(),
            at: item.at,
            op: item.op.clone(),
            erased: false,
        });
        match item.op {
            Op::Post { .. } => {
                let post = Post { sender: item.by, message, at: item.at, erased: false };
                self.posts.insert((item.conversation, seq), post);
                self.push.extend(item.push_due.map(|due| Push { n, sender: item.by, seq, due }));
            }
            Op::Edit { .. } => {}
            Op::Delete { target } => {
                if let Some(post) = self.posts.get_mut(&(item.conversation, target)) {
                    post.erased = true;
                }
            }
        }
        self.books.enter(&event);
        let first = FirstTry { fingerprint: fingerprint.to_vec(), event: Arc::clone(&event) };
        self.first_tries.insert(key, first);
        self.fresh.push((n, Arc::clone(&event)));
        Ok(Appended { event, duplicate: false, members })
    }

    fn message_of(&self, item: &Append) -> Result<MessageId, StoreError> {
        let Some(target) = item.op.target() else { return Ok(item.message) };
        let post = self.posts.get(&(item.conversation, target)).ok_or(StoreError::NoSuchTarget)?;
        if post.sender != item.by {
            return Err(StoreError::NotYours);
        }
        if post.erased {
            return Err(StoreError::NoSuchTarget);
        }
        if item.target_not_before.is_some_and(|bound| post.at < bound) {
            return Err(StoreError::TooOld);
        }
        Ok(post.message)
    }
}

async fn first_tries(
    connection: &mut Connection,
    books: &Books,
    items: &[Append],
) -> Result<HashMap<(ConversationId, UserId, ClientMessageId), FirstTry>, StoreError> {
    let known = items.iter().filter_map(|item| books.of(item.conversation).map(|book| (book.n, item)));
    let found = statements::first_tries(connection, &known.collect::<Vec<_>>()).await?;
    let mut first_tries = HashMap::new();
    for row in &found {
        let conversation = ConversationId(rows::uuid(row, "conversation_id")?);
        let event = Arc::new(rows::event(row, conversation)?);
        let first = FirstTry { fingerprint: row.try_get("fingerprint")?, event: Arc::clone(&event) };
        first_tries.insert((conversation, event.by, event.client_id.clone()), first);
    }
    Ok(first_tries)
}

async fn targets(
    connection: &mut Connection,
    books: &Books,
    items: &[Append],
) -> Result<HashMap<(ConversationId, Seq), Post>, StoreError> {
    let mut posts = HashMap::new();
    let wanted = items.iter().filter_map(|item| {
        let target = item.op.target()?;
        books.of(item.conversation).map(|book| (book.n, target))
    });
    let wanted: Vec<_> = wanted.collect();
    if wanted.is_empty() {
        return Ok(posts);
    }
    let found = statements::targets(connection, &wanted).await?;
    for row in &found {
        let post = Post {
            sender: UserId(rows::uuid(row, "sender")?),
            message: MessageId(rows::uuid(row, "message")?),
            at: rows::instant(row, "at_us")?,
            erased: row.try_get("erased")?,
        };
        posts.insert((ConversationId(rows::uuid(row, "id")?), rows::seq(row, "seq")?), post);
    }
    Ok(posts)
}
