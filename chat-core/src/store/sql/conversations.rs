//! Conversations, their members and heads.

use jiff::Timestamp;

use super::{
    dialect::{Pool, begin},
    rows,
};
use crate::{Conversation, ConversationId, Member, StoreError, UserId};

pub(super) async fn create(
    writer: &Pool,
    id: ConversationId,
    members: &[UserId],
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut wanted = members.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let mut transaction = begin(writer).await?;
    let made: Option<i64> = sqlx::query_scalar(
        "INSERT INTO chat_conversations (id, active_at_us) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING n",
    )
    .bind(id.0)
    .bind(at.as_microsecond())
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(n) = made else {
        drop(transaction);
        let known = conversation(writer, id).await?.ok_or(StoreError::UnknownConversation)?;
        let same = known.members.iter().map(|member| member.user).eq(wanted);
        return if same { Ok(()) } else { Err(StoreError::MembersDiffer) };
    };
    for user in wanted {
        sqlx::query("INSERT INTO chat_members (user_id, conversation) VALUES ($1, $2)")
            .bind(user.0)
            .bind(n)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(transaction.commit().await?)
}

pub(super) async fn conversation(
    pool: &Pool,
    id: ConversationId,
) -> Result<Option<Conversation>, StoreError> {
    let found = sqlx::query(
        "SELECT c.id, c.last_seq, c.oldest_seq, c.marks_revision, m.user_id, m.read_seq \
         FROM chat_conversations c JOIN chat_members m ON m.conversation = c.n WHERE c.id = $1 ORDER BY m.user_id",
    )
    .bind(id.0)
    .fetch_all(pool)
    .await?;
    let Some(first) = found.first() else { return Ok(None) };
    let head = rows::head(first)?;
    let members: Result<_, StoreError> = found
        .iter()
        .map(|row| {
            Ok(Member { user: UserId(rows::uuid(row, "user_id")?), read: rows::seq(row, "read_seq")? })
        })
        .collect();
    Ok(Some(Conversation { head, members: members? }))
}
