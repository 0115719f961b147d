//! The bus within the process with one promise broken at a time.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chat_core::{Bus, BusEvent, Hint, InProcessBus, Topic, UserId, conformance::BusHarness};
use futures_util::{
    StreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use uuid::Uuid;

/// Which promise is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum BusFault {
    None,
    WordsChanged,
    EchoesOwn,
    RevocationsLost,
    OneStream,
    LosesInSilence,
    PresenceHereOnly,
    NobodyLeaves,
    LeavesForAll,
    DeadLiveOn,
    TruthComesLate,
    EverybodyPresent,
}

/// A bus whose nodes have the fault of this number.
pub struct BrokenBuses<const FAULT: u8> {
    inner: InProcessBus,
    nodes: Arc<Mutex<Vec<Arc<InProcessBus>>>>,
    dead: Mutex<Vec<BrokenBus<FAULT>>>,
}

/// A node of it.
pub struct BrokenBus<const FAULT: u8> {
    inner: Arc<InProcessBus>,
    /// Its neighbour on the bus, which hears it.
    echo: InProcessBus,
    nodes: Arc<Mutex<Vec<Arc<InProcessBus>>>>,
    here: Mutex<HashSet<UserId>>,
    count: AtomicU64,
}

impl<const FAULT: u8> BusHarness for BrokenBuses<FAULT> {
    type Bus = BrokenBus<FAULT>;

    async fn fresh() -> Self {
        Self { inner: InProcessBus::new(), nodes: Arc::default(), dead: Mutex::default() }
    }

    async fn join(&self) -> BrokenBus<FAULT> {
        let inner = Arc::new(self.inner.join());
        self.nodes.lock().unwrap().push(Arc::clone(&inner));
        let nodes = Arc::clone(&self.nodes);
        BrokenBus { inner, echo: self.inner.join(), nodes, here: Mutex::default(), count: AtomicU64::new(0) }
    }

    async fn kill(&self, node: BrokenBus<FAULT>) {
        if FAULT == BusFault::DeadLiveOn as u8 {
            self.dead.lock().unwrap().push(node);
        } else {
            self.nodes.lock().unwrap().retain(|other| !Arc::ptr_eq(other, &node.inner));
        }
    }
}

impl<const FAULT: u8> BrokenBus<FAULT> {
    fn is(fault: BusFault) -> bool {
        FAULT == fault as u8
    }
}

impl<const FAULT: u8> Bus for BrokenBus<FAULT> {
    fn publish(&self, hint: Hint) {
        let count = self.count.fetch_add(1, Ordering::SeqCst);
        let lost = (Self::is(BusFault::RevocationsLost) && matches!(hint, Hint::Revoked { .. }))
            || (Self::is(BusFault::LosesInSilence) && count > 500);
        if lost {
            return;
        }
        let hint = match hint {
            Hint::Unread { .. } if Self::is(BusFault::WordsChanged) => {
                Hint::Unread { user: UserId(Uuid::nil()) }
            }
            hint => hint,
        };
        self.inner.publish(hint);
    }

    fn subscribe(&self, topic: Topic) {
        self.inner.subscribe(topic);
    }

    fn unsubscribe(&self, topic: Topic) {
        self.inner.unsubscribe(topic);
    }

    fn events(&self) -> BoxStream<'static, BusEvent> {
        if Self::is(BusFault::OneStream) && self.count.fetch_add(1, Ordering::SeqCst) > 0 {
            return Box::pin(stream::pending());
        }
        if Self::is(BusFault::EchoesOwn) {
            return Box::pin(stream::select(self.inner.events(), self.echo.events()));
        }
        self.inner.events().boxed()
    }

    fn set_present(&self, user: UserId, present: bool) {
        if Self::is(BusFault::NobodyLeaves) && !present {
            return;
        }
        if Self::is(BusFault::LeavesForAll) && !present {
            self.nodes.lock().unwrap().iter().for_each(|node| node.set_present(user, false));
            return;
        }
        if Self::is(BusFault::TruthComesLate) {
            let inner = Arc::clone(&self.inner);
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                inner.set_present(user, present);
            });
            return;
        }
        if present {
            self.here.lock().unwrap().insert(user);
        }
        self.inner.set_present(user, present);
    }

    fn present(&self, users: Vec<UserId>) -> BoxFuture<'static, Option<HashSet<UserId>>> {
        if Self::is(BusFault::PresenceHereOnly) || Self::is(BusFault::EverybodyPresent) {
            let present = self.here.lock().unwrap().clone();
            return Box::pin(async { Some(present) });
        }
        self.inner.present(users)
    }
}
