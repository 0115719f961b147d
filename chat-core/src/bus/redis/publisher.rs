//! Speaking: hints and who is present, everything that waits in one round trip.
//!
//! Each node has a lease, a key that lapses unless it is renewed, and each user a set of the nodes that they are connected
//! to. So a node that dies takes all its users with it, and a beat costs one command, however many they are.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use redis::{Cmd, RedisResult};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};

use super::{
    link::{ANSWER_TIMEOUT_MS, Link, Place, RETRY_MS_MAX, RETRY_MS_MIN},
    outage::Outage,
    wire::Names,
};
use crate::{UserId, hub::lock};

/// What shares a round trip.
const BATCH_MAX: usize = 256;
/// How long a node counts after its last beat.
const LEASE_MS: u64 = 10_000;
/// Time between two beats.
const BEAT_MS: u64 = 3_000;
/// How long a user's set lives without anybody coming. Well before that, everybody is announced again.
const SET_TTL_S: &str = "86400";
/// Beats between two announcements of everybody.
const ANNOUNCE_BEATS: u64 = 6 * 60 * 60 * 1_000 / BEAT_MS;

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
    place: Place,
    names: Names,
    standing: Arc<Standing>,
    link: Option<Link>,
    retry_ms: u64,
    /// Without a link, none is tried before.
    retry_at: Instant,
    generation: u64,
    /// Everybody who is connected stands under the present name.
    announced: bool,
    beats: u64,
}

impl Publisher {
    pub(super) fn new(place: Place, names: Names, standing: Arc<Standing>) -> Self {
        let (retry_ms, retry_at) = (RETRY_MS_MIN, Instant::now());
        Self {
            place,
            names,
            standing,
            link: None,
            retry_ms,
            retry_at,
            generation: 0,
            announced: false,
            beats: 0,
        }
    }

    pub(super) async fn run(mut self, mut waiting: mpsc::Receiver<Out>) {
        let mut beat = interval(Duration::from_millis(BEAT_MS));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut batch = Vec::new();
        let mut outage = Outage::default();
        loop {
            let is_beat = tokio::select! {
                _ = beat.tick() => true,
                () = sleep_until(self.retry_at), if self.link.is_none() => false,
                count = waiting.recv_many(&mut batch, BATCH_MAX) => {
                    if count == 0 {
                        return;
                    }
                    false
                }
            };
            let count = batch.len();
            match self.try_to_speak(std::mem::take(&mut batch), is_beat).await {
                Ok(()) => {
                    if let Some(count) = outage.worked() {
                        tracing::info!(count, "Redis is told again; so many more it was not told");
                    }
                }
                // What could not be said is dropped. Once Redis is back the others are told so, and everybody who is
                // connected is announced anew.
                Err(error) => {
                    self.announced = false;
                    self.standing.lost();
                    if let Some(count) = outage.failed(count, Instant::now()) {
                        tracing::warn!(error, count, "Redis was not told");
                    }
                }
            }
        }
    }

