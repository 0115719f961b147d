//! The writer task that SQL stores share: it takes everything that waits, has it written in one transaction, then
//! answers all.
//!
//! There is no timer. While one transaction is flushed the next batch gathers by itself, so a lone sender waits
//! for one flush and a thousand senders wait for about two.

use std::{future::Future, io};

use tokio::sync::{mpsc, oneshot};

use crate::{Append, Appended, ConversationId, Mark, Seq, StoreError, UserId};

/// Calls that wait for the writer before further callers have to wait for a place.
const QUEUE_CALLS_MAX: usize = 1_024;
/// Entries and marks after which a transaction takes no further call.
const BATCH_ITEMS_MAX: usize = 512;

/// The answers to a batch of appends, each in its place.
pub(super) type Appends = Vec<Result<Appended, StoreError>>;
/// The answers to a transaction.
pub(super) type Answers = (Appends, Vec<Result<Mark, StoreError>>);

/// Writes a batch in one transaction.
pub(super) trait Transact: Send + Sync + 'static {
    /// Writes all of it, and answers once it is durable. An error means that nothing of it was written, or that
    /// nobody knows.
    fn transact(
        &self,
        items: &[Append],
        wishes: &[MarkWish],
    ) -> impl Future<Output = Result<Answers, StoreError>> + Send;
}

/// Whose read mark to move where.
#[derive(Clone, Copy, Debug)]
pub(super) struct MarkWish {
    pub(super) conversation: ConversationId,
    pub(super) user: UserId,
    pub(super) read: Seq,
}

/// A handle on the writer task.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Call>,
}

#[derive(Debug)]
enum Call {
    Append(Vec<Append>, oneshot::Sender<Appends>),
    Mark(MarkWish, oneshot::Sender<Result<Mark, StoreError>>),
}

impl Call {
    fn items(&self) -> usize {
        match self {
            Self::Append(batch, _) => batch.len(),
            Self::Mark(..) => 1,
        }
    }
}

impl Writer {
    pub(super) fn start(database: impl Transact) -> Self {
        let (queue, calls) = mpsc::channel(QUEUE_CALLS_MAX);
        tokio::spawn(run(database, calls));
        Self { queue }
    }

    pub(super) async fn append(&self, batch: Vec<Append>) -> Appends {
        let count = batch.len();
        let (reply, answer) = oneshot::channel();
        if self.queue.send(Call::Append(batch, reply)).await.is_err() {
            return (0..count).map(|_| Err(gone())).collect();
        }
        answer.await.unwrap_or_else(|_| (0..count).map(|_| Err(gone())).collect())
    }

    pub(super) async fn mark(
        &self,
        conversation: ConversationId,
        user: UserId,
        read: Seq,
    ) -> Result<Mark, StoreError> {
        let (reply, answer) = oneshot::channel();
        let wish = MarkWish { conversation, user, read };
        self.queue.send(Call::Mark(wish, reply)).await.map_err(|_| gone())?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

async fn run(database: impl Transact, mut calls: mpsc::Receiver<Call>) {
    while let Some(first) = calls.recv().await {
        let mut count = first.items();
        let mut batch = vec![first];
        while count < BATCH_ITEMS_MAX
            && let Ok(call) = calls.try_recv()
        {
            count += call.items();
            batch.push(call);
        }
        write(&database, batch).await;
    }
}

async fn write(database: &impl Transact, calls: Vec<Call>) {
    let (mut items, mut appenders) = (Vec::new(), Vec::new());
    let (mut wishes, mut markers) = (Vec::new(), Vec::new());
    for call in calls {
        match call {
            Call::Append(mut batch, reply) => {
                appenders.push((batch.len(), reply));
                items.append(&mut batch);
            }
            Call::Mark(wish, reply) => {
                wishes.push(wish);
                markers.push(reply);
            }
        }
    }
    let (mut appended, marked) = match database.transact(&items, &wishes).await {
        Ok(answers) => answers,
        Err(error) => {
            tracing::warn!(%error, items = items.len(), "a batch could not be written");
            let failures = |count: usize| (0..count).map(|_| failed(&error));
            (failures(items.len()).map(Err).collect(), failures(wishes.len()).map(Err).collect())
        }
    };
    for (count, reply) in appenders {
        let rest = appended.split_off(count.min(appended.len()));
        let _caller_left = reply.send(std::mem::replace(&mut appended, rest));
    }
    for (reply, mark) in markers.into_iter().zip(marked) {
        let _caller_left = reply.send(mark);
    }
}

/// A refusal answers one item; a failure ends the whole transaction.
pub(super) fn fatal_or_refusal<T>(error: StoreError) -> Result<Result<T, StoreError>, StoreError> {
    match error {
        StoreError::Unavailable(_) | StoreError::Inconsistent { .. } => Err(error),
        refusal => Ok(Err(refusal)),
    }
}

/// One failure, told to each of those it concerns.
fn failed(error: &StoreError) -> StoreError {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    let source = Box::new(io::Error::other(cause));
    match error {
        StoreError::Inconsistent { what, .. } => StoreError::Inconsistent { what, source: Some(source) },
        _ => StoreError::Unavailable(source),
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable(Box::new(io::Error::other("the writer has ended")))
}
