//! The embedded eSewa emulator on its own listener, as eSewa is on another host than ours.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use esewa_client::sandbox::{DuplicateUuid, Emulator, EmulatorConfig, LocalTls, Quirks, TlsListener};
use jiff::Timestamp;
use paygate::{Clock, SystemClock};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::StartError;
use crate::config::{Config, EsewaConfig};

/// The first of January 2026, in milliseconds since 1970.
const CODES_SINCE_MS: i64 = 1_767_225_600_000;
/// Shorter than a restart takes.
const MS_A_CODE: i64 = 100;

/// An emulator that has its address, but doesn't answer yet.
pub struct Prepared {
    /// Its origin.
    pub url: Url,
    emulator: Emulator,
    listener: TcpListener,
}

/// Gives the emulator its address and the merchant's key.
///
/// # Errors
///
/// When the address can't be read.
pub fn prepare(
    config: &EsewaConfig,
    listener: TcpListener,
    clock: &dyn Clock,
) -> Result<Prepared, StartError> {
    prepare_with(config, listener, quirks(), clock)
}

/// The crate's assumptions, but for one: a payer who closes eSewa's tab comes back to the same open payment, and
/// posts its form once more.
fn quirks() -> Quirks {
    let mut quirks = Quirks::default();
    quirks.duplicate_uuid = DuplicateUuid::Reopen;
    quirks
}

fn prepare_with(
    config: &EsewaConfig,
    listener: TcpListener,
    quirks: Quirks,
    clock: &dyn Clock,
) -> Result<Prepared, StartError> {
    let address = listener.local_addr().map_err(StartError::Serve)?;
    let url = Url::parse(&format!("http://{address}/"))?;
    let emulator = Emulator::new(
        EmulatorConfig::new(url.clone())
            .with_merchant(config.product_code.clone(), config.secret_key.clone())
            .with_quirks(quirks)
            .with_codes_given(codes_given(clock.now())),
    );
    Ok(Prepared { url, emulator, listener })
}

/// The emulator forgets when it is restarted, the database doesn't: ten codes a second lie behind it.
fn codes_given(now: Timestamp) -> u64 {
    u64::try_from((now.as_millisecond() - CODES_SINCE_MS) / MS_A_CODE).unwrap_or_default()
}

impl Prepared {
    /// Answers until told to stop.
    pub async fn serve(self, stopping: CancellationToken) {
        serve_on(self.listener, self.emulator, stopping).await;
    }
}

async fn serve_on<L>(listener: L, emulator: Emulator, stopping: CancellationToken)
where
    L: axum::serve::Listener,
    L::Addr: std::fmt::Debug,
{
    let serving = axum::serve(listener, emulator.router());
    if let Err(error) = serving.with_graceful_shutdown(stopping.cancelled_owned()).await {
        tracing::error!(%error, "the eSewa emulator ended");
    }
}

/// The emulator under eSewa's own names.
#[derive(Debug)]
pub struct TlsOptions {
    /// Where it answers.
    pub listen: SocketAddr,
    /// Where its authority is written to.
    pub ca_file: PathBuf,
}

impl TlsOptions {
    async fn prepare(&self) -> Result<TlsListener, StartError> {
        let tls =
            LocalTls::new(SystemClock.now()).map_err(|error| StartError::Serve(io::Error::other(error)))?;
        let listener = listen(self.listen, "--tls-listen").await?;
        let address = listener.local_addr().map_err(StartError::Serve)?;
        let file = self.ca_file.display();
        tokio::fs::write(&self.ca_file, tls.ca_pem()).await.map_err(|error| {
            StartError::Serve(io::Error::new(error.kind(), format!("can't write {file}: {error}")))
        })?;
        tracing::warn!("it answers under eSewa's own names at {address} to whoever trusts {file}");
        tls.listener(listener).map_err(StartError::Serve)
    }
}

/// An assumption of the emulator, as `--quirk NAME=VALUE` sets it.
#[derive(Debug, Clone)]
pub struct Quirk {
    name: String,
    value: String,
}

impl Quirk {
    /// Reads one from the command line.
    ///
    /// # Errors
    ///
    /// When there is none of that name, or it has no such value.
    pub fn read(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("it is a name, `=` and a value")?;
        quirks().with(name, value).map_err(|error| error.to_string())?;
        Ok(Self { name: name.to_owned(), value: value.to_owned() })
    }
}

/// `kotha sandbox`: the emulator alone, until the program is told to stop.
///
/// # Errors
///
/// When it can't listen, or can't write its authority.
pub async fn serve_alone(
    config: &Config,
    named: &[Quirk],
    tls: Option<TlsOptions>,
) -> Result<(), StartError> {
    let quirks = named
        .iter()
        .try_fold(quirks(), |quirks, quirk| quirks.with(&quirk.name, &quirk.value))
        .map_err(|error| StartError::Serve(io::Error::other(error)))?;
    let listener = listen(config.esewa.sandbox_listen, "KOTHA_SANDBOX_LISTEN").await?;
    let prepared = prepare_with(&config.esewa, listener, quirks, &SystemClock)?;
    tracing::warn!("the eSewa emulator answers at {}; no real money moves", prepared.url);
    let stopping = CancellationToken::new();
    let stop = stopping.clone();
    tokio::spawn(async move {
        crate::app::stop_signal().await;
        stop.cancel();
    });
    if let Some(options) = tls {
        let listener = options.prepare().await?;
        tokio::spawn(serve_on(listener, prepared.emulator.clone(), stopping.clone()));
    }
    prepared.serve(stopping).await;
    Ok(())
}

async fn listen(address: SocketAddr, variable: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, variable, source })
}
