//! The counts that servers share, in Redis. The same algorithm as in memory, by Redis' own clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::aio::ConnectionManager;

use super::key::Key;
use super::quota::{Quota, Wait};

/// A request waits no longer than this for a count.
const ANSWER_MS: u64 = 150;
/// After Redis didn't answer, it is left alone for so long, and each server counts for itself.
const PAUSE_US: u64 = 2_000_000;

/// `KEYS[1]` is the caller; `ARGV` are what one costs and how far ahead one may be, both in microseconds. How long to
/// wait is answered, 0 for not at all.
const SPEND: &str = r"
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local next = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + tonumber(ARGV[1])
local wait = next - now - tonumber(ARGV[2])
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000))
return 0";

/// Takes back what one cost. A count that is gone needs nothing back.
const GIVE_BACK: &str = r"
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECRBY', KEYS[1], ARGV[1]) end
return 0";

/// Counts on Redis.
pub(super) struct Shared {
    redis: ConnectionManager,
    prefix: String,
    away_until_us: AtomicU64,
}

impl Shared {
    pub(super) fn new(redis: ConnectionManager, prefix: &str) -> Self {
        Self { redis, prefix: format!("{prefix}:rate"), away_until_us: AtomicU64::new(0) }
    }

    /// A request never fails because Redis did: what can't be counted there passes.
    pub(super) async fn spend(&self, key: &Key, quota: Quota, now_us: u64) -> Result<(), Wait> {
        let numbers = [quota.interval_us(), quota.ahead_us_max()];
        match self.run(SPEND, key, &numbers, now_us).await {
            None | Some(0) => Ok(()),
            Some(us) => Err(Wait { us }),
        }
    }

    pub(super) async fn give_back(&self, key: &Key, quota: Quota, now_us: u64) {
        self.run(GIVE_BACK, key, &[quota.interval_us()], now_us).await;
    }

    async fn run(&self, script: &str, key: &Key, numbers: &[u64], now_us: u64) -> Option<u64> {
        if now_us < self.away_until_us.load(Ordering::Relaxed) {
            return None;
        }
        let mut command = redis::cmd("EVAL");
        command.arg(script).arg(1).arg(format!("{}:{}", self.prefix, key.digest())).arg(numbers);
        let mut redis = self.redis.clone();
        let answer = command.query_async::<u64>(&mut redis);
        match tokio::time::timeout(Duration::from_millis(ANSWER_MS), answer).await {
            Ok(Ok(us)) => return Some(us),
            Ok(Err(error)) => tracing::warn!(%error, "rate limits can't be shared now"),
            Err(_) => tracing::warn!("rate limits can't be shared now: Redis doesn't answer in time"),
        }
        self.away_until_us.store(now_us.saturating_add(PAUSE_US), Ordering::Relaxed);
        None
    }
}

#[cfg(test)]
mod tests;
