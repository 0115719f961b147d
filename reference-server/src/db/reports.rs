//! The table `reports`: what people complain about, for an admin to look at.

use jiff::Timestamp;
use uuid::Uuid;

use super::conversations::{Pairing, pairing};
use super::wanted::{Value, Wanted};
use super::{Db, Row, instant, micros};

/// A complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id, if it is the first of this reporter about this.
    pub id: Uuid,
    /// In which conversation.
    pub conversation_id: Uuid,
    /// Who complains.
    pub reporter_id: Uuid,
    /// About which message; the conversation as a whole without.
    pub message_id: Option<Uuid>,
    /// In the reporter's words.
    pub reason: String,
}

/// The reported message as it read then, whatever became of it since. Read with one report only, never with a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    /// Its text.
    pub content: String,
    /// The chat's name for its picture.
    pub image: Option<String>,
}

/// A complaint with the people and the room, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The complaint.
    pub report: Report,
    /// Where they talk.
    pub pairing: Pairing,
    /// The room's title.
    pub room_title: String,
    /// The client's name.
    pub client_name: String,
    /// The owner's name.
    pub owner_name: String,
    /// When it was made, or made again.
    pub created_at: Timestamp,
    /// What an administrator made of it; `None` while it waits.
    pub verdict: Option<Verdict>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

/// What an administrator made of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is right, and something was done.
    Upheld,
    /// There is nothing to do about it.
    Dismissed,
}

impl Verdict {
    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Dismissed => "dismissed",
        }
    }

    /// The verdict of a word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Upheld, Self::Dismissed].into_iter().find(|verdict| verdict.as_str() == word)
    }
}

impl Case {
    /// The name of one of the two.
    pub fn name_of(&self, user: Uuid) -> &str {
        if user == self.pairing.client_id { &self.client_name } else { &self.owner_name }
    }

    /// Who is complained about.
    pub fn reported(&self) -> Uuid {
        self.pairing.other(self.report.reporter_id).unwrap_or(self.pairing.owner_id)
    }
}

/// Writes a report down; about the same again, the newer reason stands, and somebody looks again. The words that it is
/// about stay as they were first reported until somebody judged them: who complains that they were changed must not
/// lose them by that.
pub async fn put(db: &Db, report: &Report, words: Option<&Words>, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO reports
                   (id, conversation_id, reporter_id, message_id, reason, created_at, content, image)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
               ON CONFLICT (conversation_id, reporter_id, message_id)
               DO UPDATE SET reason = excluded.reason, created_at = excluded.created_at,
                   verdict = NULL, decided_at = NULL,
                   content = CASE WHEN excluded.content IS NULL
                           OR (reports.content IS NOT NULL AND reports.verdict IS NULL)
                       THEN reports.content ELSE excluded.content END,
                   image = CASE WHEN excluded.content IS NULL
                           OR (reports.content IS NOT NULL AND reports.verdict IS NULL)
                       THEN reports.image ELSE excluded.image END";
    db.write(sql)
        .bind(report.id)
        .bind(report.conversation_id)
        .bind(report.reporter_id)
        .bind(report.message_id.unwrap_or_default())
        .bind(report.reason.as_str())
        .bind(micros(now))
        .bind(words.map(|words| words.content.as_str()))
        .bind(words.and_then(|words| words.image.as_deref()))
        .execute()
        .await?;
    Ok(())
}

/// The message of a report as it read then, where that was kept.
pub async fn words(db: &Db, id: Uuid) -> Result<Option<Words>, sqlx::Error> {
    let sql = "SELECT content, image FROM reports WHERE id = $1 AND content IS NOT NULL";
    let read = |row: &Row| Ok(Words { content: row.get("content")?, image: row.get("image")? });
    db.read(sql).bind(id).fetch_optional(read).await
}

/// Whether the picture of a message is somebody's proof, and so stays on disk when it is taken back.
pub async fn has_picture_of(db: &Db, conversation: Uuid, message: Uuid) -> Result<bool, sqlx::Error> {
    let sql = "SELECT 1 FROM reports
               WHERE conversation_id = $1 AND message_id = $2 AND image IS NOT NULL LIMIT 1";
    Ok(db.read(sql).bind(conversation).bind(message).fetch_optional(|_| Ok(())).await?.is_some())
}

const SELECT: &str =
    "SELECT r.id AS report_id, r.reporter_id, r.message_id, r.reason, r.created_at, r.verdict,
        r.decided_at, c.id, c.room_id, c.client_id, c.owner_id, rooms.title,
        client.name AS client_name, owner.name AS owner_name
    FROM reports AS r JOIN conversations AS c ON c.id = r.conversation_id
    JOIN rooms ON rooms.id = c.room_id
    JOIN users AS client ON client.id = c.client_id
    JOIN users AS owner ON owner.id = c.owner_id";

/// At most `max` cases, newest first, before the one with the id `before`: those that wait, those that were decided,
/// or all.
pub async fn list(
    db: &Db,
    waiting: Option<bool>,
    about: Option<Uuid>,
    before: Option<Uuid>,
    max: u32,
) -> Result<Vec<Case>, sqlx::Error> {
    let condition = match waiting {
        None => "1 = 1",
        Some(true) => "r.verdict IS NULL",
        Some(false) => "r.verdict IS NOT NULL",
    };
    let mut wanted = Wanted::default();
    if let Some(before) = before {
        wanted.and("r.id < ?", Value::Id(before));
    }
    if let Some(about) = about {
        let theirs = "(c.client_id = ? OR c.owner_id = ?) AND r.reporter_id <> ?";
        wanted.and(theirs, Value::Id(about));
    }
    let select = format!("{SELECT} WHERE {condition}");
    wanted.query(db, &select, "ORDER BY r.id DESC", max).fetch_all(case).await
}

/// One case.
pub async fn lookup(db: &Db, id: Uuid) -> Result<Option<Case>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE r.id = $1");
    db.read(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(case).await
}

/// Writes a verdict down; `false` when there is one already.
pub async fn decide(db: &Db, id: Uuid, verdict: Verdict, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE reports SET verdict = $2, decided_at = $3 WHERE id = $1 AND verdict IS NULL";
    Ok(db.write(sql).bind(id).bind(verdict.as_str()).bind(micros(now)).execute().await? == 1)
}

fn case(row: &Row) -> Result<Case, sqlx::Error> {
    let pairing = pairing(row)?;
    let message_id: Uuid = row.get("message_id")?;
    let verdict: Option<&str> = row.get("verdict")?;
    let report = Report {
        id: row.get("report_id")?,
        conversation_id: pairing.id,
        reporter_id: row.get("reporter_id")?,
        message_id: Some(message_id).filter(|id| !id.is_nil()),
        reason: row.get("reason")?,
    };
    Ok(Case {
        report,
        pairing,
        room_title: row.get("title")?,
        client_name: row.get("client_name")?,
        owner_name: row.get("owner_name")?,
        created_at: instant(row.get("created_at")?)?,
        verdict: verdict.and_then(Verdict::of),
        decided_at: row.get::<Option<i64>>("decided_at")?.map(instant).transpose()?,
    })
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").finish_non_exhaustive()
    }
}
