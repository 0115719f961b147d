//! T31: what the gate costs a server on loopback HTTP: CPU time per request with and without the layer, and how long
//! a client waits, all in one run.
//!
//! `cargo bench -p paygate --features conformance,sqlite --bench loopback`
//!
//! Each server is a process of its own with one thread for its requests (and SQLite's own), so that its CPU time is
//! the kernel's account of that process and nothing else. The servers take turns, round by round.

#![allow(clippy::print_stdout, reason = "a benchmark says what it found")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use http::HeaderMap;
use http::request::Parts;
use paygate::sqlite::{SqliteStore, migrate};
use paygate::testing::{Answer, ScriptedProvider, key, paid, payee, provider_id, resource};
use paygate::{
    CachedStore, Checkout, Demand, GateError, Gatekeeper, GrantStore, MemoryStore, Money, Offer,
    PaygateLayer, PaymentStore, Payments, Policy, RandomIds, RawCallback, SubjectId, SystemClock,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Row as _, SqlitePool};

/// Each with the one that it is held against. The second one tells what axum takes for any layer from what this one
/// takes. Those of `contact` do what a handler of the reference server does: they look the session up and read the
/// contact details, two queries of SQLite; the others answer a constant.
const SERVERS: [(&str, usize); 8] = [
    ("without", 0),
    ("empty layer", 0),
    ("memory", 0),
    ("sqlite", 0),
    ("sqlite with cache", 0),
    ("contact without", 5),
    ("contact with sqlite", 5),
    ("contact with cache", 5),
];
/// What the reference server keeps its grants in.
const CACHE_TTL_MS: u32 = 500;
const CACHED_GRANTS_MAX: usize = 10_000;
const ROUNDS: usize = 15;
const CONNECTIONS: usize = 4;
const REQUESTS_PER_CONNECTION: usize = 2_500;

/// About what a room's contact details are.
const CONTACT: &str =
    "{\"name\":\"Sarita Maharjan\",\"phone\":\"98XXXXXXXX\",\"address\":\"Shankhamul marg 45\"}";

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--serve").skip(1);
    match arguments.next() {
        Some(server) => serve(&server),
        None => compare(),
    }
}

#[derive(Clone)]
struct Rooms;

impl Gatekeeper for Rooms {
    async fn demand(&self, parts: &Parts) -> Result<Demand, GateError> {
        let Some(user) = parts.headers.get("user") else { return Ok(Demand::SignIn) };
        let who = SubjectId::new(user.to_str().map_err(GateError::new)?).map_err(GateError::new)?;
        Ok(Demand::Pay { who, offer: Offer::permanent(resource("room:7"), Money::npr_paisa(3000)) })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn serve(server: &str) {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite(folder.path()).await;
    let contact = get(|| async { ([("content-type", "application/json")], CONTACT) });
    let constant = Router::new().route("/contact", contact);
    let reads = reads_contacts(folder.path()).await;
    let cached = CachedStore::new(store.clone(), CACHE_TTL_MS, CACHED_GRANTS_MAX).unwrap();
    let app = match server {
        "without" => constant,
        "empty layer" => constant.layer(tower::layer::layer_fn(|inner: axum::routing::Route| inner)),
        "sqlite" => gated(constant, store),
        "sqlite with cache" => gated(constant, cached),
        "memory" => gated(constant, granted(MemoryStore::new()).await),
        "contact without" => reads,
        "contact with sqlite" => gated(reads, store),
        "contact with cache" => gated(reads, cached),
        other => panic!("no server {other}"),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, app).await.unwrap();
}

fn gated<S: GrantStore>(app: Router, store: S) -> Router {
    let checkout = Checkout { provider: provider_id("scripted"), payee: payee("US"), start: "/pay".into() };
    app.layer(PaygateLayer::builder(Rooms, store).checkout(checkout).build().unwrap())
}

/// The session of who asks, and what its room's owner wrote: as many queries as the reference server makes behind its
/// gate and before it, over tables of a thousand rows.
async fn reads_contacts(folder: &std::path::Path) -> Router {
    let pool = pool(folder, 2).await;
    for statement in [
        "CREATE TABLE sessions (token TEXT PRIMARY KEY, user TEXT NOT NULL, ends_at INTEGER NOT NULL)",
        "CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL, address TEXT NOT NULL)",
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 1000)
         INSERT INTO sessions SELECT 'user:' || n, 'user:' || n, 1 << 40 FROM n",
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 1000)
         INSERT INTO rooms SELECT n, 'Sarita Maharjan', '98XXXXXXXX', 'Shankhamul marg 45' FROM n",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    let contact = |State(pool): State<SqlitePool>, headers: HeaderMap| async move {
        let token = headers.get("user").unwrap().to_str().unwrap();
        let session = sqlx::query("SELECT user FROM sessions WHERE token = $1 AND ends_at > $2");
        session.bind(token).bind(1_i64).fetch_one(&pool).await.unwrap();
        let room = sqlx::query("SELECT name, phone, address FROM rooms WHERE id = $1");
        let room = room.bind(7_i64).fetch_one(&pool).await.unwrap();
        let (name, phone, address): (String, String, String) = (room.get(0), room.get(1), room.get(2));
        Json(Contact { name, phone, address })
    };
    Router::new().route("/contact", get(contact)).with_state(pool)
}

