//! Time and fresh ids, as arguments: a simulation supplies its own.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::Timestamp;
use uuid::Uuid;

use crate::MessageId;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system for the time")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct ManualClock {
    now_us: AtomicI64,
}

impl ManualClock {
    /// Starts at the given instant (to the microsecond).
    #[must_use]
    pub fn at(start: Timestamp) -> Self {
        Self { now_us: AtomicI64::new(start.as_microsecond()) }
    }

    /// Moves the clock forward by so many milliseconds.
    pub fn advance_ms(&self, by_ms: u64) {
        let by_us = i64::try_from(by_ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
        self.now_us.fetch_add(by_us, Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    /// Starts at 2026-01-01T00:00:00Z.
    fn default() -> Self {
        Self { now_us: AtomicI64::new(1_767_225_600_000_000) }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.now_us.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }
}

/// Makes the ids of new messages.
pub trait IdSource: Send + Sync + 'static {
    /// An id that was never given out before, for a message of this instant.
    fn message_id(&self, at: Timestamp) -> MessageId;
}

/// UUID version 7: ordered by time, so that the index over them grows at one end.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn message_id(&self, at: Timestamp) -> MessageId {
        let seconds = u64::try_from(at.as_second()).unwrap_or(0);
        let nanoseconds = u32::try_from(at.subsec_nanosecond()).unwrap_or(0);
        MessageId(Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanoseconds)))
    }
}

/// 1, 2, 3 …: for tests that compare whole runs.
#[derive(Debug, Default)]
pub struct SequentialIds {
    last: AtomicU64,
}

impl IdSource for SequentialIds {
    fn message_id(&self, _at: Timestamp) -> MessageId {
        let number = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        MessageId(Uuid::from_u128(u128::from(number)))
    }
}
