//! The emulator's settings.

use std::fmt;

use jiff::Timestamp;
use url::Url;

use super::clock::Clock;
use super::quirks::Quirks;
use crate::environment::ShownUrl;
use crate::ids::ProductCode;
use crate::secret::SecretKey;

/// How an [`Emulator`](super::Emulator) is set up.
#[derive(Clone)]
pub struct EmulatorConfig {
    /// Where browsers reach it; used in QR codes and deep links.
    pub base_url: Url,
    /// The same seed gives the same codes and booking ids in the same order.
    pub seed: u64,
    /// How many codes were given out by earlier emulators: the next one comes after them.
    pub codes_given: u64,
    /// What it assumes where eSewa's behavior is not published, or has changed.
    pub quirks: Quirks,
    pub(super) merchants: Vec<(ProductCode, SecretKey)>,
    pub(super) clock: Clock,
}

impl fmt::Debug for EmulatorConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorConfig")
            .field("base_url", &ShownUrl(&self.base_url))
            .field("seed", &self.seed)
            .field("codes_given", &self.codes_given)
            .field("quirks", &self.quirks)
            .field("merchants", &self.merchants)
            .field("clock", &self.clock)
            .finish()
    }
}

impl EmulatorConfig {
    /// An emulator reached at `base_url`, which knows the published test merchants.
    #[must_use]
    pub fn new(base_url: Url) -> Self {
        Self {
            base_url,
            seed: 1,
            codes_given: 0,
            quirks: Quirks::default(),
            merchants: vec![
                (ProductCode::test(), SecretKey::test()),
                (ProductCode::test_intent(), SecretKey::test_access_key()),
            ],
            clock: Clock::system(),
        }
    }

    /// Adds a merchant, or changes the key of one.
    #[must_use]
    pub fn with_merchant(mut self, product_code: ProductCode, key: SecretKey) -> Self {
        self.merchants.retain(|(known, _)| *known != product_code);
        self.merchants.push((product_code, key));
        self
    }

    /// Starts from another seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Gives out codes that come after `codes_given` earlier ones.
    ///
    /// eSewa never gives a code twice, and a merchant's database refuses one that it has seen. An emulator that is
    /// restarted beside a database that was kept must therefore go on, for instance by the seconds since some day.
    #[must_use]
    pub fn with_codes_given(mut self, codes_given: u64) -> Self {
        self.codes_given = codes_given;
        self
    }

    /// Assumes other things about eSewa.
    #[must_use]
    pub fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Takes the time from `now` instead of the system's clock.
    #[must_use]
    pub fn with_clock(mut self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }

    pub(super) fn key_of(&self, product_code: &str) -> Option<&SecretKey> {
        self.merchants.iter().find(|(known, _)| known.as_str() == product_code).map(|(_, key)| key)
    }
}
