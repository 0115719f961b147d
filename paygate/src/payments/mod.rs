//! The service behind the routes: it asks providers, steps payments and has stores commit them.

mod ask;
mod callback;
mod error;
mod read;
mod reconcile;
mod refund;
mod resolve;
mod start;
mod turns;
mod undeliverable;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;

pub use error::{CallbackError, ProviderFailure, RecheckError, RefundError, ResumeError, StartError};
pub use read::PAGE_ENTRIES_MAX;
pub use reconcile::Report;
pub use refund::RefundOrder;
pub use resolve::Verdict;
pub use start::Started;

use self::turns::Turns;
use crate::clock::whole_micros;
use crate::provider::PaymentProvider;
use crate::store::PaymentStore;
use crate::{Clock, IdSource, Policy, ProviderId};

/// Starts payments, follows them, and never forgets one.
///
/// Clones are the same service: they share the store, and at most one question per payment is on its way
/// to a provider at any time. The caller owns the loop that calls [`reconcile`](Self::reconcile).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use std::sync::Arc;
/// use paygate::{Payments, Policy, RandomIds, SystemClock, MemoryStore};
/// let payments = Payments::new(MemoryStore::new(), vec![], Arc::new(SystemClock), Arc::new(RandomIds), Policy::default());
/// assert_eq!(payments.reconcile(100).await.unwrap().asked, 0);
/// # }
/// ```
pub struct Payments<S> {
    store: S,
    shared: Arc<Shared>,
}

struct Shared {
    providers: Vec<Arc<dyn PaymentProvider>>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    policy: Policy,
    turns: Turns,
    commits: watch::Sender<u64>,
}

impl<S: PaymentStore> Payments<S> {
    /// A service over a store. Of two providers with the same id the first is used.
    pub fn new(
        store: S,
        providers: Vec<Arc<dyn PaymentProvider>>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        policy: Policy,
    ) -> Self {
        let (commits, _) = watch::channel(0);
        let turns = Turns::default();
        Self { store, shared: Arc::new(Shared { providers, clock, ids, policy, turns, commits }) }
    }

    /// Counts the commits that this service makes. A host waits for a change and then reads
    /// [`events_after`](Self::events_after), instead of asking again and again. Other nodes' commits do not
    /// show here, so a slow poll is still needed beside it where there are several.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.commits.subscribe()
    }

    /// The store behind it, for the gate.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The policy it follows.
    pub fn policy(&self) -> &Policy {
        &self.shared.policy
    }

    fn now(&self) -> Timestamp {
        whole_micros(self.shared.clock.now())
    }

    fn provider(&self, id: &ProviderId) -> Option<&dyn PaymentProvider> {
        self.shared.providers.iter().find(|provider| provider.id() == *id).map(AsRef::as_ref)
    }

    fn tell_commit(&self) {
        self.shared.commits.send_modify(|commits| *commits = commits.wrapping_add(1));
    }
}

impl<S: Clone> Clone for Payments<S> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), shared: Arc::clone(&self.shared) }
    }
}

impl<S> fmt::Debug for Payments<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payments").field("policy", &self.shared.policy).finish_non_exhaustive()
    }
}
