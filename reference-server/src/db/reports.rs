//! The table `reports`: what people complain about, for an admin to look at.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Db, micros};

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

/// Writes a report down; about the same again, the newer words stand.
pub async fn put(db: &Db, report: &Report, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO reports (id, conversation_id, reporter_id, message_id, reason, created_at)
               VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (conversation_id, reporter_id, message_id)
               DO UPDATE SET reason = excluded.reason, created_at = excluded.created_at";
    db.write(sql)
        .bind(report.id)
        .bind(report.conversation_id)
        .bind(report.reporter_id)
        .bind(report.message_id.unwrap_or_default())
        .bind(report.reason.as_str())
        .bind(micros(now))
        .execute()
        .await?;
    Ok(())
}