#[derive(serde::Serialize)]
struct Contact {
    name: String,
    phone: String,
    address: String,
}

async fn pool(folder: &std::path::Path, connections: u32) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("bench.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    SqlitePoolOptions::new().max_connections(connections).connect_with(options).await.unwrap()
}

async fn sqlite(folder: &std::path::Path) -> SqliteStore {
    let (writer, reader) = (pool(folder, 1).await, pool(folder, 2).await);
    migrate(&writer).await.unwrap();
    granted(SqliteStore::new(writer, reader).await.unwrap()).await
}

/// The store, after user 1 has paid for room 7.
async fn granted<S: PaymentStore>(store: S) -> S {
    let provider = Arc::new(ScriptedProvider::new());
    let payments = Payments::new(
        store.clone(),
        vec![provider.clone()],
        Arc::new(SystemClock),
        Arc::new(RandomIds),
        Policy::default(),
    );
    let offer = Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
    let (who, via) = (SubjectId::new("user:1").unwrap(), provider_id("scripted"));
    let started = payments.start(&who, offer, &via, key("k1")).await.unwrap();
    let id = started.payment.intent.id.clone();
    provider.always(&id, Answer::Says(paid(&started.payment, "R1")));
    let query = format!("signed={id}");
    payments.callback(&via, RawCallback::from_query(&query, &HeaderMap::new())).await.unwrap();
    store
}

struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(server: &str) -> Self {
        let program = std::env::current_exe().unwrap();
        let mut child =
            Command::new(program).args(["--serve", server]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().parse().unwrap() }
    }

    /// CPU time of all its threads, in nanoseconds.
    fn cpu_ns(&self) -> u64 {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let spent =
            tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok());
        spent.map(|text| text.split(' ').next().unwrap().parse::<u64>().unwrap()).sum()
    }

    /// CPU nanoseconds per request, and every latency.
    fn round(&self) -> (u64, Vec<Duration>) {
        let before = self.cpu_ns();
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let address = self.address;
                std::thread::spawn(move || client(address))
            })
            .collect();
        let waits: Vec<Duration> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        ((self.cpu_ns() - before) / waits.len() as u64, waits)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One connection that asks again and again, each time for the same bytes.
fn client(address: SocketAddr) -> Vec<Duration> {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_nodelay(true).unwrap();
    let ask = b"GET /contact HTTP/1.1\r\nhost: bench\r\nuser: user:1\r\naccept: */*\r\n\r\n";
    socket.write_all(ask).unwrap();
    let mut answer = vec![0; 4_096];
    let mut length = 0;
    while !answer[..length].ends_with(CONTACT.as_bytes()) {
        length += socket.read(&mut answer[length..]).unwrap();
    }
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    let ask_again = |_| {
        let start = Instant::now();
        socket.write_all(ask).unwrap();
        socket.read_exact(&mut answer[..length]).unwrap();
        start.elapsed()
    };
    (0..REQUESTS_PER_CONNECTION).map(ask_again).collect()
}

fn compare() {
    let servers = SERVERS.map(|(server, _)| Server::start(server));
    let mut cpu_ns = SERVERS.map(|_| Vec::new());
    let mut waits = SERVERS.map(|_| Vec::new());
    // The first round warms up and does not count.
    for round in 0..=ROUNDS {
        for turn in 0..SERVERS.len() {
            let place = (round + turn) % SERVERS.len();
            let (cpu, waited) = servers[place].round();
            if round > 0 {
                cpu_ns[place].push(cpu);
                waits[place].extend(waited);
            }
        }
    }
    let requests = ROUNDS * CONNECTIONS * REQUESTS_PER_CONNECTION;
    println!("{ROUNDS} rounds in turn, {CONNECTIONS} connections, {requests} requests to each server");
    // Whatever disturbs a machine makes a round dearer, never cheaper: the least of each is what it costs.
    let least = cpu_ns.each_ref().map(|rounds| rounds.iter().min().copied().unwrap());
    for (place, (server, beside)) in SERVERS.into_iter().enumerate() {
        let (least, permille) = (least[place], least[place] * 1_000 / least[beside]);
        let mut waits = std::mem::take(&mut waits[place]);
        waits.sort_unstable();
        let (half, most) = (waits[waits.len() / 2], waits[waits.len() * 99 / 100]);
        println!(
            "{server:>19}: {least} ns of CPU a request at least ({} in the middle), {permille} per mille of {:?}; \
             waited p50 {half:?}, p99 {most:?}",
            median(cpu_ns[place].clone()),
            SERVERS[beside].0,
        );
    }
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}
