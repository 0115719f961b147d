//! What goes on beside the requests: hearing the other nodes, filling holes, comparing with the store.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use tokio::time::{Instant, MissedTickBehavior};

use super::{ChatEngine, Inner};
use crate::{
    BusEvent, ChatStore, ConversationId, Encoder, Head, Page, Revocation, StoreError, bus::Hint, hub::Room,
};

/// How many conversations one comparison with the store names.
const SWEEP_CONVERSATIONS_MAX: usize = 1_000;
/// How many conversations are read from the store at the same time, to mend them: whoever waits for one waits for others.
const MEND_ROOMS_MAX: usize = 8;

impl<S: ChatStore, E: Encoder> ChatEngine<S, E> {
    /// Keeps this node's view current. It never returns: the host runs it in a task and drops it at the end.
    ///
    /// Without it, sends still work and sessions of this node still hear each other, but withdrawn access,
    /// other nodes and lost hints go unnoticed.
    pub async fn run(&self) {
        tokio::join!(self.follow(), self.inner.follow_presence());
    }

    async fn follow(&self) {
        let inner = &self.inner;
        let mut hints = inner.bus.events().fuse();
        let mut revocations = inner.policy.revocations().fuse();
        let mut sweep = tokio::time::interval(Duration::from_millis(inner.limits.sweep_every_ms.max(1)));
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        sweep.reset();
        let mut notices = Throttle::new(Duration::from_millis(inner.limits.doubt_notices_every_ms));
        loop {
            tokio::select! {
                // In a fixed order, so that a simulation repeats itself; a flood of hints must not starve the sweep.
                biased;
                _ = sweep.tick() => {
                    inner.sweep().await;
                    // A stream that ended is asked for again: the bus or the policy may have been restarted.
                    if hints.is_done() {
                        hints = inner.bus.events().fuse();
                    }
                    if revocations.is_done() {
                        revocations = inner.policy.revocations().fuse();
                    }
                }
                Some(revocation) = revocations.next() => self.revoke(revocation),
                Some(event) = hints.next() => match event {
                    BusEvent::Got(hint) => inner.hear(hint),
                    BusEvent::MaybeLost => {
                        inner.sweep().await;
                        notices.ask();
                    }
                },
                // Notices carry no state: after a loss, whoever listens looks again. A bus that is away says so every
                // few seconds, and all of them looking each time would be what brings the store down, too.
                () = notices.due() => inner.users.wake_all(),
                () = inner.hub.hole_found() => inner.fill_holes().await,
            }
        }
    }
}

/// Lets something happen soon after it was asked for, but only every so often however often it is asked for.
struct Throttle {
    every: Duration,
    asked: bool,
    not_before: Instant,
}

impl Throttle {
    fn new(every: Duration) -> Self {
        Self { every, asked: false, not_before: Instant::now() }
    }

    fn ask(&mut self) {
        self.asked = true;
    }

    /// Waits until it is time. May be dropped and called again.
    async fn due(&mut self) {
        if !self.asked {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep_until(self.not_before).await;
        self.asked = false;
        self.not_before = Instant::now() + self.every;
    }
}

impl<S: ChatStore, E: Encoder> Inner<S, E> {
    fn hear(&self, hint: Hint) {
        match hint {
            Hint::Stored { event } => {
                if let Some(room) = self.hub.room(event.conversation)
                    && room.deliver([&event])
                {
                    self.hub.report_hole(event.conversation);
                }
            }
            Hint::Marked { conversation, user, read, revision } => {
                if let Some(room) = self.hub.room(conversation) {
                    room.mark(user, read, revision);
                }
            }
            Hint::Typing { conversation, user } => {
                if let Some(room) = self.hub.room(conversation) {
                    room.typing(user, self.now());
                }
            }
            Hint::Unread { user } => self.users.wake(user),
            Hint::Presence { user, online } => self.hub.hear_presence(user, online),
            Hint::Revoked { user, conversation } => self.hub.recheck(Revocation { user, conversation }),
        }
    }

    /// Fills what stayed missing for a moment: most holes are two sends that overtook each other.
    async fn fill_holes(&self) {
        tokio::time::sleep(Duration::from_millis(self.limits.hole_hold_ms)).await;
        for id in self.hub.take_holes() {
            if let Some(room) = self.hub.room(id)
                && let Err(error) = self.fill(&room).await
            {
                tracing::warn!(conversation = ?id, %error, "a hole stays until the next sweep");
            }
        }
    }

    /// Reads what follows the last entry that was heard, up to the head.
    async fn fill(&self, room: &Arc<Room<E>>) -> Result<(), StoreError> {
        let limit = self.limits.backlog_items_max;
        while let Some(heard) = room.heard() {
            let events = self.store.log(room.id, Page::After(heard), limit).await?;
            let full = events.len() >= limit as usize;
            // A log has no holes but at its beginning, where it was purged before this node heard of it.
            if let Some(first) = events.first().filter(|first| first.seq > heard.next()) {
                room.forget_before(first.seq);
            }
            let events: Vec<_> = events.into_iter().map(Arc::new).collect();
            room.deliver(&events);
            // The second condition ends the loop on a store that answers the same page for ever.
            if !full || room.heard() == Some(heard) {
                break;
            }
        }
        Ok(())
    }

    /// Compares every open conversation with the store, and mends what differs.
    async fn sweep(&self) {
        let open = self.hub.open();
        for ids in open.chunks(SWEEP_CONVERSATIONS_MAX) {
            match self.store.heads(ids).await {
                Ok(heads) => self.mend(&heads).await,
                Err(error) => tracing::warn!(%error, "the open conversations could not be compared"),
            }
        }
    }

    async fn mend(&self, heads: &[Head]) {
        let mending = stream::iter(heads.to_vec()).map(|head| async move {
            if let Err(error) = self.mend_one(head).await {
                tracing::warn!(conversation = ?head.conversation, %error, "still behind the store");
            }
        });
        mending.buffer_unordered(MEND_ROOMS_MAX).collect::<()>().await;
    }

    async fn mend_one(&self, head: Head) -> Result<(), StoreError> {
        let id: ConversationId = head.conversation;
        let Some(room) = self.hub.room(id) else { return Ok(()) };
        room.forget_before(head.oldest);
        let (entries, marks) = room.behind(&head);
        if entries {
            self.fill(&room).await?;
        }
        if marks && let Some(known) = self.store.conversation(id).await? {
            room.warm(&known);
        }
        Ok(())
    }

    /// Has an open conversation stand where the store does.
    pub(super) async fn catch_up(&self, room: &Room<E>) -> Result<(), StoreError> {
        for head in self.store.heads(&[room.id]).await? {
            self.mend_one(head).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_asked_for_often_happens_every_so_often_and_once_more_at_the_end() {
        let mut throttle = Throttle::new(Duration::from_secs(10));
        let start = Instant::now();
        let mut happened = Vec::new();
        for _ in 0..25 {
            throttle.ask();
            tokio::select! {
                biased;
                () = throttle.due() => happened.push(start.elapsed().as_secs()),
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        throttle.ask();
        throttle.due().await;
        happened.push(start.elapsed().as_secs());
        assert!(happened.windows(2).all(|pair| pair[1] - pair[0] >= 10), "{happened:?}");
        assert!(happened.len() >= 4, "{happened:?}");
        let quiet = tokio::time::timeout(Duration::from_secs(60), throttle.due()).await;
        assert!(quiet.is_err(), "nobody asked");
    }
}
