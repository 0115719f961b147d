//! Listening: it follows what the node wants to hear, and comes back when its connection is lost.

#[cfg(feature = "redis-cluster")]
mod cluster;
mod server;

use std::{
    collections::HashSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use redis::RedisResult;
use tokio::{
    sync::broadcast,
    time::{sleep, timeout},
};

use super::{
    Wanted,
    link::{Place, RETRY_MS_MAX, RETRY_MS_MIN},
    wire::{Names, Read},
};
use crate::{bus::BusEvent, hub::lock};

/// How long Redis may take to confirm one command's channels, before the connection counts as lost.
const SUBSCRIBE_TIMEOUT_MS: u64 = 2_000;

/// What a listener needs, whatever it listens to.
#[derive(Clone)]
pub(super) struct Listener {
    pub(super) names: Names,
    pub(super) wanted: Arc<Wanted>,
    pub(super) events: broadcast::Sender<BusEvent>,
}

impl Listener {
    pub(super) async fn run(self, place: Place) {
        let mut retry_ms = RETRY_MS_MIN;
        loop {
            let mut heard = false;
            let lost = match &place {
                Place::Server(client) => server::listen(client, &self, &mut heard).await,
                #[cfg(feature = "redis-cluster")]
                Place::Cluster(nodes) => cluster::listen(nodes, &self, &mut heard).await,
            };
            if let Err(error) = lost {
                tracing::warn!(%error, "Redis is not heard");
            }
            retry_ms = if heard { RETRY_MS_MIN } else { (retry_ms * 2).min(RETRY_MS_MAX) };
            self.wanted.heard.store(false, Ordering::SeqCst);
            // Said with every try: as long as Redis is away, the engine compares with the store.
            self.tell(BusEvent::MaybeLost);
            sleep(Duration::from_millis(retry_ms)).await;
        }
    }

    /// Follows what is wanted until `gone`: first all of it, then each change.
    async fn follow(&self, ear: &mut impl Ear, heard: &mut bool) -> RedisResult<()> {
        let mut channels = HashSet::new();
        loop {
            let now: HashSet<String> = lock(&self.wanted.channels).clone();
            let new: Vec<&String> = now.difference(&channels).collect();
            let old: Vec<&String> = channels.difference(&now).collect();
            for (names, is_wanted) in [(new, true), (old, false)] {
                for names in names.chunks(ear.channels_max()) {
                    let following = ear.follow(names, is_wanted);
                    let limit = Duration::from_millis(SUBSCRIBE_TIMEOUT_MS);
                    let Ok(followed) = timeout(limit, following).await else { return Ok(()) };
                    followed?;
                }
            }
            channels = now;
            if !*heard {
                // Whatever was said before this moment was not heard here.
                *heard = true;
                self.wanted.heard.store(true, Ordering::SeqCst);
                self.tell(BusEvent::MaybeLost);
            }
            tokio::select! {
                () = self.wanted.changed.notified() => {}
                () = ear.listen(self) => return Ok(()),
            }
        }
    }

    fn hear(&self, payload: &[u8]) {
        match self.names.decode(payload) {
            Read::Hint(hint) => self.tell(BusEvent::Got(hint)),
            Read::Own => {}
            Read::Unknown => self.tell(BusEvent::MaybeLost),
        }
    }

    fn tell(&self, event: BusEvent) {
        let _nobody_listens = self.events.send(event);
    }
}

/// A connection that hears channels.
trait Ear {
    /// How many channels one call of `follow` may name.
    fn channels_max(&self) -> usize;
    /// Begins, or ends, to hear channels; returns when Redis has confirmed it.
    async fn follow(&mut self, channels: &[&String], is_wanted: bool) -> RedisResult<()>;
    /// Hands over what is heard; returns when the connection is lost. Nothing is lost by cancelling it.
    async fn listen(&mut self, listener: &Listener);
}
