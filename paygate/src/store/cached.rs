//! Grants remembered for a moment, in front of a store whose look-ups cost more than a hash.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};

use crate::clock::later;
use crate::model::{Access, Event, Grant, Observation, Payment};
use crate::store::{Change, Committed, GrantStore, Opened, Opening, PaymentStore, StoreError};
use crate::{PaymentId, ResourceId, SubjectId};

/// A store that remembers who was let in.
///
/// Give the same one (or its clones) to the gate and to [`Payments`](crate::Payments): what is committed through
/// it shows at once. What another node commits shows after `ttl_ms` at the latest, by the clock that the gate
/// passes; so a revoked grant stops within a second everywhere, and sooner where a node that follows the
/// [events](PaymentStore::events_after) calls [`forget`](Self::forget). Only grants are remembered: whoever is
/// locked out is looked up each time, and a payment opens at once.
///
/// ```
/// # use paygate::*;
/// let store = CachedStore::new(MemoryStore::new(), 500, 10_000)?;
/// assert!(CachedStore::new(MemoryStore::new(), 1_001, 10_000).is_err());
/// # Ok::<(), CacheError>(())
/// ```
#[derive(Debug, Clone)]
pub struct CachedStore<S> {
    store: S,
    cache: Arc<Cache>,
}

/// A cache that would let a revoked grant live too long, or remember nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cache keeps 1 grant or more for 1 to 1,000 ms")]
pub struct CacheError;

#[derive(Debug)]
struct Cache {
    ttl: SignedDuration,
    entries_max: usize,
    // A blocking lock: held for one hash look-up, never across an await.
    kept: RwLock<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Counts what was forgotten, so that a look-up that was overtaken is not remembered.
    forgotten: u64,
    entries: usize,
    /// Nested, so that a look-up needs no owned pair.
    grants: HashMap<SubjectId, HashMap<ResourceId, Entry>>,
}

#[derive(Debug)]
struct Entry {
    grant: Grant,
    read_at: Timestamp,
}

impl<S> CachedStore<S> {
    /// Remembers at most `entries_max` grants, each for `ttl_ms` milliseconds.
    ///
    /// # Errors
    /// A `ttl_ms` outside of 1 to 1,000, or no entries.
    pub fn new(store: S, ttl_ms: u32, entries_max: usize) -> Result<Self, CacheError> {
        if !(1..=1_000).contains(&ttl_ms) || entries_max == 0 {
            return Err(CacheError);
        }
        let ttl = SignedDuration::from_millis(ttl_ms.into());
        Ok(Self { store, cache: Arc::new(Cache { ttl, entries_max, kept: RwLock::default() }) })
    }

    /// Forgets whether `who` may use `what`: another node is known to have changed it.
    pub fn forget(&self, who: &SubjectId, what: &ResourceId) {
        self.cache.forget(who, what);
    }
}

impl Cache {
    /// The remembered grant, or the count that a look-up must hand back.
    fn find(&self, who: &SubjectId, what: &ResourceId, now: Timestamp) -> Result<Grant, u64> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let entry = kept.grants.get(who).and_then(|doors| doors.get(what));
        entry.filter(|entry| self.is_fresh(entry, now)).map(|entry| entry.grant.clone()).ok_or(kept.forgotten)
    }

    /// A clock that was set back makes an entry stale, not young.
    fn is_fresh(&self, entry: &Entry, now: Timestamp) -> bool {
        entry.read_at <= now && now < later(entry.read_at, self.ttl) && entry.grant.is_live(now)
    }

    fn keep(&self, grant: &Grant, read_at: Timestamp, forgotten: u64) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.forgotten != forgotten {
            return;
        }
        if kept.entries >= self.entries_max {
            // All are a second old at most: starting anew costs little, and needs no list of who came when.
            kept.grants.clear();
            kept.entries = 0;
        }
        let doors = kept.grants.entry(grant.subject.clone()).or_default();
        if doors.insert(grant.resource.clone(), Entry { grant: grant.clone(), read_at }).is_none() {
            kept.entries += 1;
        }
    }

    fn forget(&self, who: &SubjectId, what: &ResourceId) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.forgotten += 1;
        let Some(doors) = kept.grants.get_mut(who) else { return };
        let removed = doors.remove(what).is_some();
        if doors.is_empty() {
            kept.grants.remove(who);
        }
        kept.entries -= usize::from(removed);
    }
}

impl<S: GrantStore> GrantStore for CachedStore<S> {
    async fn access(&self, who: &SubjectId, what: &ResourceId, now: Timestamp) -> Result<Access, StoreError> {
        let forgotten = match self.cache.find(who, what, now) {
            Ok(grant) => return Ok(Access::Granted(grant)),
            Err(forgotten) => forgotten,
        };
        let access = self.store.access(who, what, now).await?;
        if let Access::Granted(grant) = &access {
            self.cache.keep(grant, now, forgotten);
        }
        Ok(access)
    }
}

/// Forgets a door when the commit is over, however it ended.
struct Forget<'a> {
    cache: &'a Cache,
    who: SubjectId,
    what: ResourceId,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.cache.forget(&self.who, &self.what);
    }
}

impl<S: PaymentStore> PaymentStore for CachedStore<S> {
    async fn open(&self, opening: Opening) -> Result<Opened, StoreError> {
        self.store.open(opening).await
    }

    async fn load(&self, id: &PaymentId) -> Result<Option<Payment>, StoreError> {
        self.store.load(id).await
    }

    async fn commit(&self, change: Change) -> Result<Committed, StoreError> {
        let intent = &change.to.intent;
        let _forget =
            Forget { cache: &self.cache, who: intent.subject.clone(), what: intent.offer.resource.clone() };
        self.store.commit(change).await
    }

    async fn lease_due(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        self.store.lease_due(now, lease, max).await
    }

    async fn events_after(&self, seq: u64, max: u32) -> Result<Vec<(u64, Event)>, StoreError> {
        self.store.events_after(seq, max).await
    }

    async fn newest_event(&self) -> Result<u64, StoreError> {
        self.store.newest_event().await
    }

    async fn payments_of(
        &self,
        who: &SubjectId,
        before: Option<(Timestamp, PaymentId)>,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        self.store.payments_of(who, before, max).await
    }

    async fn in_review(&self, max: u32) -> Result<Vec<Payment>, StoreError> {
        self.store.in_review(max).await
    }

    async fn trail(&self, id: &PaymentId) -> Result<Vec<Observation>, StoreError> {
        self.store.trail(id).await
    }
}
