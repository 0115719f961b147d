//! From a configuration to the shared state: database, eSewa, payments.

use std::sync::Arc;

use chat_core::ChatStore as _;
use paygate::{Clock as _, OfferKey, Payments, Policy, RandomIds, SystemClock};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::auth::{KnownDevices, PasswordError, Passwords, SessionCookie};
use crate::chat::{self, Chat, ChatOpenError, GrantPolicy};
use crate::config::Config;
use crate::db::{self, Db, OpenError};
use crate::ids::{Ids as _, TimeOrderedIds};
use crate::metrics::Metrics;
use crate::nodes::Nodes;
use crate::payments::{self, Offers, ProviderSetupError};
use crate::photos::Photos;
use crate::problem::Problem;
use crate::push::{self, VapidKey};
use crate::rate_limits::RateLimits;
use crate::state::{AppState, Shared};
use crate::uploads::Uploads;
use crate::users_hub::UsersHub;

/// As long as what it makes.
const OFFER_KEY_BYTES: usize = 32;

/// Why the server can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory.
    #[error(transparent)]
    Lock(#[from] super::lock::LockError),
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Reading or writing at the start.
    #[error("the database can't be used")]
    Database(#[from] sqlx::Error),
    /// The payments' tables.
    #[error(transparent)]
    PaymentsOpen(#[from] payments::PaymentsOpenError),
    /// What remembers grants.
    #[error(transparent)]
    Cache(#[from] paygate::CacheError),
    /// No randomness for a key.
    #[error("no key can be made")]
    Randomness(#[from] getrandom::Error),
    /// The key of the offers in the database.
    #[error("the database's key for offers can't be used")]
    OfferKey(#[from] paygate::OfferKeyError),
    /// The key that push services know us by.
    #[error("the database's key for push can't be used")]
    PushKey(#[from] push::NotAKey),
    /// The way to push services.
    #[error(transparent)]
    Push(#[from] push::SenderError),
    /// The outbox of payments.
    #[error("the payments can't be read")]
    Payments(#[from] paygate::StoreError),
    /// The chat's tables.
    #[error("the chat can't be opened")]
    Chat(#[from] ChatOpenError),
    /// Redis.
    #[error("KOTHA_REDIS_URL can't be used")]
    Redis(#[from] redis::RedisError),
    /// eSewa.
    #[error(transparent)]
    Provider(#[from] ProviderSetupError),
    /// Passwords.
    #[error(transparent)]
    Passwords(#[from] PasswordError),
    /// The demo data.
    #[error("the demo data can't be written: {}", .0.detail())]
    Demo(Box<Problem>),
    /// The routes.
    #[error(transparent)]
    Routes(#[from] crate::http::RoutesError),
    /// A listener.
    #[error("can't listen on {address} ({variable})")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// What said so.
        variable: &'static str,
        #[source]
        /// Why not.
        source: std::io::Error,
    },
    /// An address that makes no URL.
    #[error("can't make a public URL")]
    PublicUrl(#[from] url::ParseError),
    /// Serving ended by an error.
    #[error("serving ended")]
    Serve(#[source] std::io::Error),
}

/// The shared state; `public_url` is where we are reached, `emulator` where the embedded emulator is.
pub async fn assemble(
    config: &Config,
    public_url: Url,
    emulator: Option<&Url>,
) -> Result<AppState, StartError> {
    let db = Db::open(&config.database).await?;
    let clock = Arc::new(SystemClock);
    let esewa = payments::esewa(&config.esewa, &public_url, emulator)?;
    let payments = Payments::new(
        payments::remembering(payments::Store::open(&db).await?)?,
        esewa.providers,
        clock.clone(),
        Arc::new(RandomIds),
        Policy::default(),
    );
    let secret = secret(&db).await?;
    let offers = Offers::new(OfferKey::new(&secret)?, esewa.start_with, esewa.payee);
    let log = chat::Store::open(&db).await?;
    let ids = Arc::new(TimeOrderedIds);
    let nodes = Nodes::join(config.redis.as_ref(), log.epoch(), ids.next_id())?;
    let chat = Chat::new(
        log,
        &nodes,
        GrantPolicy::new(db.clone(), payments.clone(), clock.clone()),
        config.rate_limits,
        config.push.after_ms,
    );
    let push = push::sender(config.push.services.clone(), push_key(&db).await?, config.push.contact.clone())?;
    let mut trusted_origins = config.trusted_origins.clone();
    trusted_origins.push(public_url.origin().ascii_serialization());
    if let (None, Some(port)) = (&config.public_url, public_url.port()) {
        // Nobody said how we are called: on this machine, people type either.
        trusted_origins.push(format!("http://localhost:{port}"));
    }
    let rate_limits = RateLimits::new(config.rate_limits, &nodes);
    Ok(AppState::new(Shared {
        db,
        payments,
        offers,
        chat,
        nodes,
        users: UsersHub::default(),
        push,
        photos: Photos::new(&config.data_dir),
        uploads: Uploads::default(),
        passwords: Passwords::new()?,
        session_cookie: SessionCookie::new(public_url.scheme() == "https"),
        known_devices: KnownDevices::new(&secret, public_url.scheme() == "https"),
        unlock_price: config.unlock_price,
        public_url,
        esewa_origin: esewa.form_origin,
        trusted_origins,
        trusted_proxies: config.trusted_proxies.clone(),
        rate_limits,
        metrics: Metrics::new(clock.now().as_second()),
        clock,
        ids,
        stopping: CancellationToken::new(),
        tasks: TaskTracker::new(),
    }))
}

/// What binds offers and known browsers: made once, and shared by all servers on this database.
async fn secret(db: &Db) -> Result<Vec<u8>, StartError> {
    let mut fresh = [0; OFFER_KEY_BYTES];
    getrandom::fill(&mut fresh)?;
    Ok(db::offer_key::ensure(db, &fresh).await?)
}

/// What browsers subscribe to: made at the first start, and kept with what they subscribed to.
async fn push_key(db: &Db) -> Result<VapidKey, StartError> {
    let fresh = push::fresh_secret()?;
    Ok(VapidKey::new(&db::push_key::ensure(db, &fresh.to_bytes()).await?)?)
}
