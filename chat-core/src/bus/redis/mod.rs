//! Hints over Redis publish/subscribe.
//!
//! Redis forgets what nobody listens to, and so does this bus: whatever happens to it, no send fails and nothing is
//! lost, because the engine compares with the store whenever the bus says [`BusEvent::MaybeLost`] and every few seconds
//! besides.

mod link;
mod listener;
mod outage;
mod publisher;
mod wire;

use std::{
    collections::HashSet,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{
    StreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use redis::RedisError;
use tokio::{
    sync::{Notify, broadcast, broadcast::error::RecvError, mpsc, oneshot},
    task::AbortHandle,
    time::timeout,
};

use self::{
    link::Place,
    listener::Listener,
    publisher::{Out, Publisher, Standing},
};
use super::{Bus, BusEvent, Hint, Topic};
use crate::{UserId, hub::lock};

/// Hints that wait to be published before further ones are dropped.
const PUBLISH_HINTS_MAX: usize = 4_096;
/// How long it may take to learn who is present.
const PRESENT_TIMEOUT_MS: u64 = 500;
/// Events that wait for a slow engine before it is told that some may be lost.
const EVENTS_MAX: usize = 4_096;

/// A node's place on a Redis bus. Its tasks end when it is dropped.
pub struct RedisBus {
    names: wire::Names,
    out: mpsc::Sender<Out>,
    standing: Arc<Standing>,
    wanted: Arc<Wanted>,
    events: broadcast::Sender<BusEvent>,
    tasks: [AbortHandle; 2],
}

/// What this node wants to hear.
#[derive(Default)]
struct Wanted {
    channels: Mutex<HashSet<String>>,
    changed: Notify,
    /// All of it is heard.
    heard: AtomicBool,
}

impl RedisBus {
    /// Joins the bus of this prefix, within a Tokio runtime. `node` is a number that no other node on it has.
    ///
    /// It does not wait for Redis: without it the bus starts as one that is cut off, and recovers by itself.
    ///
    /// # Errors
    /// When the URL is none that Redis can be reached by.
    pub fn join(url: &str, prefix: &str, node: u64) -> Result<Self, RedisError> {
        Ok(Self::at(Place::server(url)?, prefix, node))
    }

    /// Joins the bus on a Redis Cluster (7.0 or later), by sharded publish/subscribe: a hint goes to one shard, and not
    /// from each to every other. `urls` are some of its nodes, and the others are found by them. Otherwise as
    /// [`RedisBus::join`]; nodes on a cluster and nodes on one server do not hear each other.
    ///
    /// # Errors
    /// When the URLs are none that a cluster can be reached by.
    #[cfg(feature = "redis-cluster")]
    pub fn join_cluster(urls: &[&str], prefix: &str, node: u64) -> Result<Self, RedisError> {
        Ok(Self::at(Place::cluster(urls)?, prefix, node))
    }

    fn at(place: Place, prefix: &str, node: u64) -> Self {
        let names = wire::Names::new(prefix, node);
        let (out, waiting) = mpsc::channel(PUBLISH_HINTS_MAX);
        let standing = Arc::new(Standing::default());
        let (events, _) = broadcast::channel(EVENTS_MAX);
        let wanted = Arc::new(Wanted::default());
        lock(&wanted.channels).insert(names.everyone());
        let publisher = Publisher::new(place.clone(), names.clone(), Arc::clone(&standing));
        let publisher = tokio::spawn(publisher.run(waiting));
        let listener = Listener { names: names.clone(), wanted: Arc::clone(&wanted), events: events.clone() };
        let listener = tokio::spawn(listener.run(place));
        let tasks = [publisher.abort_handle(), listener.abort_handle()];
        Self { names, out, standing, wanted, events, tasks }
    }
}

impl Bus for RedisBus {
    fn publish(&self, hint: Hint) {
        let channel = self.names.channel(hint.topic());
        if let Some(payload) = self.names.encode(&hint) {
            // A full queue means that Redis is away or too slow: the others are told so, and compare.
            if self.out.try_send(Out::Hint { channel, payload }).is_err() {
                self.standing.lost();
            }
        }
    }

    fn subscribe(&self, topic: Topic) {
        lock(&self.wanted.channels).insert(self.names.channel(Some(topic)));
        self.wanted.changed.notify_one();
    }

    fn unsubscribe(&self, topic: Topic) {
        lock(&self.wanted.channels).remove(&self.names.channel(Some(topic)));
        self.wanted.changed.notify_one();
    }

    fn events(&self) -> BoxStream<'static, BusEvent> {
        let receiver = self.events.subscribe();
        // Each stream begins with it, whether Redis was there before the stream or comes later.
        let first = self.wanted.heard.load(Ordering::SeqCst).then_some(BusEvent::MaybeLost);
        let heard = stream::unfold(receiver, |mut receiver| async move {
            match receiver.recv().await {
                Ok(event) => Some((event, receiver)),
                Err(RecvError::Lagged(_)) => Some((BusEvent::MaybeLost, receiver)),
                Err(RecvError::Closed) => None,
            }
        });
        Box::pin(stream::iter(first).chain(heard))
    }

    fn set_present(&self, user: UserId, present: bool) {
        self.standing.set(user, present);
        if self.out.try_send(Out::Present { user, present }).is_err() {
            self.standing.missed();
        }
    }

    fn present(&self, users: Vec<UserId>) -> BoxFuture<'static, Option<HashSet<UserId>>> {
        let (reply, answer) = oneshot::channel();
        let asked = self.out.try_send(Out::Ask { users, reply });
        Box::pin(async move {
            asked.ok()?;
            timeout(Duration::from_millis(PRESENT_TIMEOUT_MS), answer).await.ok()?.ok()
        })
    }
}

impl Drop for RedisBus {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

impl fmt::Debug for RedisBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisBus").field("names", &self.names).finish_non_exhaustive()
    }
}