    /// A Redis that is away is not tried for each hint, but after a wait that grows.
    async fn try_to_speak(&mut self, batch: Vec<Out>, is_beat: bool) -> Result<(), String> {
        if self.link.is_none() && Instant::now() < self.retry_at {
            return Err("it is away".to_owned());
        }
        let speaking = self.speak(batch, is_beat);
        let error = match timeout(Duration::from_millis(ANSWER_TIMEOUT_MS), speaking).await {
            Ok(Ok(())) => {
                self.retry_ms = RETRY_MS_MIN;
                return Ok(());
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        self.link = None;
        self.retry_at = Instant::now() + Duration::from_millis(self.retry_ms);
        self.retry_ms = (self.retry_ms * 2).min(RETRY_MS_MAX);
        Err(error)
    }

    async fn speak(&mut self, batch: Vec<Out>, is_beat: bool) -> RedisResult<()> {
        let mut link = match self.link.take() {
            Some(link) => link,
            None => self.place.connect().await?,
        };
        if is_beat {
            self.beat(&mut link).await?;
        }
        if self.standing.missed.swap(false, Ordering::SeqCst) || !self.announced {
            self.announce(&mut link).await?;
        }
        self.tell(&mut link, batch).await?;
        self.link = Some(link);
        Ok(())
    }

    /// Renews the lease. If it had lapsed, the others may have taken this node's users out.
    async fn beat(&mut self, link: &mut Link) -> RedisResult<()> {
        self.beats += 1;
        let had: Vec<Option<String>> = read(link.run(vec![self.lease()]).await?)?;
        if had == [None] || self.beats.is_multiple_of(ANNOUNCE_BEATS) {
            self.announced = false;
        }
        Ok(())
    }

    fn lease(&self) -> Cmd {
        let mut set = redis::cmd("SET");
        let key = self.names.lease(&self.names.node(self.generation));
        set.arg(key).arg(1).arg("PX").arg(LEASE_MS).arg("GET");
        set
    }

    async fn announce(&mut self, link: &mut Link) -> RedisResult<()> {
        self.generation += 1;
        link.run(vec![self.lease()]).await?;
        let users: Vec<UserId> = lock(&self.standing.users).iter().copied().collect();
        for users in users.chunks(BATCH_MAX) {
            link.run(users.iter().flat_map(|user| self.present(*user, true)).collect()).await?;
        }
        self.announced = true;
        Ok(())
    }

    async fn tell(&self, link: &mut Link, batch: Vec<Out>) -> RedisResult<()> {
        let mut hints = Vec::new();
        let mut presence = HashMap::new();
        let mut asking = Vec::new();
        for out in batch {
            match out {
                Out::Hint { channel, payload } => hints.push(self.place.publish(&channel, &payload)),
                Out::Present { user, present } => {
                    presence.insert(user, present);
                }
                Out::Ask { users, reply } => asking.push((users, reply)),
            }
        }
        if self.standing.lost.swap(false, Ordering::SeqCst) {
            hints.push(self.place.publish(&self.names.everyone(), &self.names.loss()));
        }
        // First, and confirmed: the shards of a cluster are told independently, and whoever gets a hint may ask at once.
        link.run(presence.into_iter().flat_map(|(user, present)| self.present(user, present)).collect())
            .await?;
        link.run(hints).await?;
        if asking.is_empty() {
            return Ok(());
        }
        let users: HashSet<UserId> = asking.iter().flat_map(|(users, _)| users).copied().collect();
        let present = self.who_is_present(link, users).await?;
        for (users, reply) in asking {
            let _nobody_waits = reply.send(users.into_iter().filter(|user| present.contains(user)).collect());
        }
        Ok(())
    }

    /// Those of whose nodes one is alive. Nodes that are not are taken out of their sets; none of them comes back, since a
    /// node that lost its lease takes another name.
    async fn who_is_present(&self, link: &mut Link, users: HashSet<UserId>) -> RedisResult<HashSet<UserId>> {
        let keys = users.iter().map(|user| self.names.presence(*user));
        let sets = keys.map(|key| command("SMEMBERS", &[&key])).collect();
        let sets: Vec<Vec<String>> = read(link.run(sets).await?)?;
        let nodes: Vec<&String> = sets.iter().flatten().collect::<HashSet<_>>().into_iter().collect();
        let leases = nodes.iter().map(|node| command("EXISTS", &[&self.names.lease(node)])).collect();
        let alive: Vec<bool> = read(link.run(leases).await?)?;
        let alive: HashMap<&String, bool> = nodes.into_iter().zip(alive).collect();
        let is_alive = |node: &String| alive.get(node).copied().unwrap_or_default();
        let mut dead = Vec::new();
        let mut present = HashSet::new();
        for (user, nodes) in users.into_iter().zip(&sets) {
            if nodes.iter().any(is_alive) {
                present.insert(user);
            }
            let key = self.names.presence(user);
            dead.extend(
                nodes.iter().filter(|node| !is_alive(node)).map(|node| command("SREM", &[&key, node])),
            );
        }
        link.run(dead).await?;
        Ok(present)
    }

    fn present(&self, user: UserId, present: bool) -> Vec<Cmd> {
        let (key, node) = (self.names.presence(user), self.names.node(self.generation));
        if present {
            vec![command("SADD", &[&key, &node]), command("EXPIRE", &[&key, SET_TTL_S])]
        } else {
            vec![command("SREM", &[&key, &node])]
        }
    }
}

fn command(name: &str, arguments: &[&str]) -> Cmd {
    let mut command = redis::cmd(name);
    command.arg(arguments);
    command
}

fn read<T: redis::FromRedisValue>(answers: Vec<redis::Value>) -> RedisResult<Vec<T>> {
    answers.into_iter().map(|answer| Ok(redis::from_redis_value(answer)?)).collect()
}
