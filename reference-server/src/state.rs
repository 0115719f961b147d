//! What handlers share.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use paygate::{Clock, Money, Payments};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::auth::{KnownDevices, Passwords, SessionCookie};
use crate::chat::Chat;
use crate::client_address::TrustedProxies;
use crate::db::Db;
use crate::ids::Ids;
use crate::metrics::Metrics;
use crate::nodes::Nodes;
use crate::payments::{self, Offers};
use crate::photos::Photos;
use crate::push;
use crate::rate_limits::RateLimits;
use crate::uploads::Uploads;
use crate::users_hub::UsersHub;

/// Cheap to clone: one pointer.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// The parts, each with one job.
pub struct Shared {
    /// The server's own tables.
    pub db: Db,
    /// Everything about payments and grants.
    pub payments: Payments<payments::Remembering>,
    /// What unlocks a room, bound to a key.
    pub offers: Offers,
    /// Conversations and messages.
    pub chat: Chat,
    /// The other servers on the same database.
    pub nodes: Nodes,
    /// Who is listening on `ws/payment/`.
    pub users: UsersHub,
    /// The way to browsers that are closed.
    pub push: push::Sender,
    /// The files of the rooms' photos.
    pub photos: Photos,
    /// What files hold in memory on their way there.
    pub uploads: Uploads,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// How the session cookie is named.
    pub session_cookie: SessionCookie,
    /// Which browsers an account has signed in from.
    pub known_devices: KnownDevices,
    /// What one unlock costs.
    pub unlock_price: Money,
    /// What browsers come back to.
    pub public_url: Url,
    /// Where the payment form is posted to; pages may submit forms there.
    pub esewa_origin: String,
    /// Origins that unsafe methods and WebSockets may come from, our own among them.
    pub trusted_origins: Vec<String>,
    /// Proxies whose word for whom they speak is believed.
    pub trusted_proxies: TrustedProxies,
    /// How much each address and account may ask for.
    pub rate_limits: RateLimits,
    /// What is counted for those who run the server.
    pub metrics: Metrics,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Arc<dyn Ids>,
    /// Told to stop: background tasks end, sockets say goodbye.
    pub stopping: CancellationToken,
    /// What must have ended before the program does: sockets, background tasks.
    pub tasks: TaskTracker,
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState").finish_non_exhaustive()
    }
}

impl AppState {
    /// Puts the parts together.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Shared {
    /// What ends a cookie's line: over https browsers must never send it in the clear.
    pub fn secure_attribute(&self) -> &'static str {
        if self.public_url.scheme() == "https" { "; Secure" } else { "" }
    }

    /// Where pages open their WebSockets: browsers differ in whether `'self'` covers it.
    pub fn websocket_origin(&self) -> String {
        let scheme = if self.public_url.scheme() == "https" { "wss" } else { "ws" };
        let origin = self.public_url.origin().ascii_serialization();
        format!("{scheme}{}", origin.trim_start_matches(self.public_url.scheme()))
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
