//! An offline eSewa: the whole way of a payment on one origin, for tests and for people.
//!
//! No real money moves here. Every answer carries the header `x-esewa-emulator`, and every page says
//! what it is. It starts only where a program builds one and serves its router:
//!
//! ```no_run
//! use esewa_client::Merchant;
//! use esewa_client::sandbox::{Emulator, EmulatorConfig};
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8090").await?;
//! let origin: url::Url = format!("http://{}/", listener.local_addr()?).parse()?;
//! let merchant = Merchant::sandbox(&origin);
//! let emulator = Emulator::new(EmulatorConfig::new(origin));
//! axum::serve(listener, emulator.router()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Log in with 9806800001 to 9806800005, password `Nepal@123`, token `123456`. A program takes
//! the way under `/_sandbox/` instead: `payments`, `pay`, `faults`, `quirks`, `requests`, `clock`, `reset`. A person sees
//! all payments at `/_sandbox/` and can set the outcome of each.
//!
//! Where nobody has published what eSewa does, the emulator has to assume something. Each such
//! assumption is a field of [`Quirks`], which says so; `/_sandbox/quirks` shows and sets them.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::Timestamp;

mod clock;
mod config;
mod control;
mod faults;
mod fields;
mod hosts;
mod intent;
mod log;
mod mobile;
mod pages;
mod quirks;
mod redact;
mod router;
#[cfg(feature = "sandbox-tls")]
mod tls;
mod v1;
mod v2;
mod world;

pub use self::config::EmulatorConfig;
pub use self::quirks::{
    AmountForm, DuplicateUuid, FailureUrlQuery, IntentCallbackMethod, IntentCallbacks, QuirkError, Quirks,
    RefusalForm, StatusHosts, SuccessUrlQuery, TransrecForm, UuidCharset, WrongAmount,
};
#[cfg(feature = "sandbox-tls")]
pub use self::tls::{LocalTls, LocalTlsError, TlsListener};
use self::world::World;
pub use self::world::{LedgerEntry, LedgerKind, Outcome};

/// The emulator. A clone is the same emulator.
#[derive(Clone)]
pub struct Emulator {
    shared: Arc<Shared>,
}

struct Shared {
    config: EmulatorConfig,
    /// Those of the settings, until somebody sets others.
    quirks: RwLock<Arc<Quirks>>,
    // Held for short, synchronous work only, never across an await.
    world: Mutex<World>,
}

impl Emulator {
    /// An emulator with nothing booked yet.
    #[must_use]
    pub fn new(config: EmulatorConfig) -> Self {
        let world = Mutex::new(World::new(config.seed, config.codes_given));
        let quirks = RwLock::new(Arc::new(config.quirks.clone()));
        Self { shared: Arc::new(Shared { config, quirks, world }) }
    }

    /// Everything it serves, ready for a listener of its own or for calls in a test.
    pub fn router(&self) -> axum::Router {
        router::router(self.clone())
    }

    /// The settings that it was started with.
    #[must_use]
    pub fn config(&self) -> &EmulatorConfig {
        &self.shared.config
    }

    /// What moved, oldest first: payments, refunds and reversals.
    #[must_use]
    pub fn ledger(&self) -> Vec<LedgerEntry> {
        self.world().ledger().to_vec()
    }

    /// What it assumes now.
    fn quirks(&self) -> Arc<Quirks> {
        Arc::clone(&self.shared.quirks.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set_quirks(&self, quirks: Quirks) {
        *self.shared.quirks.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(quirks);
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The emulator's time: the system's, moved by what tests advanced it.
    fn now(&self) -> Timestamp {
        self.world().now(self.shared.config.clock.now())
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("config", &self.shared.config).finish_non_exhaustive()
    }
}
