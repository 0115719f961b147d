//! Adding entries, within the writer's transaction.
//!
//! Per batch: one read of the conversations concerned, one insert per entry, and one update each of the
//! conversations and of the senders.

use std::{collections::HashMap, fmt::Write as _, sync::Arc};

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{change::change_target, dialect, rows};
use crate::{
    Append, Appended, ConversationId, Event, MessageId, Op, OpKind, Seq, StoreError, UserId,
    store::group_commit::fatal_or_refusal,
};

pub(super) async fn append(
    connection: &mut SqliteConnection,
    items: &[Append],
) -> Result<Vec<Result<Appended, StoreError>>, StoreError> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let mut books = read_books(connection, items).await?;
    let mut answers = Vec::with_capacity(items.len());
    for item in items {
        let answer = match books.get_mut(&item.conversation) {
            None => Err(StoreError::UnknownConversation),
            Some(book) => append_one(connection, book, item).await,
        };
        answers.push(answer.map_or_else(fatal_or_refusal, |appended| Ok(Ok(appended)))?);
    }
    write_books(connection, &books).await?;
    Ok(answers)
}

/// What the transaction knows of a conversation, and what it has changed so far.
struct Book {
    n: i64,
    last: Seq,
    posts: u64,
    last_post: Seq,
    active_at_us: i64,
    changed: bool,
    users: Arc<[UserId]>,
    own_posts: HashMap<UserId, (u64, bool)>,
}

async fn append_one(
    connection: &mut SqliteConnection,
    book: &mut Book,
    item: &Append,
) -> Result<Appended, StoreError> {
    if !book.own_posts.contains_key(&item.by) {
        return Err(StoreError::NotMember);
    }
    let mut message = item.message;
    if let Some(target) = item.op.target() {
        // What the target allows may have changed since the first try, so a retry must be known by now. A
        // post has no target: its insert finds out by itself.
        if let Some(first) = first_try(connection, book, item).await? {
            return Ok(first);
        }
        message = check_target(connection, book, item, target).await?;
    }
    if !insert(connection, book, item, message).await? {
        let first = first_try(connection, book, item).await?;
        return first
            .ok_or(StoreError::Inconsistent { what: "chat_events: a conflict with no row", source: None });
    }
    change_target(connection, book.n, item.by, item.at.as_microsecond(), &item.op).await?;
    book.last = book.last.next();
    book.active_at_us = book.active_at_us.max(item.at.as_microsecond());
    book.changed = true;
    if let Op::Post { .. } = item.op {
        book.last_post = book.last;
        write_push(connection, book, item).await?;
    }
    // Only the sender changes their posts, so it is their own count either way.
    let own_posts = book.own_posts.get_mut(&item.by);
    match (item.op.kind(), own_posts) {
        (OpKind::Post, Some((own, changed))) => {
            book.posts += 1;
            (*own, *changed) = (*own + 1, true);
        }
        (OpKind::Delete, Some((own, changed))) => {
            book.posts -= 1;
            (*own, *changed) = (*own - 1, true);
        }
        _ => {}
    }
    let event = Event {
        conversation: item.conversation,
        seq: book.last,
        message,
        by: item.by,
        client_id: item.client_id.clone(),
        at: item.at,
        op: item.op.clone(),
        erased: false,
    };
    Ok(Appended { event: Arc::new(event), duplicate: false, members: Arc::clone(&book.users) })
}

