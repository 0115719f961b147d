//! Who is there, on whatever node.

use std::{collections::HashSet, time::Duration};

use tokio::time::MissedTickBehavior;

use super::{ChatEngine, Inner};
use crate::{ChatStore, Encoder, UserId};

/// Users that are asked for at a time.
const USERS_MAX: usize = 1_000;

impl<S: ChatStore, E: Encoder> ChatEngine<S, E> {
    /// Those of the users who have a connection (a session or [`Notices`](crate::Notices)) to any node. What the bus
    /// can't tell counts as not there; a node that died is counted for some seconds more.
    pub async fn online(&self, users: &[UserId]) -> HashSet<UserId> {
        let hub = &self.inner.hub;
        let (here, unknown): (Vec<_>, Vec<_>) = users.iter().partition(|&&user| hub.is_here(user));
        let mut online: HashSet<UserId> = here.into_iter().collect();
        if !unknown.is_empty() {
            online.extend(self.inner.bus.present(unknown).await.unwrap_or_default());
        }
        online
    }
}

impl<S: ChatStore, E: Encoder> Inner<S, E> {
    /// Keeps what the rooms show of members on other nodes current.
    pub(super) async fn follow_presence(&self) {
        let mut ticks = tokio::time::interval(Duration::from_millis(self.limits.presence_every_ms.max(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.reset();
        loop {
            tokio::select! {
                biased;
                () = self.hub.presence_doubted() => self.refresh_presence(self.hub.take_doubted()).await,
                _ = ticks.tick() => self.refresh_presence(self.hub.watched_elsewhere()).await,
            }
        }
    }

    /// Asks the bus. What it can't tell counts as not there.
    pub(super) async fn refresh_presence(&self, users: Vec<UserId>) {
        for users in users.chunks(USERS_MAX) {
            let present = self.bus.present(users.to_vec()).await.unwrap_or_default();
            for &user in users {
                self.hub.settle(user, present.contains(&user));
            }
        }
    }
}
