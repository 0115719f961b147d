//! The other servers on the same database, where there are some.
//!
//! What they tell each other are hints, and any of them may be lost: each server also follows the database by itself,
//! within a second for access and a few for the rest.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chat_core::{Bus, BusEvent, ConversationId, Epoch, Hint, InProcessBus, RedisBus};
use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::io::tcp::TcpSettings;
use redis::{IntoConnectionInfo as _, RedisError};
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use crate::config::RedisUrl;
use crate::db::{Db, blocks, sessions};
use crate::state::AppState;

/// How long Redis may take to answer, or to be connected to.
const REDIS_TIMEOUT_MS: u64 = 1_000;
/// Between two looks at what access another server took away.
const ACCESS_EVERY_MS: u64 = 1_000;
/// How far back each of them reaches: servers' clocks differ.
const ACCESS_OVERLAP_S: i64 = 10;

/// The way to the other servers.
pub struct Nodes {
    /// Carries the hints, the chat's and ours.
    pub bus: Arc<dyn Bus>,
    redis: Option<ConnectionManager>,
    prefix: String,
    hinted: Notify,
}

impl Nodes {
    /// Joins those who share this Redis and this database. It doesn't wait for Redis: without it everything works,
    /// only later.
    ///
    /// # Errors
    ///
    /// When the address is none that Redis can be reached by.
    pub fn join(redis: Option<&RedisUrl>, epoch: Epoch, node: Uuid) -> Result<Self, RedisError> {
        let hinted = Notify::new();
        // The log's identity names the database: two products may share a Redis and never hear each other.
        let prefix = format!("kotha:{:x}", epoch.0);
        let Some(url) = redis else {
            return Ok(Self { bus: Arc::new(InProcessBus::new()), redis: None, prefix, hinted });
        };
        let bus = RedisBus::join(url.with_password(), &prefix, node.as_u64_pair().1)?;
        let timeout = Some(Duration::from_millis(REDIS_TIMEOUT_MS));
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(timeout)
            .set_response_timeout(timeout);
        let at_once = TcpSettings::default().set_nodelay(true);
        let client =
            redis::Client::open(url.with_password().into_connection_info()?.set_tcp_settings(at_once))?;
        let redis = Some(ConnectionManager::new_lazy_with_config(client, config)?);
        Ok(Self { bus: Arc::new(bus), redis, prefix, hinted })
    }

    /// Whether Redis answers, where there is one to ask.
    ///
    /// # Errors
    ///
    /// When it doesn't.
    pub async fn ask(&self) -> Result<(), RedisError> {
        let Some(mut redis) = self.redis.clone() else { return Ok(()) };
        redis::cmd("PING").exec_async(&mut redis).await
    }

    /// The connection to Redis, where there is one, and what the keys there begin with.
    pub fn redis(&self) -> Option<(ConnectionManager, &str)> {
        self.redis.clone().map(|redis| (redis, self.prefix.as_str()))
    }

    /// Waits until another server has hinted that somebody's access changed, or until such a hint may be lost.
    pub async fn hinted(&self) {
        self.hinted.notified().await;
    }
}

impl fmt::Debug for Nodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nodes").field("redis", &self.redis.is_some()).finish_non_exhaustive()
    }
}

/// Listens to the others until the server stops.
pub async fn listen(state: AppState) {
    let mut events = state.nodes.bus.events();
    loop {
        let event = tokio::select! {
            () = state.stopping.cancelled() => return,
            event = events.next() => event,
        };
        match event {
            Some(BusEvent::Got(Hint::Revoked { user, .. })) => {
                state.chat.recheck_here(user.0);
                state.users.session_ended(user.0);
                state.nodes.hinted.notify_one();
            }
            Some(BusEvent::MaybeLost) => state.nodes.hinted.notify_one(),
            Some(BusEvent::Got(_)) => {}
            None => events = state.nodes.bus.events(),
        }
    }
}

/// Follows the sign-outs and the blocks at other servers until this one stops: a hint about one may be lost.
pub async fn follow_access(state: AppState) {
    if matches!(state.db, Db::Sqlite { .. }) {
        return;
    }
    let mut ticks = interval(Duration::from_millis(ACCESS_EVERY_MS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = state.clock.now();
    loop {
        tokio::select! {
            () = state.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let now = state.clock.now();
        match recheck_changed(&state, seen).await {
            Ok(()) => seen = now,
            Err(error) => tracing::warn!(%error, "access that other servers ended can't be read now"),
        }
    }
}

/// Has everybody ask again whose access ended since then. To ask once too often does no harm.
async fn recheck_changed(state: &AppState, seen: Timestamp) -> Result<(), sqlx::Error> {
    let since = seen.checked_sub(SignedDuration::from_secs(ACCESS_OVERLAP_S)).unwrap_or(seen);
    for user in sessions::ended_since(&state.db, since).await? {
        state.chat.recheck_here(user);
        state.users.session_ended(user);
    }
    for (pairing, blocker) in blocks::added_since(&state.db, since).await? {
        if let Some(other) = pairing.other(blocker) {
            state.chat.recheck_in_here(ConversationId(pairing.id), other);
        }
    }
    Ok(())
}