/// Answers whether the entry is new.
async fn insert(
    connection: &mut SqliteConnection,
    book: &Book,
    item: &Append,
    message: MessageId,
) -> Result<bool, StoreError> {
    let (content, image) = match &item.op {
        Op::Post { content, image } => (content.as_str(), image.as_deref()),
        Op::Edit { content, .. } => (content.as_str(), None),
        Op::Delete { .. } => ("", None),
    };
    let done = sqlx::query(
        "INSERT INTO chat_events \
         (conversation, seq, sender, client_id, fingerprint, kind, message, target, content, image, at_us) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
         ON CONFLICT (client_id, sender, conversation) DO NOTHING",
    )
    .bind(book.n)
    .bind(rows::number(book.last.next()))
    .bind(item.by.0)
    .bind(item.client_id.as_str())
    .bind(item.op.fingerprint().to_vec())
    .bind(rows::kind_number(item.op.kind()))
    .bind(message.0)
    .bind(item.op.target().map(rows::number))
    .bind(content)
    .bind(image)
    .bind(item.at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn write_push(connection: &mut SqliteConnection, book: &Book, item: &Append) -> Result<(), StoreError> {
    let Some(due) = item.push_due else { return Ok(()) };
    sqlx::query(
        "INSERT INTO chat_push (user_id, conversation, seq, due_us, newest_due_us) \
         SELECT user_id, conversation, ?3, ?4, ?4 FROM chat_members WHERE conversation = ?1 AND user_id <> ?2 \
         ON CONFLICT (user_id, conversation) DO UPDATE SET seq = excluded.seq, newest_due_us = excluded.newest_due_us",
    )
    .bind(book.n)
    .bind(item.by.0)
    .bind(rows::number(book.last))
    .bind(due.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

async fn first_try(
    connection: &mut SqliteConnection,
    book: &Book,
    item: &Append,
) -> Result<Option<Appended>, StoreError> {
    let row =
        sqlx::query("SELECT * FROM chat_events WHERE client_id = ?1 AND sender = ?2 AND conversation = ?3")
            .bind(item.client_id.as_str())
            .bind(item.by.0)
            .bind(book.n)
            .fetch_optional(connection)
            .await?;
    let Some(row) = row else { return Ok(None) };
    let fingerprint: Vec<u8> = row.try_get("fingerprint")?;
    if fingerprint != item.op.fingerprint() {
        return Err(StoreError::IdReused);
    }
    let event = Arc::new(rows::event(&row, item.conversation)?);
    Ok(Some(Appended { event, duplicate: true, members: Arc::clone(&book.users) }))
}

async fn check_target(
    connection: &mut SqliteConnection,
    book: &Book,
    item: &Append,
    target: Seq,
) -> Result<MessageId, StoreError> {
    let row = sqlx::query(
        "SELECT sender, message, erased, at_us FROM chat_events WHERE conversation = ?1 AND seq = ?2 AND kind = 0",
    )
    .bind(book.n)
    .bind(rows::number(target))
    .fetch_optional(connection)
    .await?
    .ok_or(StoreError::NoSuchTarget)?;
    if rows::uuid(&row, "sender")? != item.by.0 {
        return Err(StoreError::NotYours);
    }
    if row.try_get::<bool, _>("erased")? {
        return Err(StoreError::NoSuchTarget);
    }
    let at = rows::instant(&row, "at_us")?;
    if item.target_not_before.is_some_and(|bound| at < bound) {
        return Err(StoreError::TooOld);
    }
    Ok(MessageId(rows::uuid(&row, "message")?))
}

async fn read_books(
    connection: &mut SqliteConnection,
    items: &[Append],
) -> Result<HashMap<ConversationId, Book>, StoreError> {
    let mut ids: Vec<_> = items.iter().map(|item| item.conversation.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = sqlx::query(
        "SELECT c.n, c.id, c.last_seq, c.posts, c.last_post_seq, c.active_at_us, m.user_id, m.own_posts \
         FROM chat_conversations c JOIN chat_members m ON m.conversation = c.n \
         WHERE c.id IN (SELECT unhex(value) FROM json_each(?1)) ORDER BY c.n, m.user_id",
    )
    .bind(dialect::hex_list(ids.into_iter()))
    .fetch_all(connection)
    .await?;
    let mut books = HashMap::new();
    for rows_of_one in found.chunk_by(|a, b| a.get::<i64, _>("n") == b.get::<i64, _>("n")) {
        let id = ConversationId(rows::uuid(&rows_of_one[0], "id")?);
        books.insert(id, read_book(rows_of_one)?);
    }
    Ok(books)
}

fn read_book(rows_of_one: &[SqliteRow]) -> Result<Book, StoreError> {
    let row = &rows_of_one[0];
    let mut users = Vec::with_capacity(rows_of_one.len());
    let mut own_posts = HashMap::new();
    for member in rows_of_one {
        let user = UserId(rows::uuid(member, "user_id")?);
        users.push(user);
        own_posts.insert(user, (rows::count(member, "own_posts")?, false));
    }
    Ok(Book {
        n: row.try_get("n")?,
        last: rows::seq(row, "last_seq")?,
        posts: rows::count(row, "posts")?,
        last_post: rows::seq(row, "last_post_seq")?,
        active_at_us: row.try_get("active_at_us")?,
        changed: false,
        users: users.into(),
        own_posts,
    })
}

async fn write_books(
    connection: &mut SqliteConnection,
    books: &HashMap<ConversationId, Book>,
) -> Result<(), StoreError> {
    let mut conversations = String::from("[");
    let mut senders = String::from("[");
    for book in books.values().filter(|book| book.changed) {
        let Book { n, last, posts, last_post, active_at_us, .. } = book;
        // Writing to a String cannot fail.
        let _ = write!(conversations, "[{n},{last},{posts},{last_post},{active_at_us}],");
        for (user, (own, _)) in book.own_posts.iter().filter(|(_, (_, changed))| *changed) {
            let _ = write!(senders, "[{n},\"{}\",{own}],", dialect::hex(user.0));
        }
    }
    if conversations.len() > 1 {
        sqlx::query(
            "UPDATE chat_conversations AS c SET last_seq = v.value ->> 1, posts = v.value ->> 2, \
             last_post_seq = v.value ->> 3, active_at_us = v.value ->> 4 \
             FROM json_each(?1) AS v WHERE c.n = v.value ->> 0",
        )
        .bind(closed(conversations))
        .execute(&mut *connection)
        .await?;
    }
    if senders.len() > 1 {
        sqlx::query(
            "UPDATE chat_members AS m SET own_posts = v.value ->> 2 FROM json_each(?1) AS v \
             WHERE m.user_id = unhex(v.value ->> 1) AND m.conversation = v.value ->> 0",
        )
        .bind(closed(senders))
        .execute(connection)
        .await?;
    }
    Ok(())
}

fn closed(mut list: String) -> String {
    list.pop();
    list.push(']');
    list
}
