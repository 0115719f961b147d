//! Speaking: hints and who is present, everything that waits in one round trip.
//!
//! Each node has a lease, a key that lapses unless it is renewed, and each user a set of the nodes that they are connected
//! to. So a node that dies takes all its users with it, and a beat costs one command, however many they are.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use redis::{Client, Pipeline, RedisResult, Value, aio::MultiplexedConnection};
use tokio::{
    sync::{mpsc, oneshot},
    time::{MissedTickBehavior, interval, timeout},
};

use super::wire::Names;
use crate::{UserId, hub::lock};

/// What shares a round trip.
const BATCH_MAX: usize = 256;
/// How long Redis may take before its connection is given up.
const ANSWER_TIMEOUT_MS: u64 = 2_000;
/// How long a node counts after its last beat.
const LEASE_MS: u64 = 10_000;
/// Time between two beats.
const BEAT_MS: u64 = 3_000;
/// How long a user's set lives without anybody coming. Well before that, everybody is announced again.
const SET_TTL_S: u64 = 24 * 60 * 60;
/// Beats between two announcements of everybody.
const ANNOUNCE_BEATS: u64 = 6 * 60 * 60 * 1_000 / BEAT_MS;

/// For each key of a user's set: is any of its nodes alive? Nodes that are not are taken out.
const WHO_IS_PRESENT: &str = "\
local alive, present = {}, {} \
for i, key in ipairs(KEYS) do \
  present[i] = 0 \
  for _, node in ipairs(redis.call('SMEMBERS', key)) do \
    if alive[node] == nil then alive[node] = redis.call('EXISTS', ARGV[1] .. node) end \
    if alive[node] == 1 then present[i] = 1 else redis.call('SREM', key, node) end \
  end \
end \
return present";

/// What waits to be said.
pub(super) enum Out {
    Hint { channel: String, payload: Vec<u8> },
    Present { user: UserId, present: bool },
    Ask { users: Vec<UserId>, reply: oneshot::Sender<HashSet<UserId>> },
}

/// Who is connected to this node: the truth that Redis is told.
#[derive(Default)]
pub(super) struct Standing {
    users: Mutex<HashSet<UserId>>,
    missed: AtomicBool,
    lost: AtomicBool,
}

impl Standing {
    pub(super) fn set(&self, user: UserId, present: bool) {
        let mut users = lock(&self.users);
        if present {
            users.insert(user);
        } else {
            users.remove(&user);
        }
    }

    /// A hint was dropped.
    pub(super) fn lost(&self) {
        self.lost.store(true, Ordering::SeqCst);
    }

    /// A change could not be queued.
    pub(super) fn missed(&self) {
        self.missed.store(true, Ordering::SeqCst);
    }
}

pub(super) struct Publisher {
    client: Client,
    names: Names,
    standing: Arc<Standing>,
    connection: Option<MultiplexedConnection>,
    generation: u64,
    /// Everybody who is connected stands under the present name.
    announced: bool,
    beats: u64,
}

impl Publisher {
    pub(super) fn new(client: Client, names: Names, standing: Arc<Standing>) -> Self {
        Self { client, names, standing, connection: None, generation: 0, announced: false, beats: 0 }
    }

    pub(super) async fn run(mut self, mut waiting: mpsc::Receiver<Out>) {
        let mut beat = interval(Duration::from_millis(BEAT_MS));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut batch = Vec::new();
        loop {
            let is_beat = tokio::select! {
                _ = beat.tick() => true,
                count = waiting.recv_many(&mut batch, BATCH_MAX) => {
                    if count == 0 {
                        return;
                    }
                    false
                }
            };
            let count = batch.len();
            let speaking = self.speak(std::mem::take(&mut batch), is_beat);
            let spoken = timeout(Duration::from_millis(ANSWER_TIMEOUT_MS), speaking).await;
            // What could not be said is dropped. Once Redis is back the others are told so, and everybody who is
            // connected is announced anew.
            if !matches!(spoken, Ok(Ok(()))) {
                self.connection = None;
                self.announced = false;
                self.standing.lost();
            }
            if let Ok(Err(error)) = spoken {
                tracing::warn!(%error, count, "Redis was not told");
            }
        }
    }

