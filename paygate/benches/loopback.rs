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

use axum::Router;
use axum::routing::get;
use http::request::Parts;
use paygate::sqlite::{SqliteStore, migrate};
use paygate::testing::{Answer, ScriptedProvider, key, paid, provider_id, resource};
use paygate::{
    CachedStore, Demand, GateError, Gatekeeper, GrantStore, MemoryStore, Money, Offer, PaygateLayer,
    PaymentStore, Payments, Policy, RandomIds, RawCallback, SubjectId, SystemClock,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

/// The second one tells what axum takes for any layer from what this one takes.
const SERVERS: [&str; 5] = ["without", "empty layer", "memory", "sqlite", "sqlite with cache"];
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
    let app = Router::new().route("/contact", contact);
    let app = match server {
        "without" => app,
        "empty layer" => app.layer(tower::layer::layer_fn(|inner: axum::routing::Route| inner)),
        "sqlite" => gated(app, store),
        "sqlite with cache" => gated(app, CachedStore::new(store, CACHE_TTL_MS, CACHED_GRANTS_MAX).unwrap()),
        _ => gated(app, granted(MemoryStore::new()).await),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, app).await.unwrap();
}

fn gated<S: GrantStore>(app: Router, store: S) -> Router {
    app.layer(PaygateLayer::builder(Rooms, store).build().unwrap())
}

async fn sqlite(folder: &std::path::Path) -> SqliteStore {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("bench.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.unwrap();
    migrate(&writer).await.unwrap();
    let reader = SqlitePoolOptions::new().max_connections(2).connect_with(options).await.unwrap();
    granted(SqliteStore::new(writer, reader)).await
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
    payments.callback(&via, RawCallback::from_query(&query, &http::HeaderMap::new())).await.unwrap();
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
    let servers = SERVERS.map(Server::start);
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
    for (place, server) in SERVERS.iter().enumerate() {
        // Whatever disturbs a machine makes a round dearer, never cheaper: the least of each is what it costs.
        let least = cpu_ns[place].iter().min().copied().unwrap();
        let permille = least * 1_000 / cpu_ns[0].iter().min().unwrap();
        let mut waits = std::mem::take(&mut waits[place]);
        waits.sort_unstable();
        let (half, most) = (waits[waits.len() / 2], waits[waits.len() * 99 / 100]);
        println!(
            "{server:>17}: {least} ns of CPU a request at least ({} in the middle), {permille} per mille of without; \
             waited p50 {half:?}, p99 {most:?}",
            median(cpu_ns[place].clone()),
        );
    }
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}
