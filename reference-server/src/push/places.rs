//! How many messages are on their way to one push service. One that hangs takes its own places, not those of all others.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Messages on their way to one service. The engine deals with 32 people at a time: some are left for the other services.
const PER_SERVICE_MAX: usize = 24;
/// How long a message waits for a place. A service that is well has given one back long before.
pub const WAIT_MS: u64 = 2_000;

/// The places of each push service.
#[derive(Debug)]
pub struct Places {
    services: Vec<Service>,
    wait: Duration,
}

#[derive(Debug)]
struct Service {
    free: Semaphore,
    /// Somebody waited in vain, and nothing was answered since: who comes now does not even wait.
    hangs: AtomicBool,
}

/// One message's; free again when it is dropped.
#[derive(Debug)]
pub struct Place<'a> {
    _free: SemaphorePermit<'a>,
    hangs: &'a AtomicBool,
}

impl Places {
    /// For so many services; a message waits so long for its place.
    pub fn new(services: usize, wait_ms: u64) -> Self {
        let service = || Service { free: Semaphore::new(PER_SERVICE_MAX), hangs: AtomicBool::new(false) };
        Self { services: (0..services).map(|_| service()).collect(), wait: Duration::from_millis(wait_ms) }
    }

    /// One for a message to this service; `None` when it hangs and has as many as it may.
    pub async fn take(&self, service: usize) -> Option<Place<'_>> {
        let Service { free, hangs } = self.services.get(service)?;
        if let Ok(free) = free.try_acquire() {
            return Some(Place { _free: free, hangs });
        }
        if hangs.load(Ordering::Relaxed) {
            return None;
        }
        match timeout(self.wait, free.acquire()).await {
            Ok(Ok(free)) => Some(Place { _free: free, hangs }),
            Ok(Err(_)) | Err(_) => {
                hangs.store(true, Ordering::Relaxed);
                None
            }
        }
    }
}

impl Place<'_> {
    /// The service answered, whatever it was.
    pub fn answered(&self) {
        self.hangs.store(false, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    /// Longer than any test.
    const PATIENCE_MS: u64 = 60_000;

    async fn all(places: &Places) -> Vec<Place<'_>> {
        let mut taken = Vec::new();
        for _ in 0..PER_SERVICE_MAX {
            taken.push(places.take(0).await.expect("a place"));
        }
        taken
    }

    #[tokio::test]
    async fn service_that_hangs_takes_its_own_places_only() {
        let places = Places::new(2, 0);
        let mut taken = all(&places).await;
        assert!(places.take(0).await.is_none(), "waited in vain");
        assert!(places.take(1).await.is_some(), "the other service has its own");
        taken.pop();
        assert!(places.take(0).await.is_some(), "a place that is free is given");
    }

    #[tokio::test]
    async fn it_is_waited_for_once_and_again_when_it_answers() {
        let places = Places::new(1, PATIENCE_MS);
        let mut taken = all(&places).await;
        assert!(places.take(0).now_or_never().is_none(), "it may give one back");
        places.services[0].hangs.store(true, Ordering::Relaxed);
        assert!(places.take(0).now_or_never().is_some_and(|place| place.is_none()), "nobody waits any more");
        taken[0].answered();
        let (next, ()) = tokio::join!(places.take(0), async { drop(taken.pop()) });
        assert!(next.is_some());
    }
}
