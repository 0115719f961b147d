//! The bus on a Redis Cluster of three shards, which is this test's own: hints go by shard, presence crosses nodes, and a
//! shard that dies, or hands a channel to another, costs latency only.
#![cfg(all(feature = "redis-cluster", feature = "conformance"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::{
    path::PathBuf,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chat_core::{
    Bus, BusEvent, ChatStore as _, Limits, ManualClock, MemoryStore, Page, Parts, RandomIds, RedisBus, Reply,
    Seq, conformance::BusHarness,
};
use futures_util::StreamExt as _;
use redis::aio::MultiplexedConnection;
use support::{
    chat::{ALICE, BOB, Client, Engine, ROOM, Rules, TextFrames, running, say, unhurried},
    redis::{Redis, free_port},
};
use tokio::{
    sync::Mutex,
    time::{sleep, timeout},
};

/// Far more than is needed, for a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);
const SHARDS: usize = 3;
const PORTS_TRIED_MAX: usize = 10;
const SLOTS: usize = 16_384;

struct Cluster {
    shards: Vec<Redis>,
    folder: tempfile::TempDir,
}

impl Cluster {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut shards = Vec::new();
        for number in 0..SHARDS {
            shards.push(Self::first_start(&folder, number).await);
        }
        let cluster = Self { shards, folder };
        for number in 0..SHARDS {
            let (first, last) = (SLOTS * number / SHARDS, SLOTS * (number + 1) / SHARDS - 1);
            cluster.tell(number, &["CLUSTER", "ADDSLOTSRANGE", &first.to_string(), &last.to_string()]).await;
            if number > 0 {
                let (port, bus) =
                    (cluster.shards[0].port.to_string(), bus_port(&cluster.folder, 0).to_string());
                cluster.tell(number, &["CLUSTER", "MEET", "127.0.0.1", &port, &bus]).await;
            }
        }
        cluster.wait_until_whole().await;
        cluster
    }

    /// A port that was free may be gone when the server asks for it: then another is tried.
    async fn first_start(folder: &tempfile::TempDir, number: usize) -> Redis {
        for _ in 0..PORTS_TRIED_MAX {
            std::fs::write(bus_port_file(folder, number), free_port().to_string()).unwrap();
            let mut shard = Self::shard(folder, number, free_port());
            while shard.is_running() {
                let client = redis::Client::open(format!("redis://127.0.0.1:{}", shard.port)).unwrap();
                if let Ok(mut connection) = client.get_multiplexed_async_connection().await {
                    let info: String =
                        redis::cmd("INFO").query_async(&mut connection).await.unwrap_or_default();
                    if info.contains(&format!("process_id:{}\r", shard.id())) {
                        return shard;
                    }
                }
                sleep(Duration::from_millis(20)).await;
            }
        }
        panic!("no port of {PORTS_TRIED_MAX} was free");
    }

    /// Its shards know each other by a file, so one that died comes back as itself.
    fn shard(folder: &tempfile::TempDir, number: usize, port: u16) -> Redis {
        let file = format!("nodes-{number}.conf");
        let bus = bus_port(folder, number);
        let folder = folder.path().to_str().unwrap();
        Redis::start(
            port,
            &[
                "--cluster-enabled",
                "yes",
                "--cluster-config-file",
                &file,
                "--dir",
                folder,
                "--cluster-port",
                &bus.to_string(),
                "--cluster-node-timeout",
                "2000",
            ],
        )
    }

    async fn connection(&self, number: usize) -> MultiplexedConnection {
        let url = format!("redis://127.0.0.1:{}", self.shards[number].port);
        let client = redis::Client::open(url).unwrap();
        let connecting = async {
            loop {
                if let Ok(connection) = client.get_multiplexed_async_connection().await {
                    break connection;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, connecting).await.unwrap()
    }

    async fn tell(&self, number: usize, words: &[&str]) -> String {
        let mut command = redis::cmd(words[0]);
        command.arg(&words[1..]);
        let answer = command.query_async::<redis::Value>(&mut self.connection(number).await).await.unwrap();
        redis::from_redis_value(answer).unwrap_or_default()
    }

    async fn wait_until_whole(&self) {
        for number in 0..SHARDS {
            let whole = async {
                while !self.tell(number, &["CLUSTER", "INFO"]).await.contains("cluster_state:ok") {
                    sleep(Duration::from_millis(20)).await;
                }
            };
            timeout(PATIENCE, whole).await.expect("the cluster is whole");
        }
    }

    async fn joined(&self, prefix: &str, node: u64) -> RedisBus {
        let urls: Vec<String> =
            self.shards.iter().map(|shard| format!("redis://127.0.0.1:{}", shard.port)).collect();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let bus = RedisBus::join_cluster(&urls, prefix, node).unwrap();
        let mut events = bus.events();
        assert_eq!(timeout(PATIENCE, events.next()).await.unwrap(), Some(BusEvent::MaybeLost));
        bus
    }

    /// The shard at which somebody listens to a channel.
    async fn shard_of(&self, channel: &str) -> Option<usize> {
        for number in 0..SHARDS {
            let mut ask = redis::cmd("PUBSUB");
            ask.arg("SHARDNUMSUB").arg(channel);
            let (_, count): (String, i64) =
                ask.query_async(&mut self.connection(number).await).await.unwrap();
            if count > 0 {
                return Some(number);
            }
        }
        None
    }
}

/// The port that the shards talk to each other by; Redis' own choice, the port and ten thousand, may not exist.
fn bus_port(folder: &tempfile::TempDir, number: usize) -> u16 {
    std::fs::read_to_string(bus_port_file(folder, number)).unwrap().parse().unwrap()
}

fn bus_port_file(folder: &tempfile::TempDir, number: usize) -> PathBuf {
    folder.path().join(format!("bus-{number}"))
}

fn engine(store: MemoryStore, bus: RedisBus, sweep_every_ms: u64) -> Engine {
    Engine::new(Parts {
        store,
        encoder: TextFrames,
        policy: Rules::new(),
        bus: Arc::new(bus),
        clock: Arc::new(ManualClock::default()),
        ids: Arc::new(RandomIds),
        limits: Limits { sweep_every_ms, ..unhurried() },
    })
}

/// Alice sends ten, and Bob on the other node gets them.
async fn ten_more(alice: &mut Client, bob: &mut Client, name: &str) {
    let had = bob.log.len();
    for number in 0..10 {
        let sent = timeout(PATIENCE, alice.send(&format!("{name}-{number}"), say("x"))).await.unwrap();
        assert!(matches!(sent, Reply::Stored { .. }), "a send failed because of the bus: {sent:?}");
    }
    timeout(PATIENCE, bob.pull_until(had + 10)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shard_that_moves_a_channel_or_dies_costs_latency_only() {
    let mut cluster = Cluster::start().await;
    let store = MemoryStore::new();
    // The sweep is far away: only the bus can be what brings the first ones.
    let here = engine(store.clone(), cluster.joined("outage", 1).await, 3_600_000);
    let there = engine(store.clone(), cluster.joined("outage", 2).await, 3_600_000);
    here.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    let _running = (running(&here), running(&there));
    let mut bob = Client::open(&here, BOB, None).await.unwrap();
    let mut alice = Client::open(&there, ALICE, None).await.unwrap();
    ten_more(&mut alice, &mut bob, "well").await;

    let channel = format!("outage:c:{}", ROOM.0.simple());
    let from = cluster.shard_of(&channel).await.expect("both listen");
    let to = (from + 1) % SHARDS;
    let spoken: Vec<String> = {
        let mut stats = Vec::new();
        for number in 0..SHARDS {
            stats.push(cluster.tell(number, &["INFO", "commandstats"]).await);
        }
        stats
    };
    assert!(spoken[from].contains("cmdstat_spublish"), "its shard was told");
    assert!(spoken.iter().all(|stats| !stats.contains("cmdstat_publish")), "nothing goes to every shard");

    // The channel's slot moves to another shard: whoever listened is told by Redis alone, and follows.
    let slot = {
        let mut ask = redis::cmd("CLUSTER");
        ask.arg("KEYSLOT").arg(&channel);
        let slot: i64 = ask.query_async(&mut cluster.connection(from).await).await.unwrap();
        slot.to_string()
    };
    let new_owner = cluster.tell(to, &["CLUSTER", "MYID"]).await;
    for number in [to, from, (from + 2) % SHARDS] {
        cluster.tell(number, &["CLUSTER", "SETSLOT", &slot, "NODE", &new_owner]).await;
    }
    ten_more(&mut alice, &mut bob, "moved").await;
    timeout(PATIENCE, async {
        while cluster.shard_of(&channel).await != Some(to) {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("both follow the channel");

    let port = cluster.shards[to].port;
    cluster.shards[to].signal("-KILL");
    ten_more(&mut alice, &mut bob, "killed").await;
    cluster.shards[to] = Cluster::shard(&cluster.folder, to, port);
    cluster.wait_until_whole().await;
    ten_more(&mut alice, &mut bob, "restarted").await;
    timeout(PATIENCE, async {
        while !here.online(&[ALICE]).await.contains(&ALICE) {
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .expect("she is announced again");
    let log = store.log(ROOM, Page::After(Seq::ZERO), 1_000).await.unwrap();
    assert_eq!((bob.log.len(), &bob.log), (40, &log));
}

/// The promises of every bus, each in a corner of a cluster that tests share while they run.
struct Corner {
    cluster: Arc<Cluster>,
    prefix: String,
    joined: AtomicU64,
}

impl BusHarness for Corner {
    type Bus = RedisBus;

    async fn fresh() -> Self {
        static CORNERS: AtomicU64 = AtomicU64::new(0);
        static SHARED: Mutex<Weak<Cluster>> = Mutex::const_new(Weak::new());
        let mut shared = SHARED.lock().await;
        let cluster = match shared.upgrade() {
            Some(cluster) => cluster,
            None => Arc::new(Cluster::start().await),
        };
        *shared = Arc::downgrade(&cluster);
        let prefix = format!("corner-{}", CORNERS.fetch_add(1, Ordering::SeqCst));
        Self { cluster, prefix, joined: 0.into() }
    }

    async fn join(&self) -> RedisBus {
        self.cluster.joined(&self.prefix, self.joined.fetch_add(1, Ordering::SeqCst)).await
    }

    async fn kill(&self, node: RedisBus) {
        drop(node);
    }
}

chat_core::bus_conformance!(Corner);
