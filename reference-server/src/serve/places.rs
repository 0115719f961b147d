//! How many connections there may be, in all and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::client_address::{TrustedProxies, network_of};

/// How many connections there may be, and how long each may stand still.
#[derive(Debug, Clone)]
pub struct ConnectionLimits {
    /// In all; further ones wait to be accepted.
    pub connections_max: usize,
    /// From one address, or one IPv6 network; further ones are closed. Many phones share one address of their carrier's.
    pub connections_per_address_max: usize,
    /// Proxies hold the connections of everybody, so theirs are not counted.
    pub uncounted: TrustedProxies,
    /// How long a client may take to send a request's head, and how long a connection may wait for its next one.
    pub head_read_ms: u64,
    /// How long a client may take nothing of what is sent to it.
    pub write_stall_ms: u64,
}

/// The connections that are open now. Clones share them.
#[derive(Debug, Clone)]
pub struct Places {
    free: Arc<Semaphore>,
    // A plain mutex: it is held for a map access only. It holds no more addresses than there are connections.
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
    limits: ConnectionLimits,
}

/// One connection's; free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    _free: OwnedSemaphorePermit,
    counted: Option<Counted>,
}

#[derive(Debug)]
struct Counted {
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
    network: IpAddr,
}

impl Places {
    /// With nobody in them.
    pub fn new(limits: ConnectionLimits) -> Self {
        let free = Arc::new(Semaphore::new(limits.connections_max));
        Self { free, by_address: Arc::default(), limits }
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.limits.connections_max - self.free.available_permits()
    }

    pub(super) fn limits(&self) -> &ConnectionLimits {
        &self.limits
    }

    /// Waits until there may be one more.
    pub(super) async fn free(&self) -> OwnedSemaphorePermit {
        loop {
            // It is never closed.
            if let Ok(free) = Arc::clone(&self.free).acquire_owned().await {
                return free;
            }
        }
    }

    /// One for a connection from this address, unless it has too many.
    pub(super) fn take(&self, free: OwnedSemaphorePermit, address: IpAddr) -> Option<Place> {
        if self.limits.uncounted.contains(address) {
            return Some(Place { _free: free, counted: None });
        }
        let network = network_of(address);
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let count = by_address.entry(network).or_default();
        if *count >= self.limits.connections_per_address_max {
            return None;
        }
        *count += 1;
        let counted = Counted { by_address: Arc::clone(&self.by_address), network };
        Some(Place { _free: free, counted: Some(counted) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(Counted { by_address, network }) = &self.counted else { return };
        let mut by_address = by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = by_address.get_mut(network) {
            *count -= 1;
            if *count == 0 {
                by_address.remove(network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn take(places: &Places, address: &str) -> Option<Place> {
        places.take(places.free().await, address.parse().expect("an address"))
    }

    fn places() -> Places {
        let uncounted = TrustedProxies::new(vec!["10.0.0.0/8".parse().expect("a network")]);
        Places::new(ConnectionLimits {
            connections_max: 5,
            connections_per_address_max: 2,
            uncounted,
            head_read_ms: 1_000,
            write_stall_ms: 1_000,
        })
    }

    #[tokio::test]
    async fn one_address_takes_no_more_than_its_share() {
        let places = places();
        let first = take(&places, "192.0.2.1").await;
        let _second = take(&places, "192.0.2.1").await.expect("a place");
        assert!(take(&places, "192.0.2.1").await.is_none());
        let _other = take(&places, "192.0.2.2").await.expect("another address has its own");
        drop(first);
        assert!(take(&places, "192.0.2.1").await.is_some(), "a place that was left is free");
    }

    #[tokio::test]
    async fn one_ipv6_network_is_one_address() {
        let places = places();
        let _taken = [take(&places, "2001:db8::1").await, take(&places, "2001:db8::2").await];
        assert!(take(&places, "2001:db8::3").await.is_none());
        assert!(take(&places, "2001:db8:0:1::1").await.is_some());
    }

    #[tokio::test]
    async fn proxies_are_not_counted_but_all_places_are() {
        let places = places();
        let mut taken = Vec::new();
        for _ in 0..5 {
            taken.push(take(&places, "10.0.0.1").await.expect("a place"));
        }
        assert_eq!(places.taken(), 5);
        assert!(Arc::clone(&places.free).try_acquire_owned().is_err(), "the sixth waits");
        taken.clear();
        assert_eq!(places.taken(), 0);
        assert!(places.by_address.lock().expect("lock").is_empty());
    }
}
