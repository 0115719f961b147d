//! Wrappers of a store and a provider that stop at one of their calls: before it, or after it.

use std::process::Command;
use std::sync::Arc;
use std::sync::Mutex;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use paygate::{
    Access, Begun, Callback, CallbackRefused, Capabilities, Change, Committed, Event, GrantStore, IdError,
    IdempotencyKey, Intent, Money, Observation, Opened, Opening, Outcome, PayeeId, Payment, PaymentId,
    PaymentProvider, PaymentStore, ProviderError, ProviderId, ProviderRef, RawCallback, ResourceId,
    StoreError, SubjectId,
};

/// What happens at the chosen point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The process is killed, with signal 9.
    Kill,
    /// The call fails: before, without having been made; after, with its answer lost.
    Fail,
    /// The call never returns.
    Hang,
}

/// Which point, and what happens there. Two points belong to each call, in the order of the calls.
#[derive(Debug)]
pub struct Plan {
    at: Mutex<Option<(usize, How)>>,
    passed: Mutex<Vec<&'static str>>,
}

/// Why a call failed: the plan said so.
#[derive(Debug)]
pub struct Interrupted;

impl From<Interrupted> for StoreError {
    fn from(_: Interrupted) -> Self {
        Self::Unavailable("interrupted".into())
    }
}

impl From<Interrupted> for ProviderError {
    fn from(_: Interrupted) -> Self {
        Self::Transient("interrupted".into())
    }
}

impl Plan {
    /// Nothing happens; the points are counted.
    pub fn none() -> Arc<Self> {
        Arc::new(Self { at: Mutex::default(), passed: Mutex::default() })
    }

    pub fn at(point: usize, how: How) -> Arc<Self> {
        Arc::new(Self { at: Mutex::new(Some((point, how))), passed: Mutex::default() })
    }

    /// So many points from now, in place of what was planned.
    pub fn arm(&self, points: usize, how: How) {
        let passed = self.passed.lock().expect("a lock").len();
        *self.at.lock().expect("a lock") = Some((passed + points, how));
    }

    /// From now on nothing happens.
    pub fn disarm(&self) {
        *self.at.lock().expect("a lock") = None;
    }

    /// The calls by name, each twice.
    pub fn passed(&self) -> Vec<&'static str> {
        self.passed.lock().expect("a lock").clone()
    }

    async fn around<T, E: From<Interrupted>>(
        &self,
        name: &'static str,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.pass(name).await?;
        let answer = call.await;
        self.pass(name).await?;
        answer
    }

    async fn pass(&self, name: &'static str) -> Result<(), Interrupted> {
        let number = {
            let mut passed = self.passed.lock().expect("a lock");
            passed.push(name);
            passed.len() - 1
        };
        let at = *self.at.lock().expect("a lock");
        match at {
            Some((at, How::Kill)) if at == number => die(),
            Some((at, How::Fail)) if at == number => Err(Interrupted),
            Some((at, How::Hang)) if at == number => std::future::pending().await,
            // Between two calls others run.
            _ => {
                tokio::task::yield_now().await;
                Ok(())
            }
        }
    }
}

/// As `kill -9` does it: nothing is flushed, nothing is dropped.
fn die() -> ! {
    let _killed = Command::new("sh").args(["-c", "kill -9 $PPID"]).status();
    loop {
        std::thread::park();
    }
}

#[derive(Clone)]
pub struct Interrupting<S> {
    pub inner: S,
    pub plan: Arc<Plan>,
}

impl<S: PaymentStore> GrantStore for Interrupting<S> {
    async fn access(&self, who: &SubjectId, what: &ResourceId, now: Timestamp) -> Result<Access, StoreError> {
        self.plan.around("store.access", self.inner.access(who, what, now)).await
    }
}

impl<S: PaymentStore> PaymentStore for Interrupting<S> {
    async fn open(&self, opening: Opening) -> Result<Opened, StoreError> {
        self.plan.around("store.open", self.inner.open(opening)).await
    }

    async fn load(&self, id: &PaymentId) -> Result<Option<Payment>, StoreError> {
        self.plan.around("store.load", self.inner.load(id)).await
    }

    async fn commit(&self, change: Change) -> Result<Committed, StoreError> {
        self.plan.around("store.commit", self.inner.commit(change)).await
    }

    async fn lease_due(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        self.plan.around("store.lease_due", self.inner.lease_due(now, lease, max)).await
    }

    async fn events_after(&self, seq: u64, max: u32) -> Result<Vec<(u64, Event)>, StoreError> {
        self.plan.around("store.events_after", self.inner.events_after(seq, max)).await
    }

    async fn newest_event(&self) -> Result<u64, StoreError> {
        self.plan.around("store.newest_event", self.inner.newest_event()).await
    }

    async fn payments_of(
        &self,
        who: &SubjectId,
        before: Option<(Timestamp, PaymentId)>,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        self.plan.around("store.payments_of", self.inner.payments_of(who, before, max)).await
    }

    async fn in_review(&self, max: u32) -> Result<Vec<Payment>, StoreError> {
        self.plan.around("store.in_review", self.inner.in_review(max)).await
    }

    async fn trail(&self, id: &PaymentId) -> Result<Vec<Observation>, StoreError> {
        self.plan.around("store.trail", self.inner.trail(id)).await
    }
}

#[async_trait]
impl<P: PaymentProvider> PaymentProvider for Interrupting<Arc<P>> {
    fn id(&self) -> ProviderId {
        self.inner.id()
    }

    fn payee(&self) -> PayeeId {
        self.inner.payee()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn begin(&self, intent: &Intent) -> Result<Begun, ProviderError> {
        self.plan.around("provider.begin", self.inner.begin(intent)).await
    }

    fn read_callback(&self, raw: RawCallback<'_>) -> Result<Callback, CallbackRefused> {
        self.inner.read_callback(raw)
    }

    fn reference(&self, typed: &str) -> Result<ProviderRef, IdError> {
        self.inner.reference(typed)
    }

    async fn query(&self, intent: &Intent) -> Result<Outcome, ProviderError> {
        self.plan.around("provider.query", self.inner.query(intent)).await
    }

    async fn refund(
        &self,
        intent: &Intent,
        total: Money,
        key: &IdempotencyKey,
    ) -> Result<Outcome, ProviderError> {
        self.plan.around("provider.refund", self.inner.refund(intent, total, key)).await
    }
}
