//! When a read is tried again: a pure decision.

use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub(super) struct RetryPolicy {
    pub(super) attempts_max: u32,
    pub(super) backoff_ms: u64,
    pub(super) backoff_max_ms: u64,
}

impl RetryPolicy {
    /// How long to wait after `made` attempts that failed; `None` to stop.
    ///
    /// Half of the pause is certain and half is random, so that many clients that met the same
    /// outage do not come back at the same moment.
    pub(super) fn pause(&self, made: usize, random: u64) -> Option<Duration> {
        if made >= self.attempts_max as usize {
            return None;
        }
        let doublings = u32::try_from(made.saturating_sub(1)).unwrap_or(u32::MAX);
        let full_ms = 2_u64
            .checked_pow(doublings)
            .and_then(|factor| self.backoff_ms.checked_mul(factor))
            .map_or(self.backoff_max_ms, |ms| ms.min(self.backoff_max_ms));
        let half_ms = full_ms / 2;
        Some(Duration::from_millis(full_ms - random % (half_ms + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy { attempts_max: 5, backoff_ms: 100, backoff_max_ms: 500 };

    fn pause_ms(made: usize, random: u64) -> Option<u128> {
        POLICY.pause(made, random).map(|pause| pause.as_millis())
    }

    #[test]
    fn pauses_double_up_to_the_bound() {
        let pauses: Vec<_> = (1..=5).map(|made| pause_ms(made, 0)).collect();
        assert_eq!(pauses, [Some(100), Some(200), Some(400), Some(500), None]);
    }

    #[test]
    fn half_of_a_pause_is_random() {
        assert_eq!(pause_ms(1, 50), Some(50));
        assert_eq!(pause_ms(1, 51), Some(100));
        assert_eq!(pause_ms(1, 20), Some(80));
        let nothing = RetryPolicy { backoff_ms: 0, ..POLICY };
        assert_eq!(nothing.pause(1, 7), Some(Duration::ZERO));
    }

    #[test]
    fn huge_numbers_do_not_overflow() {
        let policy = RetryPolicy { attempts_max: u32::MAX, backoff_ms: u64::MAX, backoff_max_ms: 9 };
        assert_eq!(policy.pause(90, 0), Some(Duration::from_millis(9)));
    }
}
