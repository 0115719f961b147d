//! What goes on without a request: telling people, asking eSewa again, and cleaning up.

use std::sync::Arc;
use std::time::Duration;

use chat_core::sqlite::{CheckpointLimits, keep_checkpointed};
use sqlx::SqlitePool;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::db::{Db, message_pictures, push_subscriptions, sessions};
use crate::nodes;
use crate::payments;
use crate::photos;
use crate::push::WebPush;
use crate::state::AppState;

/// Between two looks at which payments are due to be asked about.
const RECONCILE_MS: u64 = 5_000;
/// Over how long the open chats are closed when the server stops.
const CHAT_DRAIN_MS: u64 = 2_000;
/// Between two cleanings.
const SWEEP_MS: u64 = 60_000;

/// Starts the tasks; each ends when the server stops.
pub(super) fn spawn(state: &AppState, newest_event: u64) {
    state.tasks.spawn(payments::pump(state.clone(), newest_event));
    state.tasks.spawn(nodes::listen(state.clone()));
    state.tasks.spawn(nodes::follow_access(state.clone()));
    state.tasks.spawn(chat(state.clone()));
    state.tasks.spawn(push(state.clone()));
    state.tasks.spawn(reconcile(state.clone()));
    state.tasks.spawn(sweep(state.clone()));
    if let Db::Sqlite { writer, .. } = &state.db {
        state.tasks.spawn(checkpoints(writer.clone(), state.stopping.clone()));
    }
}

/// Moves what was written from SQLite's log into its file, outside of the commits that people wait for.
async fn checkpoints(writer: SqlitePool, stopping: CancellationToken) {
    tokio::select! {
        () = stopping.cancelled() => {}
        () = keep_checkpointed(&writer, CheckpointLimits::default()) => {}
    }
}

/// Keeps open chats current; at the end closes them, spread out, so that they don't all come back at once.
async fn chat(state: AppState) {
    tokio::select! {
        () = state.stopping.cancelled() => state.chat.engine.drain(CHAT_DRAIN_MS),
        () = state.chat.engine.run() => {}
    }
}

/// Who is not there is told of messages. A job that was cut off by the end of the server comes again at another one, or
/// at the next start.
async fn push(state: AppState) {
    let notifier = Arc::new(WebPush(state.clone()));
    tokio::select! {
        () = state.stopping.cancelled() => {}
        () = state.chat.engine.run_push(notifier) => {}
    }
}

/// A payer who closed the tab gets what they paid for all the same.
async fn reconcile(state: AppState) {
    let mut ticks = interval(Duration::from_millis(RECONCILE_MS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = state.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        match Box::pin(state.payments.reconcile(payments::RECONCILE_PAYMENTS_MAX)).await {
            Ok(report) => tracing::debug!(?report, "asked about payments that were due"),
            Err(error) => tracing::warn!(%error, "payments can't be asked about now"),
        }
    }
}

async fn sweep(state: AppState) {
    if let Err(error) = message_pictures::note_taken_back(&state.db, state.clock.now()).await {
        tracing::warn!(%error, "pictures of messages that were taken back can't be looked for now");
    }
    let mut ticks = interval(Duration::from_millis(SWEEP_MS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = state.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        state.users.sweep();
        if let Err(error) = push_subscriptions::sweep(&state.db, state.clock.now()).await {
            tracing::warn!(%error, "subscriptions of ended sessions can't be removed now");
        }
        if let Err(error) = sessions::sweep(&state.db, state.clock.now()).await {
            tracing::warn!(%error, "ended sessions can't be removed now");
        }
        match payments::undelivered::review(&state).await {
            Ok(0) => {}
            Ok(payments) => tracing::warn!(payments, "payments whose owner had left went to review"),
            Err(problem) => tracing::warn!(%problem, "payments whose owner has left can't be looked for now"),
        }
        match photos::sweep(&state, state.clock.now()).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "photos that belong to no room were removed"),
            Err(problem) => tracing::warn!(%problem, "photos that belong to no room can't be removed now"),
        }
        if let Err(problem) = photos::sweep_messages(&state, state.clock.now()).await {
            tracing::warn!(%problem, "pictures that no message shows can't be removed now");
        }
    }
}
