//! Adding entries, within the writer's transaction and under its locks.
//!
//! The number of statements does not depend on the number of posts: the books, earlier tries and targets are read in
//! one statement each, and everything is written in a few. Only edits and deletes, which are rare, take one more each.

mod books;
mod plan;

pub(super) use self::{
    books::Book,
    plan::{Fresh, Push},
};
use self::{books::Books, plan::Plan};
use super::{change::change_target, dialect::Connection, rows, statements};
use crate::{Append, Appended, StoreError, store::group_commit::fatal_or_refusal};

pub(super) async fn append(
    connection: &mut Connection,
    items: &[Append],
) -> Result<Vec<Result<Appended, StoreError>>, StoreError> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let books = Books::read(connection, items).await?;
    let mut plan = Plan::read(connection, books, items).await?;
    let mut answers = Vec::with_capacity(items.len());
    for item in items {
        answers.push(plan.decide(item).map_or_else(fatal_or_refusal, |appended| Ok(Ok(appended)))?);
    }
    write(connection, &plan).await?;
    Ok(answers)
}

async fn write(connection: &mut Connection, plan: &Plan) -> Result<(), StoreError> {
    if plan.fresh.is_empty() {
        return Ok(());
    }
    statements::insert(connection, &plan.fresh).await?;
    for (n, event) in plan.fresh.iter().filter(|(_, event)| event.op.target().is_some()) {
        change_target(connection, *n, event.by, event.at.as_microsecond(), &event.op).await?;
    }
    statements::update_books(connection, &plan.books.changed()).await?;
    if !plan.push.is_empty() {
        statements::write_push(connection, &plan.push).await?;
    }
    Ok(())
}
