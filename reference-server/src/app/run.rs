//! Listening, serving, and the way down: stop taking requests, end sockets with a goodbye, let tasks finish.

use std::net::SocketAddr;
use std::time::Duration;

use paygate::SystemClock;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use super::assemble::{StartError, assemble};
use super::background;
use super::lock::DatabaseLock;
use crate::config::{Config, DatabaseUrl, EsewaEnvironment, RateLimits};
use crate::db::Db;
use crate::serve::{ConnectionLimits, Places, serve as answer};
use crate::state::AppState;
use crate::{demo, emulator, http, metrics};

/// How long open requests and sockets have to end once the server was told to stop.
const DRAIN_MS: u64 = 10_000;
/// Open connections; what the system allows may be less.
const CONNECTIONS_MAX: usize = 65_536;
/// Of one address: a carrier's phones share one, and one machine alone can't take all.
const CONNECTIONS_PER_ADDRESS_MAX: usize = 2_048;
/// How long a client may take to send a request's head, and how long a connection may wait for its next one.
const HEAD_READ_MS: u64 = 20_000;
/// A client that takes nothing for so long is gone, or wants to hold the connection. The WebSockets have shorter limits
/// of their own, which say goodbye.
const WRITE_STALL_MS: u64 = 60_000;

/// A server that answers.
#[derive(Debug)]
pub struct Running {
    /// What browsers come back to.
    pub public_url: Url,
    /// Where the embedded emulator answers, in the sandbox.
    pub emulator_url: Option<Url>,
    /// Where `GET /metrics` answers, if it does.
    pub metrics_address: Option<SocketAddr>,
    /// The address of the listener.
    pub address: SocketAddr,
    state: AppState,
    serving: JoinHandle<()>,
    _lock: Option<DatabaseLock>,
}

/// Serves until the program is told to stop.
///
/// # Errors
///
/// See [`StartError`].
pub async fn serve(config: Config) -> Result<(), StartError> {
    let running = start(&config).await?;
    tracing::info!("kotha answers at {}", running.public_url);
    if let Some(url) = &running.emulator_url {
        tracing::warn!("sandbox: payments go to the eSewa emulator at {url}; no real money moves");
    }
    if config.demo {
        tracing::info!("demo accounts (password kotha-demo): {}", demo::accounts_line());
    }
    if running.public_url.scheme() == "https" && config.trusted_proxies.networks().is_empty() {
        tracing::warn!(
            "KOTHA_TRUSTED_PROXIES is not set: rate limits take everybody behind the proxy for one"
        );
    }
    stop_signal().await;
    tracing::info!("stopping");
    running.stop().await
}

/// Brings the database to this version, and nothing else.
///
/// # Errors
///
/// See [`StartError`].
pub async fn migrate(config: &Config) -> Result<(), StartError> {
    Db::open(&config.database).await?.close().await;
    tracing::info!("{} is at this version", config.database);
    Ok(())
}

/// Starts everything, and returns once it answers.
///
/// # Errors
///
/// See [`StartError`].
pub async fn start(config: &Config) -> Result<Running, StartError> {
    let lock = match &config.database {
        DatabaseUrl::Sqlite(file) => Some(DatabaseLock::take(file)?),
        DatabaseUrl::Postgres(_) => None,
    };
    let listener = listen(config.listen, "KOTHA_LISTEN").await?;
    let address = listener.local_addr().map_err(StartError::Serve)?;
    let public_url = match &config.public_url {
        Some(url) => url.clone(),
        None => Url::parse(&format!("http://{address}/"))?,
    };
    let emulator = match config.esewa.environment {
        EsewaEnvironment::Sandbox => {
            let listener = listen(config.esewa.sandbox_listen, "KOTHA_SANDBOX_LISTEN").await?;
            Some(emulator::prepare(&config.esewa, listener, &SystemClock)?)
        }
        EsewaEnvironment::Test | EsewaEnvironment::Production => None,
    };
    let emulator_url = emulator.as_ref().map(|emulator| emulator.url.clone());
    let state = assemble(config, public_url.clone(), emulator_url.as_ref()).await?;
    if config.demo {
        demo::fill(&state).await.map_err(|problem| StartError::Demo(Box::new(problem)))?;
    }
    // What happens from now on is told; what happened before, the pages read for themselves.
    background::spawn(&state, state.payments.newest_event().await?);
    if let Some(emulator) = emulator {
        state.tasks.spawn(emulator.serve(state.stopping.clone()));
    }
    let places = Places::new(connections(config));
    let metrics_address = match config.metrics_listen {
        Some(address) => Some(serve_metrics(address, &state, &places, connections(config)).await?),
        None => None,
    };
    let serving = tokio::spawn(answer(listener, http::router(&state)?, places, state.stopping.clone()));
    Ok(Running { public_url, emulator_url, metrics_address, address, state, serving, _lock: lock })
}

impl Running {
    /// Stops: no new requests, open ones finish, sockets are told to come back.
    ///
    /// # Errors
    ///
    /// When serving had ended by an error.
    pub async fn stop(self) -> Result<(), StartError> {
        self.state.stopping.cancel();
        self.state.tasks.close();
        let drained = async {
            let served = self.serving.await;
            // Nobody else waits for upgraded sockets; their tasks are ours.
            self.state.tasks.wait().await;
            served
        };
        let served = tokio::time::timeout(Duration::from_millis(DRAIN_MS), drained).await;
        self.state.db.close().await;
        match served {
            Ok(Ok(())) => Ok(()),
            Ok(Err(panic)) => Err(StartError::Serve(std::io::Error::other(panic))),
            Err(_) => {
                tracing::warn!("stopped with requests still open");
                Ok(())
            }
        }
    }

    /// The shared state, for tests.
    pub fn state(&self) -> &AppState {
        &self.state
    }
}

async fn listen(address: SocketAddr, variable: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, variable, source })
}

/// Answers with the metrics until the server stops.
async fn serve_metrics(
    address: SocketAddr,
    state: &AppState,
    places: &Places,
    limits: ConnectionLimits,
) -> Result<SocketAddr, StartError> {
    let listener = listen(address, "KOTHA_METRICS_LISTEN").await?;
    let address = listener.local_addr().map_err(StartError::Serve)?;
    let routes = metrics::routes(state.clone(), places.clone());
    state.tasks.spawn(answer(listener, routes, Places::new(limits), state.stopping.clone()));
    Ok(address)
}

fn connections(config: &Config) -> ConnectionLimits {
    let connections_per_address_max = match config.rate_limits {
        RateLimits::On => CONNECTIONS_PER_ADDRESS_MAX,
        RateLimits::Off => CONNECTIONS_MAX,
    };
    ConnectionLimits {
        connections_max: CONNECTIONS_MAX,
        connections_per_address_max,
        uncounted: config.trusted_proxies.clone(),
        head_read_ms: HEAD_READ_MS,
        write_stall_ms: WRITE_STALL_MS,
    }
}

/// Ctrl-C, or what a service manager sends.
pub async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
