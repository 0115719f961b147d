//! The counts of this process, in memory that doesn't grow.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use super::key::Key;
use super::quota::{Quota, Wait};

/// 2 MiB. Two callers share a bucket by chance only: among a thousand active ones, every 260th.
const BUCKETS: usize = 1 << 18;

/// One number a bucket; a caller's bucket follows from a hash that nobody outside can compute.
pub(super) struct Buckets {
    hasher: RandomState,
    unused_at_us: Box<[AtomicU64]>,
}

impl Buckets {
    pub(super) fn new() -> Self {
        let unused_at_us = (0..BUCKETS).map(|_| AtomicU64::new(0)).collect();
        Self { hasher: RandomState::new(), unused_at_us }
    }

    pub(super) fn spend(&self, key: &Key, quota: Quota, now_us: u64) -> Result<(), Wait> {
        let bucket = self.bucket(key);
        let mut known = bucket.load(Ordering::Relaxed);
        loop {
            let next = quota.spend(known, now_us)?;
            match bucket.compare_exchange_weak(known, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(newer) => known = newer,
            }
        }
    }

    pub(super) fn give_back(&self, key: &Key, quota: Quota) {
        let less = |known: u64| Some(known.saturating_sub(quota.interval_us()));
        let _never_refused = self.bucket(key).fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    fn bucket(&self, key: &Key) -> &AtomicU64 {
        let hash = usize::try_from(self.hasher.hash_one(key) % BUCKETS as u64).unwrap_or_default();
        &self.unused_at_us[hash]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate_limits::RouteClass;

    const QUOTA: Quota = Quota::new(2, 1);

    fn key(number: u128) -> Key {
        Key::account(RouteClass::Write, uuid::Uuid::from_u128(number))
    }

    #[test]
    fn callers_are_counted_apart() {
        let buckets = Buckets::new();
        for _ in 0..2 {
            assert!(buckets.spend(&key(1), QUOTA, 0).is_ok());
        }
        assert!(buckets.spend(&key(1), QUOTA, 0).is_err());
        assert!(buckets.spend(&key(2), QUOTA, 0).is_ok());
    }

    #[test]
    fn what_is_given_back_can_be_spent_again() {
        let buckets = Buckets::new();
        for _ in 0..10 {
            assert!(buckets.spend(&key(1), QUOTA, 1).is_ok());
            buckets.give_back(&key(1), QUOTA);
        }
    }

    #[test]
    fn callers_at_the_same_time_share_one_burst() {
        let buckets = Buckets::new();
        let quota = Quota::new(100, 1);
        let passed: usize = std::thread::scope(|scope| {
            let count = || (0..100).filter(|_| buckets.spend(&key(1), quota, 0).is_ok()).count();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
            threads.into_iter().map(|thread| thread.join().expect("a count")).sum()
        });
        assert_eq!(passed, 100);
    }
}