    async fn speak(&mut self, batch: Vec<Out>, is_beat: bool) -> RedisResult<()> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.client.get_multiplexed_async_connection().await?,
        };
        if is_beat {
            self.beat(&mut connection).await?;
        }
        if self.standing.missed.swap(false, Ordering::SeqCst) || !self.announced {
            self.announce(&mut connection).await?;
        }
        self.tell(&mut connection, batch).await?;
        self.connection = Some(connection);
        Ok(())
    }

    /// Renews the lease. If it had lapsed, the others may have taken this node's users out.
    async fn beat(&mut self, connection: &mut MultiplexedConnection) -> RedisResult<()> {
        self.beats += 1;
        let had: Option<String> = self.lease().query_async(connection).await?;
        if had.is_none() || self.beats.is_multiple_of(ANNOUNCE_BEATS) {
            self.announced = false;
        }
        Ok(())
    }

    fn lease(&self) -> redis::Cmd {
        let mut set = redis::cmd("SET");
        let key = format!("{}{}", self.names.leases(), self.names.node(self.generation));
        set.arg(key).arg(1).arg("PX").arg(LEASE_MS).arg("GET");
        set
    }

    async fn announce(&mut self, connection: &mut MultiplexedConnection) -> RedisResult<()> {
        self.generation += 1;
        self.lease().exec_async(connection).await?;
        let users: Vec<UserId> = lock(&self.standing.users).iter().copied().collect();
        for users in users.chunks(BATCH_MAX) {
            let mut pipeline = redis::pipe();
            users.iter().for_each(|user| self.present(&mut pipeline, *user, true));
            pipeline.exec_async(connection).await?;
        }
        self.announced = true;
        Ok(())
    }

    async fn tell(&self, connection: &mut MultiplexedConnection, batch: Vec<Out>) -> RedisResult<()> {
        let mut pipeline = redis::pipe();
        let mut asking = Vec::new();
        for out in batch {
            match out {
                Out::Hint { channel, payload } => {
                    pipeline.publish(channel, payload).ignore();
                }
                Out::Present { user, present } => self.present(&mut pipeline, user, present),
                Out::Ask { users, reply } => {
                    let keys: Vec<String> = users.iter().map(|user| self.names.presence(*user)).collect();
                    pipeline
                        .cmd("EVAL")
                        .arg(WHO_IS_PRESENT)
                        .arg(keys.len())
                        .arg(keys)
                        .arg(self.names.leases());
                    asking.push((users, reply));
                }
            }
        }
        let lost = self.standing.lost.swap(false, Ordering::SeqCst);
        if lost {
            pipeline.publish(self.names.everyone(), self.names.loss()).ignore();
        }
        if pipeline.is_empty() {
            return Ok(());
        }
        let answers: Vec<Value> = pipeline.query_async(connection).await?;
        for ((users, reply), answer) in asking.into_iter().zip(answers) {
            let present: Vec<bool> = redis::from_redis_value(answer)?;
            let users = users.into_iter().zip(present).filter(|(_, present)| *present);
            let _nobody_waits = reply.send(users.map(|(user, _)| user).collect());
        }
        Ok(())
    }

    fn present(&self, pipeline: &mut Pipeline, user: UserId, present: bool) {
        let (key, node) = (self.names.presence(user), self.names.node(self.generation));
        if present {
            pipeline.sadd(&key, node).ignore();
            pipeline.expire(&key, i64::try_from(SET_TTL_S).unwrap_or(i64::MAX)).ignore();
        } else {
            pipeline.srem(key, node).ignore();
        }
    }
}
