//! How often, as the generic cell rate algorithm counts it: one number a caller, the instant at which the caller would
//! have used nothing.

/// A minute in microseconds.
const MINUTE_US: u64 = 60_000_000;

/// So many at once, and so many a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// After a pause.
    pub burst: u32,
    /// In the long run.
    pub per_minute: u32,
}

/// The caller must wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Until the same would pass.
    pub us: u64,
}

impl Quota {
    /// `burst` at once, `per_minute` in the long run; neither may be 0.
    pub const fn new(burst: u32, per_minute: u32) -> Self {
        Self { burst, per_minute }
    }

    /// What one costs, in time.
    pub fn interval_us(self) -> u64 {
        MINUTE_US / u64::from(self.per_minute.max(1))
    }

    /// How far ahead of the clock a caller may be.
    pub fn ahead_us_max(self) -> u64 {
        self.interval_us() * u64::from(self.burst.max(1))
    }

    /// Takes one at `now_us` from a caller who would have used nothing at `unused_at_us`; that instant as it is then.
    pub fn spend(self, unused_at_us: u64, now_us: u64) -> Result<u64, Wait> {
        let next = unused_at_us.max(now_us).saturating_add(self.interval_us());
        let ahead = next.saturating_sub(now_us);
        match ahead.checked_sub(self.ahead_us_max()) {
            None | Some(0) => Ok(next),
            Some(us) => Err(Wait { us }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota::new(3, 60);
    const SECOND_US: u64 = 1_000_000;

    #[test]
    fn burst_passes_at_once_and_the_next_one_waits() {
        let mut unused_at = 0;
        for _ in 0..3 {
            unused_at = QUOTA.spend(unused_at, 50 * SECOND_US).expect("within the burst");
        }
        assert_eq!(QUOTA.spend(unused_at, 50 * SECOND_US), Err(Wait { us: SECOND_US }));
        assert!(QUOTA.spend(unused_at, 51 * SECOND_US).is_ok(), "after the wait it passes");
    }

    #[test]
    fn in_the_long_run_the_rate_holds() {
        let (mut unused_at, mut passed) = (0, 0);
        for now in (0..600 * SECOND_US).step_by(10_000) {
            if let Ok(next) = QUOTA.spend(unused_at, now) {
                (unused_at, passed) = (next, passed + 1);
            }
        }
        assert_eq!(passed, 600 + 2, "ten minutes at 60, and the burst");
    }

    #[test]
    fn pause_gives_back_the_burst_and_no_more() {
        let mut unused_at = QUOTA.spend(0, SECOND_US).expect("one");
        let later = 1_000 * SECOND_US;
        for _ in 0..3 {
            unused_at = QUOTA.spend(unused_at, later).expect("within the burst");
        }
        assert!(QUOTA.spend(unused_at, later).is_err());
    }

    #[test]
    fn refusal_costs_nothing() {
        let mut unused_at = 0;
        for _ in 0..3 {
            unused_at = QUOTA.spend(unused_at, 0).expect("within the burst");
        }
        for _ in 0..100 {
            assert_eq!(QUOTA.spend(unused_at, 0), Err(Wait { us: SECOND_US }));
        }
    }
}
