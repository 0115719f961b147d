//! One batch, one `BEGIN IMMEDIATE` transaction.

use sqlx::{SqliteConnection, SqlitePool};

use super::{append, mark};
use crate::{
    Append, StoreError,
    store::group_commit::{Answers, MarkWish, Transact, fatal_or_refusal},
};

/// The writer's pool of one connection.
pub(super) struct Database(pub(super) SqlitePool);

impl Transact for Database {
    async fn transact(&self, items: &[Append], wishes: &[MarkWish]) -> Result<Answers, StoreError> {
        let mut transaction = self.0.begin_with("BEGIN IMMEDIATE").await?;
        let connection: &mut SqliteConnection = &mut transaction;
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
