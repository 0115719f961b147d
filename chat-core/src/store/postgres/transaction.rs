//! One batch, one transaction: locks first, then everything else.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{append, mark};
use crate::{
    Append, StoreError,
    store::group_commit::{Answers, MarkWish, Transact, fatal_or_refusal},
};

/// The pool that the writer takes its connection from.
pub(super) struct Database(pub(super) PgPool);

impl Transact for Database {
    async fn transact(&self, items: &[Append], wishes: &[MarkWish]) -> Result<Answers, StoreError> {
        let mut transaction = self.0.begin().await?;
        let connection: &mut PgConnection = &mut transaction;
        lock(connection, items, wishes).await?;
        let appended = append::append(connection, items).await?;
        let mut marked = Vec::with_capacity(wishes.len());
        for wish in wishes {
            let mark = mark::mark(connection, *wish).await;
            marked.push(mark.map_or_else(fatal_or_refusal, |mark| Ok(Ok(mark)))?);
        }
        transaction.commit().await?;
        Ok((appended, marked))
    }
}

/// In the order of the ids, on every node: so two batches wait for each other, but never both ways.
async fn lock(
    connection: &mut PgConnection,
    items: &[Append],
    wishes: &[MarkWish],
) -> Result<(), StoreError> {
    let concerned = items.iter().map(|item| item.conversation.0);
    let mut ids: Vec<Uuid> = concerned.chain(wishes.iter().map(|wish| wish.conversation.0)).collect();
    ids.sort_unstable();
    ids.dedup();
    sqlx::query("SELECT 1 FROM chat_conversations WHERE id = ANY($1) ORDER BY id FOR UPDATE")
        .bind(ids)
        .execute(connection)
        .await?;
    Ok(())
}
