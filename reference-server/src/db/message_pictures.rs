//! The table `message_pictures`: pictures of messages that are or were on disk. Noted before a file is written, settled
//! once the message is in the log. The log itself is read here by its key alone, to see which message shows a picture.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Db, Row, micros};

/// A message, by what its sender calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The conversation.
    pub conversation: Uuid,
    /// The sender.
    pub sender: Uuid,
    /// The sender's id of it.
    pub client_message_id: String,
}

/// A message whose pictures may be nobody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Which.
    pub message: Named,
    /// When it was noted, in microseconds.
    since: i64,
    /// The picture that the log shows, if the message is there.
    pub shown: Option<String>,
    /// Whether it was reported with a picture, which then stays for administrators.
    pub reported: bool,
}

/// Notes that pictures may be written for a message, or have to go.
pub async fn note(db: &Db, message: &Named, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO message_pictures (conversation_id, sender_id, client_message_id, since)
               VALUES ($1, $2, $3, $4)
               ON CONFLICT (conversation_id, sender_id, client_message_id) DO UPDATE SET since = excluded.since";
    let query = db.write(sql).bind(message.conversation).bind(message.sender);
    query.bind(&*message.client_message_id).bind(micros(now)).execute().await?;
    Ok(())
}

/// The message of a note is in the log with its picture. A note that somebody else made since stays.
pub async fn settle(db: &Db, message: &Named, noted: Timestamp) -> Result<(), sqlx::Error> {
    settle_since(db, message, micros(noted)).await
}

async fn settle_since(db: &Db, message: &Named, since: i64) -> Result<(), sqlx::Error> {
    let sql = "UPDATE message_pictures SET since = NULL
               WHERE conversation_id = $1 AND sender_id = $2 AND client_message_id = $3 AND since = $4";
    let query = db.write(sql).bind(message.conversation).bind(message.sender);
    query.bind(&*message.client_message_id).bind(since).execute().await?;
    Ok(())
}

impl Noted {
    /// It was looked at, and stays.
    pub async fn settle(&self, db: &Db) -> Result<(), sqlx::Error> {
        settle_since(db, &self.message, self.since).await
    }

    /// It was looked at, and its pictures are gone.
    pub async fn cross_out(&self, db: &Db) -> Result<(), sqlx::Error> {
        let sql = "DELETE FROM message_pictures
                   WHERE conversation_id = $1 AND sender_id = $2 AND client_message_id = $3 AND since = $4";
        let query = db.write(sql).bind(self.message.conversation).bind(self.message.sender);
        query.bind(&*self.message.client_message_id).bind(self.since).execute().await?;
        Ok(())
    }
}

/// Notes messages that were taken back while their pictures stayed: what the end of a server cut off. Looks at every
/// picture, so it is for the start.
pub async fn note_taken_back(db: &Db, now: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "UPDATE message_pictures SET since = $1 WHERE since IS NULL AND EXISTS (
                   SELECT 1 FROM chat_conversations AS c JOIN chat_events AS e ON e.conversation = c.n
                   WHERE c.id = message_pictures.conversation_id AND e.sender = message_pictures.sender_id
                       AND e.client_id = message_pictures.client_message_id AND e.image IS NULL)";
    db.write(sql).bind(micros(now)).execute().await
}

/// At most `max` that were noted before `before`, oldest first.
pub async fn noted_before(db: &Db, before: Timestamp, max: u32) -> Result<Vec<Noted>, sqlx::Error> {
    let sql = "SELECT p.conversation_id, p.sender_id, p.client_message_id, p.since, e.image,
                   (SELECT count(*) FROM reports AS r WHERE r.conversation_id = p.conversation_id
                       AND r.message_id = e.message AND r.image IS NOT NULL) AS reports
               FROM message_pictures AS p
               LEFT JOIN chat_conversations AS c ON c.id = p.conversation_id
               LEFT JOIN chat_events AS e ON e.conversation = c.n AND e.sender = p.sender_id
                   AND e.client_id = p.client_message_id
               WHERE p.since < $1 ORDER BY p.since LIMIT $2";
    db.read(sql).bind(micros(before)).bind(i64::from(max)).fetch_all(noted).await
}

fn noted(row: &Row) -> Result<Noted, sqlx::Error> {
    Ok(Noted {
        message: Named {
            conversation: row.get("conversation_id")?,
            sender: row.get("sender_id")?,
            client_message_id: row.get("client_message_id")?,
        },
        since: row.get("since")?,
        shown: row.get("image")?,
        reported: row.get::<i64>("reports")? > 0,
    })
}
