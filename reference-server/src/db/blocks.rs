//! The table `blocks`: who wants to hear no more in a conversation.

use jiff::Timestamp;
use uuid::Uuid;

use super::conversations::{Pairing, pairing};
use super::{Db, micros};

/// Writes a block down; once more is the same.
pub async fn add(db: &Db, conversation: Uuid, blocker: Uuid, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO blocks (conversation_id, blocker_id, created_at) VALUES ($1, $2, $3)
               ON CONFLICT DO NOTHING";
    db.write(sql).bind(conversation).bind(blocker).bind(micros(now)).execute().await?;
    Ok(())
}

/// The blocks since then, on whatever server: in which conversation, and by whom.
pub async fn added_since(db: &Db, since: Timestamp) -> Result<Vec<(Pairing, Uuid)>, sqlx::Error> {
    let sql = "SELECT c.id, c.room_id, c.client_id, c.owner_id, b.blocker_id
               FROM blocks AS b JOIN conversations AS c ON c.id = b.conversation_id WHERE b.created_at >= $1";
    db.read(sql).bind(micros(since)).fetch_all(|row| Ok((pairing(row)?, row.get("blocker_id")?))).await
}

/// Takes a block back; where there is none, nothing happens.
pub async fn remove(db: &Db, conversation: Uuid, blocker: Uuid) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM blocks WHERE conversation_id = $1 AND blocker_id = $2";
    db.write(sql).bind(conversation).bind(blocker).execute().await?;
    Ok(())
}
