//! Going down without a stampede: sessions are closed over a window, not all at once.

use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};

/// Whether, since when and how fast this node closes its sessions.
#[derive(Debug, Default)]
pub(crate) struct Drain {
    begun: OnceLock<(Timestamp, u64)>,
}

impl Drain {
    /// Begins, once.
    pub(crate) fn begin(&self, now: Timestamp, window_ms: u64) {
        let _second_time = self.begun.set((now, window_ms));
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.begun.get().is_some()
    }

    /// When the session of this number closes, and after how many milliseconds it should come back.
    pub(crate) fn turn(&self, number: u64) -> Option<(Timestamp, u64)> {
        let (since, window_ms) = *self.begun.get()?;
        // Knuth's multiplicative hash: neighbours in number are far apart in time.
        let spread = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let wait_ms = spread % window_ms.max(1);
        let at = since.checked_add(SignedDuration::from_millis(i64::try_from(wait_ms).unwrap_or(0)));
        Some((at.unwrap_or(since), 500 + spread % 2_500))
    }
}
