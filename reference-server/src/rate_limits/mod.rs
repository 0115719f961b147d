//! Rate limits: by address and by account for each class of routes, and for guessing passwords.
//!
//! Every server counts in memory. With Redis they count together as well, so that asking another server gains nothing.

mod buckets;
mod class;
mod key;
mod layer;
mod quota;
mod shared;

use std::fmt;

use jiff::Timestamp;
use paygate::PaymentId;

use self::buckets::Buckets;
pub use self::class::RouteClass;
pub use self::key::Key;
pub use self::layer::{Asked, limit};
pub use self::quota::Quota;
use self::shared::Shared;
use crate::auth::{KnownDevice, Phone};
use crate::client_address::ClientAddress;
use crate::config;
use crate::nodes::Nodes;
use crate::problem::Problem;

/// Wrong passwords for one number, wherever they come from: who forgot theirs, or guesses from many places.
const GUESSES: Quota = Quota::new(50, 1);
/// Wrong passwords for one number from one address. Lower, so that a guesser doesn't lock the number's owner out.
const GUESSES_FROM_ONE_ADDRESS: Quota = Quota::new(10, 1);

/// Wrong passwords from a browser that the account has signed in from, whatever others guess meanwhile.
const GUESSES_OF_KNOWN_DEVICE: Quota = Quota::new(10, 1);

/// Numbers that turned out to have an account, for who registers from one address: a few slips, but no list of who is
/// here.
const PROBES: Quota = Quota::new(10, 1);

/// Hints about one payment that have eSewa asked. Who comes back by several ways at once is heard each time; a flood is not
/// passed on to eSewa, whoever sends it. The schedule asks anyway.
const HINTS: Quota = Quota::new(5, 30);

/// The counts.
pub struct RateLimits {
    on: bool,
    here: Buckets,
    shared: Option<Shared>,
}

impl RateLimits {
    /// With nothing counted yet.
    pub fn new(rates: config::RateLimits, nodes: &Nodes) -> Self {
        let shared = nodes.redis().map(|(redis, prefix)| Shared::new(redis, prefix));
        Self { on: rates == config::RateLimits::On, here: Buckets::new(), shared }
    }

    /// Counts one request of an address.
    ///
    /// # Errors
    ///
    /// 429 when there were too many.
    pub async fn by_address(
        &self,
        class: RouteClass,
        client: ClientAddress,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let Some(quota) = class.by_address() else { return Ok(()) };
        self.spend(&Key::address(class, client), quota, now).await
    }

    /// Counts one request of an account.
    ///
    /// # Errors
    ///
    /// 429 when there were too many.
    pub async fn by_account(
        &self,
        class: RouteClass,
        account: uuid::Uuid,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let Some(quota) = class.by_account() else { return Ok(()) };
        self.spend(&Key::account(class, account), quota, now).await
    }

    /// Counts a password that is about to be compared, as if it were wrong: many at the same time are counted too. A
    /// browser that the account has signed in from has a count of its own.
    ///
    /// # Errors
    ///
    /// 429 when there were too many wrong ones, whether or not the number has an account.
    pub async fn guess(
        &self,
        phone: &Phone,
        client: ClientAddress,
        device: Option<&KnownDevice>,
        now: Timestamp,
    ) -> Result<(), Problem> {
        if let Some(device) = device {
            return self.spend(&Key::guesses_of(device), GUESSES_OF_KNOWN_DEVICE, now).await;
        }
        self.spend(&Key::guesses_from(phone, client), GUESSES_FROM_ONE_ADDRESS, now).await?;
        self.spend(&Key::guesses(phone), GUESSES, now).await
    }

    /// It was right: it was no guess.
    pub async fn no_guess(
        &self,
        phone: &Phone,
        client: ClientAddress,
        device: Option<&KnownDevice>,
        now: Timestamp,
    ) {
        if let Some(device) = device {
            return self.give_back(&Key::guesses_of(device), GUESSES_OF_KNOWN_DEVICE, now).await;
        }
        self.give_back(&Key::guesses_from(phone, client), GUESSES_FROM_ONE_ADDRESS, now).await;
        self.give_back(&Key::guesses(phone), GUESSES, now).await;
    }

    /// Counts a number that is about to be registered, as if it had an account already.
    ///
    /// # Errors
    ///
    /// 429 when there were too many that had one.
    pub async fn probe(&self, client: ClientAddress, now: Timestamp) -> Result<(), Problem> {
        self.spend(&Key::probes(client), PROBES, now).await
    }

    /// It had none.
    pub async fn no_probe(&self, client: ClientAddress, now: Timestamp) {
        self.give_back(&Key::probes(client), PROBES, now).await;
    }

    /// Counts a hint that anybody may give about a payment: whether eSewa is to be asked for it.
    pub async fn hint(&self, payment: &PaymentId, now: Timestamp) -> bool {
        self.spend(&Key::hints(payment), HINTS, now).await.is_ok()
    }

    async fn spend(&self, key: &Key, quota: Quota, now: Timestamp) -> Result<(), Problem> {
        if !self.on {
            return Ok(());
        }
        let now_us = micros(now);
        let mut spent = self.here.spend(key, quota, now_us);
        // Redis isn't asked for what this server refuses by itself: a flood must not reach it.
        if let (Ok(()), Some(shared)) = (spent, &self.shared) {
            spent = shared.spend(key, quota, now_us).await;
        }
        spent.map_err(|wait| Problem::rate_limited(wait.us.div_ceil(1_000)))
    }

    async fn give_back(&self, key: &Key, quota: Quota, now: Timestamp) {
        if !self.on {
            return;
        }
        self.here.give_back(key, quota);
        if let Some(shared) = &self.shared {
            shared.give_back(key, quota, micros(now)).await;
        }
    }
}

fn micros(at: Timestamp) -> u64 {
    u64::try_from(at.as_microsecond()).unwrap_or_default()
}

impl fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimits").field("on", &self.on).finish_non_exhaustive()
    }
}
