//! The reference store: everything in memory, one lock, forgotten at exit.
//!
//! It is what the conformance suite was written against, fast enough for the hot path, and right for tests
//! and examples. A server that takes money uses a database.

mod commit;
mod door;
mod open;
mod read;
#[cfg(test)]
mod schedules;

use std::collections::{BTreeSet, HashMap};
#[cfg(not(test))]
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

#[cfg(test)]
use shuttle::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::{SignedDuration, Timestamp};

use self::door::Door;
use crate::model::{Access, Event, EventKind, Observation, Payment};
use crate::store::{Change, Committed, GrantStore, Opened, Opening, PaymentStore, StoreError};
use crate::{IdempotencyKey, PaymentId, ProviderId, ProviderRef, ResourceId, SubjectId};

/// Payments and grants in memory. Clones share them.
///
/// A blocking lock is right here: it is held for a few hash look-ups and never across an `await`.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    inner: Arc<RwLock<Inner>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        // Every writer checks first and changes after, so a panic cannot leave a half behind the lock.
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One payment with what the store keeps beside it.
#[derive(Debug)]
struct Row {
    payment: Payment,
    leased_until: Option<Timestamp>,
    trail: Vec<Observation>,
}

#[derive(Debug, Default)]
struct Inner {
    payments: HashMap<PaymentId, Row>,
    by_subject: HashMap<SubjectId, BTreeSet<(Timestamp, PaymentId)>>,
    /// Nested, so that a look-up needs no owned pair.
    doors: HashMap<SubjectId, HashMap<ResourceId, Door>>,
    keys: HashMap<(SubjectId, IdempotencyKey), PaymentId>,
    claims: HashMap<(ProviderId, ProviderRef), PaymentId>,
    due: BTreeSet<(Timestamp, PaymentId)>,
    review: BTreeSet<(Timestamp, PaymentId)>,
    events: Vec<Event>,
}

impl Inner {
    fn payment(&self, id: &PaymentId) -> Option<&Payment> {
        self.payments.get(id).map(|row| &row.payment)
    }

    fn door(&self, who: &SubjectId, what: &ResourceId) -> Option<&Door> {
        self.doors.get(who)?.get(what)
    }

    fn tell(&mut self, payment: &Payment, at: Timestamp, kind: EventKind) {
        self.events.push(Event::new(payment, at, kind));
    }

    /// Puts a payment where the indices expect it, in place of what it was before.
    fn index(&mut self, before: Option<&Payment>, after: &Payment) {
        let id = &after.intent.id;
        let created_at = after.intent.created_at;
        if let Some(at) = before.and_then(|payment| payment.next_check_at) {
            self.due.remove(&(at, id.clone()));
        }
        if let Some(at) = after.next_check_at {
            self.due.insert((at, id.clone()));
        }
        if after.review.is_some() {
            self.review.insert((created_at, id.clone()));
        } else {
            self.review.remove(&(created_at, id.clone()));
        }
        self.by_subject.entry(after.intent.subject.clone()).or_default().insert((created_at, id.clone()));
        let rooms = self.doors.entry(after.intent.subject.clone()).or_default();
        rooms.entry(after.intent.offer.resource.clone()).or_default().place(after);
    }
}

impl GrantStore for MemoryStore {
    async fn access(&self, who: &SubjectId, what: &ResourceId, now: Timestamp) -> Result<Access, StoreError> {
        Ok(self.read().door(who, what).map_or(Access::Locked, |door| door.access(now)))
    }
}

impl PaymentStore for MemoryStore {
    async fn open(&self, opening: Opening) -> Result<Opened, StoreError> {
        self.write().open(opening)
    }

    async fn load(&self, id: &PaymentId) -> Result<Option<Payment>, StoreError> {
        Ok(self.read().payment(id).cloned())
    }

    async fn commit(&self, change: Change) -> Result<Committed, StoreError> {
        self.write().commit(change)
    }

    async fn lease_due(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        Ok(self.write().lease_due(now, lease, max))
    }

    async fn events_after(&self, seq: u64, max: u32) -> Result<Vec<(u64, Event)>, StoreError> {
        Ok(self.read().events_after(seq, max))
    }

    async fn newest_event(&self) -> Result<u64, StoreError> {
        Ok(self.read().newest_event())
    }

    async fn payments_of(
        &self,
        who: &SubjectId,
        before: Option<(Timestamp, PaymentId)>,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        Ok(self.read().payments_of(who, before.as_ref(), max))
    }

    async fn in_review(&self, max: u32) -> Result<Vec<Payment>, StoreError> {
        Ok(self.read().in_review(max))
    }

    async fn trail(&self, id: &PaymentId) -> Result<Vec<Observation>, StoreError> {
        Ok(self.read().payments.get(id).map(|row| row.trail.clone()).unwrap_or_default())
    }
}
