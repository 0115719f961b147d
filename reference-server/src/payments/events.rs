//! Telling people when a payment changes: from the outbox, so that what any server commits is told at each of them.
//!
//! A server that starts tells what happens from then on. What was committed and not told before it died is not told
//! again, and needn't be: its sockets died with it, and whoever connects anew reads how the payment stands; money for
//! what is gone is found by the sweep, and a conversation is made at its first use.

use std::collections::HashSet;
use std::time::Duration;

use paygate::{Event, EventKind, StoreError};
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};

use super::wire::PaymentBody;
use super::{room_of, undelivered, user_of};
use crate::chat::open_conversation;
use crate::state::AppState;

/// Events read at once.
const EVENTS_MAX: u32 = 100;
/// How late an event of another process is seen at most: its hint may be lost, and the command line gives none. Our
/// own wake the pump at once.
const SWEEP_MS: u64 = 1_000;

#[derive(Serialize)]
struct PaymentFrame {
    r#type: &'static str,
    payment: PaymentBody,
}

/// Follows the outbox from `after` until the server stops.
pub async fn pump(state: AppState, mut after: u64) {
    let mut changes = state.payments.changes();
    let mut sweep = interval(Duration::from_millis(SWEEP_MS));
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let ours = tokio::select! {
            () = state.stopping.cancelled() => return,
            _ = changes.changed() => true,
            () = state.nodes.hinted() => false,
            _ = sweep.tick() => false,
        };
        // Who committed tells the others; who heard of it doesn't, or it would never end.
        let ours = ours || changes.has_changed().unwrap_or(false);
        match drain(&state, after, ours).await {
            Ok(seq) => after = seq,
            // Nothing is lost: the same events are read again at the next tick.
            Err(error) => tracing::warn!(%error, "the outbox can't be read now"),
        }
    }
}

/// Reads and tells everything after `after`; answers where it got to.
async fn drain(state: &AppState, mut after: u64, ours: bool) -> Result<u64, StoreError> {
    loop {
        let events = state.payments.events_after(after, EVENTS_MAX).await?;
        let Some(&(last, _)) = events.last() else { return Ok(after) };
        for (_, event) in &events {
            carry_out(state, event, ours).await;
        }
        // Who hears of a payment finds what it opened, so all of that is done first; and hears of it once.
        let mut told = HashSet::new();
        for (_, event) in &events {
            if told.insert(&event.payment) {
                tell(state, event).await?;
            }
        }
        after = last;
    }
}

/// What follows from an event, besides that it is told.
async fn carry_out(state: &AppState, event: &Event, ours: bool) {
    tracing::info!(payment.id = event.payment.as_str(), kind = ?event.kind, "a payment moved on");
    state.metrics.payment_event(name(&event.kind));
    let Some(user) = user_of(&event.subject) else { return };
    if let (EventKind::Granted(_), Some(room)) = (&event.kind, room_of(&event.resource)) {
        // So that both find the chat in their lists before the first word. It is made at its first use at the latest.
        if let Err(problem) = open_conversation(state, room, user).await {
            tracing::warn!(%problem, "a conversation can't be made now");
        }
        // What is missed here is found by the sweep.
        if let Err(problem) = undelivered::review(state).await {
            tracing::warn!(%problem, "payments whose owner has left can't be looked for now");
        }
    }
    // Whoever committed it: what is remembered here may be older.
    state.payments.store().forget(&event.subject, &event.resource);
    // A refund ends access; the open chats find out by asking.
    match ours {
        true => state.chat.recheck(user),
        false => state.chat.recheck_here(user),
    }
}

/// Tells the payer how the payment stands now, which may be further than the event says.
async fn tell(state: &AppState, event: &Event) -> Result<(), StoreError> {
    let Some(user) = user_of(&event.subject).filter(|user| state.users.is_listening(*user)) else {
        return Ok(());
    };
    let Some(payment) = state.payments.payment(&event.payment).await? else { return Ok(()) };
    let frame = PaymentFrame { r#type: "payment", payment: PaymentBody::from(&payment) };
    match serde_json::to_string(&frame) {
        Ok(frame) => state.users.tell(user, frame),
        Err(error) => tracing::error!(%error, "a payment can't be written as JSON"),
    }
    Ok(())
}

/// For metrics.
fn name(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::Opened => "opened",
        EventKind::InFlight => "in_flight",
        EventKind::Settled => "settled",
        EventKind::Granted(_) => "granted",
        EventKind::Lapsed(_) => "lapsed",
        EventKind::Refunded(_) => "refunded",
        EventKind::Revoked(_) => "revoked",
        EventKind::NeedsReview(_) => "needs_review",
        EventKind::Resolved => "resolved",
        _ => "other",
    }
}
