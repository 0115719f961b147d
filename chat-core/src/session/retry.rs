//! Asking again what could not be answered: later each time, and not all sessions at once.

use jiff::{SignedDuration, Timestamp};

use crate::Limits;

#[derive(Debug, Default)]
pub(super) struct Retry {
    failures: u32,
    at: Option<Timestamp>,
}

impl Retry {
    /// It failed; the session's number sets it apart from the others.
    pub(super) fn failed(&mut self, number: u64, now: Timestamp, limits: &Limits) {
        let doubled_ms = limits.retry_ms_min.max(1).saturating_mul(1 << self.failures.min(32));
        let wait_ms = doubled_ms.min(limits.retry_ms_max.max(1));
        // Knuth's multiplicative hash, as in `hub/drain.rs`.
        let spread_ms = (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) % (wait_ms / 2 + 1);
        let wait = SignedDuration::from_millis(i64::try_from(wait_ms + spread_ms).unwrap_or(i64::MAX));
        self.failures = self.failures.saturating_add(1);
        self.at = Some(now.checked_add(wait).unwrap_or(now));
    }

    pub(super) fn worked(&mut self) {
        *self = Self::default();
    }

    pub(super) fn time_passed(&mut self, now: Timestamp) {
        self.at = self.at.filter(|at| now < *at);
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.at.is_some()
    }

    pub(super) fn at(&self) -> Option<Timestamp> {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_begin_anew_after_an_answer() {
        let limits = Limits { retry_ms_min: 500, retry_ms_max: 4_000, ..Limits::default() };
        let now = Timestamp::from_second(1_000).unwrap();
        let mut retry = Retry::default();
        let wait_ms = |retry: &mut Retry| {
            retry.failed(0, now, &limits);
            retry.at().unwrap().duration_since(now).as_millis()
        };
        let waits: Vec<_> = (0..5).map(|_| wait_ms(&mut retry)).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 4_000]);
        retry.worked();
        assert!(!retry.is_waiting());
        assert_eq!(wait_ms(&mut retry), 500);
    }
}
