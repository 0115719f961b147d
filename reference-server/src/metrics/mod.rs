//! What the server counts for those who run it. No label says who: no id, no address, no path but the route's own.

mod http;
mod serve;

use std::fmt;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

pub use self::http::{HttpMetrics, record};
pub use self::serve::routes;
use crate::rate_limits::RouteClass;
use crate::state::AppState;

/// The counts of one server.
pub struct Metrics {
    registry: Registry,
    /// Requests and their answers.
    pub http: HttpMetrics,
    rate_limited: Family<LimitLabels, Counter>,
    sign_ins: Family<OutcomeLabels, Counter>,
    sockets: Family<SocketLabels, Gauge>,
    payment_events: Family<EventLabels, Counter>,
    pushes: Family<OutcomeLabels, Counter>,
    connections: Gauge,
    database_connections: Family<PoolLabels, Gauge>,
}

/// Which limit was met.
#[derive(Debug, Clone, Copy)]
pub enum LimitedBy {
    /// That of the address.
    Address,
    /// That of the account.
    Account,
    /// That of wrong passwords.
    Guess,
}

/// What became of a push.
#[derive(Debug, Clone, Copy)]
pub enum PushOutcome {
    /// The service took it.
    Sent,
    /// The browser is gone.
    Gone,
    /// Not now.
    PutOff,
    /// Never.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LimitLabels {
    class: &'static str,
    by: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SocketLabels {
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EventLabels {
    event: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PoolLabels {
    state: &'static str,
}

/// A WebSocket that is open; counted until it is dropped.
#[derive(Debug)]
pub struct OpenSocket(Gauge);

impl Metrics {
    /// With nothing counted yet. `started_at_s` is in seconds since 1970.
    pub fn new(started_at_s: i64) -> Self {
        let mut registry = Registry::with_prefix("kotha");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "Which version answers", version);
        let started = Gauge::<i64>::default();
        started.set(started_at_s);
        registry.register_with_unit(
            "start_time",
            "When the server started, since 1970",
            Unit::Seconds,
            started,
        );
        let metrics = Self {
            http: HttpMetrics::register(&mut registry),
            rate_limited: Family::default(),
            sign_ins: Family::default(),
            sockets: Family::default(),
            payment_events: Family::default(),
            pushes: Family::default(),
            connections: Gauge::default(),
            database_connections: Family::default(),
            registry: Registry::default(),
        };
        registry.register(
            "rate_limited",
            "Requests refused for being too many",
            metrics.rate_limited.clone(),
        );
        registry.register("sign_ins", "Tries to sign in", metrics.sign_ins.clone());
        registry.register("websockets", "Open WebSockets", metrics.sockets.clone());
        registry.register(
            "payment_events",
            "What happened to payments, as this server followed it",
            metrics.payment_events.clone(),
        );
        registry.register("pushes", "Messages to push services, by what they said", metrics.pushes.clone());
        registry.register("connections", "Open connections of clients", metrics.connections.clone());
        registry.register(
            "database_connections",
            "Connections to the database",
            metrics.database_connections.clone(),
        );
        Self { registry, ..metrics }
    }

    /// A message was offered to a push service.
    pub fn pushed(&self, outcome: PushOutcome) {
        let outcome = match outcome {
            PushOutcome::Sent => "sent",
            PushOutcome::Gone => "gone",
            PushOutcome::PutOff => "put_off",
            PushOutcome::Refused => "refused",
        };
        self.pushes.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// A request was refused for being one too many.
    pub fn rate_limited(&self, class: RouteClass, by: LimitedBy) {
        let by = match by {
            LimitedBy::Address => "address",
            LimitedBy::Account => "account",
            LimitedBy::Guess => "guess",
        };
        self.rate_limited.get_or_create(&LimitLabels { class: class.name(), by }).inc();
    }

    /// Somebody tried to sign in.
    pub fn sign_in(&self, passed: bool) {
        let outcome = if passed { "passed" } else { "refused" };
        self.sign_ins.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// A WebSocket of a kind, `chat` or `payment`, was opened.
    pub fn socket(&self, kind: &'static str) -> OpenSocket {
        let gauge = self.sockets.get_or_create_owned(&SocketLabels { kind });
        gauge.inc();
        OpenSocket(gauge)
    }

    /// A payment's event was read from the outbox.
    pub fn payment_event(&self, event: &'static str) {
        self.payment_events.get_or_create(&EventLabels { event }).inc();
    }

    /// Everything as text, as Prometheus reads it.
    ///
    /// # Errors
    ///
    /// Never, as it is written to memory.
    pub fn text(&self, state: &AppState, connections: usize) -> Result<String, fmt::Error> {
        self.connections.set(i64::try_from(connections).unwrap_or(i64::MAX));
        let (open, idle) = state.db.connections();
        for (label, count) in [("open", open), ("idle", idle)] {
            self.database_connections.get_or_create(&PoolLabels { state: label }).set(count);
        }
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
