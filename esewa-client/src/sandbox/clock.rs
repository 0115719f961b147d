//! Where the emulator's time starts from.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

/// A source of time: the system's, or a fixed one in tests.
#[derive(Clone)]
pub(super) struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    pub(super) fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(super) fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the emulator's system clock")]
        Self::new(Timestamp::now)
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
