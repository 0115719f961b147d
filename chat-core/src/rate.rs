//! Rates, in integers: the generic cell rate algorithm keeps one instant per member and nothing else.

use std::{collections::HashMap, sync::Mutex};

use jiff::Timestamp;

use crate::{UserId, hub::lock};

/// So many per second or minute, with a burst.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    every_us: i64,
    ahead_us_max: i64,
}

impl Rate {
    pub(crate) fn per_second(count: u32, burst: u32) -> Self {
        Self::new(1_000_000, count, burst)
    }

    pub(crate) fn per_minute(count: u32, burst: u32) -> Self {
        Self::new(60_000_000, count, burst)
    }

    fn new(span_us: i64, count: u32, burst: u32) -> Self {
        let every_us = span_us / i64::from(count.max(1));
        Self { every_us, ahead_us_max: every_us.saturating_mul(i64::from(burst.max(1)) - 1) }
    }

    /// Takes one, given when the next one would be due on an even beat. `Err` is the wait in microseconds.
    pub(crate) fn take(&self, due_us: &mut i64, now: Timestamp) -> Result<(), u64> {
        let now_us = now.as_microsecond();
        let ahead_us = due_us.saturating_sub(now_us).max(0);
        if ahead_us > self.ahead_us_max {
            return Err((ahead_us - self.ahead_us_max).unsigned_abs());
        }
        *due_us = now_us.saturating_add(ahead_us).saturating_add(self.every_us);
        Ok(())
    }
}

/// One rate for each member.
pub(crate) struct MemberRates {
    rate: Option<Rate>,
    due_us: Mutex<HashMap<UserId, i64>>,
}

impl MemberRates {
    /// How many members are remembered before those who are within their rate are forgotten.
    const MEMBERS_KEPT_MAX: usize = 8_192;

    pub(crate) fn new(rate: Option<Rate>) -> Self {
        Self { rate, due_us: Mutex::default() }
    }

    /// Takes one of the member's sends; `Err` is the wait in milliseconds.
    pub(crate) fn take(&self, user: UserId, now: Timestamp) -> Result<(), u64> {
        let Some(rate) = self.rate else { return Ok(()) };
        let mut due_us = lock(&self.due_us);
        if due_us.len() >= Self::MEMBERS_KEPT_MAX {
            due_us.retain(|_, due| *due > now.as_microsecond());
        }
        rate.take(due_us.entry(user).or_insert(0), now).map_err(|wait_us| wait_us.div_ceil(1_000))
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn burst_passes_then_the_rate_holds() {
        let rates = MemberRates::new(Some(Rate::per_minute(300, 10)));
        let user = UserId(Uuid::from_u128(1));
        let mut now = Timestamp::from_second(1_000).unwrap();
        for _ in 0..10 {
            assert_eq!(rates.take(user, now), Ok(()));
        }
        assert_eq!(rates.take(user, now), Err(200));
        now += SignedDuration::from_millis(200);
        assert_eq!(rates.take(user, now), Ok(()));
        assert_eq!(rates.take(user, now), Err(200));
    }

    #[test]
    fn one_member_never_pays_for_another() {
        let rates = MemberRates::new(Some(Rate::per_minute(60, 1)));
        let now = Timestamp::from_second(1_000).unwrap();
        assert_eq!(rates.take(UserId(Uuid::from_u128(1)), now), Ok(()));
        assert!(rates.take(UserId(Uuid::from_u128(1)), now).is_err());
        assert_eq!(rates.take(UserId(Uuid::from_u128(2)), now), Ok(()));
    }
}
