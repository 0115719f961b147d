//! T26: the whole system under a seed. Five users, three rooms, two nodes with clocks of their own, random acts,
//! faults and crashes in virtual time; then the faults stop, and everything must come to its end.
//! `PAYGATE_SEED=17` replays one seed.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

mod support;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt as _;
use paygate::testing::{Answer, ScriptedProvider, grant_id, minute, payment_id, reference, subject};
use paygate::{
    Access, Anomaly, EventKind, GrantId, IdSource, ManualClock, MemoryStore, NotPaid, Outcome, Payment,
    PaymentId, PaymentStore, Payments, Policy, RefundSize, State,
};
use support::interrupt::{Interrupting, Plan};
use support::service::World;

const SEEDS: u64 = 400;
const ACTS: u64 = 80;
const USERS: u64 = 5;

type Node = World<Interrupting<MemoryStore>>;

/// What the provider's own books say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Booked {
    Paid,
    Part,
    Refunded,
    Canceled,
}

/// Ids that can be guessed, so that a callback may overtake its own start.
#[derive(Debug, Default)]
struct Counted(AtomicU64);

impl Counted {
    fn next(&self) -> PaymentId {
        payment_id(&format!("pay-{}", self.0.load(Ordering::SeqCst)))
    }
}

impl IdSource for Counted {
    fn payment_id(&self) -> PaymentId {
        payment_id(&format!("pay-{}", self.0.fetch_add(1, Ordering::SeqCst)))
    }

    fn grant_id(&self) -> GrantId {
        grant_id(&format!("grant-{}", self.0.fetch_add(1, Ordering::SeqCst)))
    }
}

struct Simulation {
    store: MemoryStore,
    provider: Arc<ScriptedProvider>,
    ids: Arc<Counted>,
    /// Two processes, and which of them acts.
    nodes: [Arc<Node>; 2],
    at: usize,
    minutes: i64,
    random: u64,
    books: HashMap<PaymentId, Booked>,
    starts: u64,
    crashes: usize,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let (store, provider, ids) = (MemoryStore::new(), Arc::new(ScriptedProvider::new()), Arc::default());
        let nodes = [0, 0].map(|minutes| node(&store, &provider, &ids, minutes));
        let random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let books = HashMap::new();
        Self { store, provider, ids, nodes, at: 0, minutes: 0, random, books, starts: 0, crashes: 0 }
    }

    fn here(&self) -> Arc<Node> {
        Arc::clone(&self.nodes[self.at])
    }

    fn there(&self) -> Arc<Node> {
        Arc::clone(&self.nodes[1 - self.at])
    }

    /// All payments in the order of their ids, whoever was told of them.
    fn payments(&self) -> Vec<Payment> {
        let mut all = Vec::new();
        for user in 0..USERS {
            let who = subject(&format!("user:{user}"));
            all.extend(self.store.payments_of(&who, None, 1_000).now_or_never().unwrap().unwrap());
        }
        all.sort_by(|a, b| a.intent.id.cmp(&b.intent.id));
        all
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % bound
    }

    fn any_payment(&mut self) -> Option<Payment> {
        let mut payments = self.payments();
        let count = payments.len() as u64;
        if count == 0 {
            return None;
        }
        let place = usize::try_from(self.below(count)).unwrap();
        Some(payments.swap_remove(place))
    }

    /// An act on one of the nodes. One in eight is cut short, wherever it gives way: the process has died, and
    /// another one takes its place.
    async fn act_or_die(&mut self) {
        self.at = usize::try_from(self.below(2)).unwrap();
        let polls = if self.below(8) == 0 { 1 + self.below(16) } else { u64::MAX };
        if polls == u64::MAX {
            return self.act().await;
        }
        let mut act = Box::pin(self.act());
        let is_done = (0..polls).any(|_| (&mut act).now_or_never().is_some());
        drop(act);
        self.crashes += usize::from(!is_done);
        self.nodes[self.at] = node(&self.store, &self.provider, &self.ids, self.minutes);
    }

    async fn act(&mut self) {
        match self.below(12) {
            0..=2 => self.start().await,
            3 | 4 => self.pay(),
            5 => self.come_back().await,
            6 => self.recheck().await,
            7 => self.refund_or_cancel(),
            8 => self.time_goes_on(),
            9 => self.start_overtaken().await,
            10 => {
                let (here, there) = (self.here(), self.there());
                let rounds = tokio::join!(here.payments.reconcile(50), there.payments.reconcile(50));
                rounds.0.and(rounds.1).unwrap();
            }
            _ => {
                self.here().payments.reconcile(50).await.unwrap();
            }
        }
    }

    /// T18: both clocks go on; now and then one of them is set, ten minutes wrong at the most.
    fn time_goes_on(&mut self) {
        self.minutes += i64::try_from(self.below(40)).unwrap();
        for place in 0..2 {
            let wrong = if self.below(3) == 0 { i64::try_from(self.below(21)).unwrap() - 10 } else { 0 };
            self.nodes[place].clock.set(minute(self.minutes + wrong));
        }
    }

    fn door(&mut self) -> (String, String, String) {
        self.starts += 1;
        let (user, room) = (self.below(USERS), self.below(3));
        (format!("user:{user}"), format!("room:{room}"), format!("k{}", self.starts))
    }

    async fn start(&mut self) {
        let (who, what, name) = self.door();
        let here = self.here();
        let before = here.access(&who, &what).await;
        if here.start(&who, &what, &name).await.is_ok() {
            assert_eq!(before, Access::Locked, "I7: an offer beside a grant or a flight");
        }
    }

    /// T9: the money and its callback, on the other node, are faster than the start that they belong to.
    async fn start_overtaken(&mut self) {
        let (who, what, name) = self.door();
        let (here, there, id) = (self.here(), self.there(), self.ids.next());
        let patience = self.below(8);
        self.provider.always(&id, Answer::Says(paid_as(&id)));
        self.books.insert(id.clone(), Booked::Paid);
        let overtake = async {
            for _ in 0..patience {
                tokio::task::yield_now().await;
            }
            // Before its row is saved nobody knows it.
            let _unknown = there.callback(&format!("signed={id}")).await;
        };
        let _started = tokio::join!(here.start(&who, &what, &name), overtake);
    }

    /// A payer at the provider's page; it lets him pay for two hours, longer than we believe.
    fn pay(&mut self) {
        let Some(payment) = self.any_payment() else { return };
        let age = minute(self.minutes).duration_since(payment.intent.created_at);
        let id = payment.intent.id;
        if age > jiff::SignedDuration::from_mins(120) || self.books.contains_key(&id) {
            return;
        }
        self.provider.always(&id, Answer::Says(paid_as(&id)));
        self.books.insert(id, Booked::Paid);
    }

    fn refund_or_cancel(&mut self) {
        let Some(payment) = self.any_payment() else { return };
        let id = payment.intent.id;
        let back = |size| Outcome::Refunded { reference: Some(reference(&format!("REF-{id}"))), size };
        let (booked, outcome) = match self.books.get(&id).copied() {
            Some(Booked::Paid) if self.below(3) == 0 => (Booked::Part, back(RefundSize::Part(None))),
            Some(Booked::Paid | Booked::Part) => (Booked::Refunded, back(RefundSize::Full)),
            None => (Booked::Canceled, Outcome::NotPaid(NotPaid::Canceled)),
            Some(_) => return,
        };
        self.provider.always(&id, Answer::Says(outcome));
        self.books.insert(id, booked);
    }

    /// One in three answers is a fault: an outage, a stale "pending", an answer that is none.
    fn maybe_fault(&mut self, id: &PaymentId) {
        let fault = match self.below(9) {
            0 => Answer::Fails,
            1 => Answer::Says(Outcome::Pending),
            2 => Answer::Says(Outcome::Unknown(paygate::Why::Malformed)),
            _ => return,
        };
        self.provider.once(id, fault);
    }

    async fn come_back(&mut self) {
        let Some(payment) = self.any_payment() else { return };
        let id = payment.intent.id;
        if payment.state.rank() < State::Paid.rank() {
            self.maybe_fault(&id);
        }
        // A signed callback exists only where money moved; anybody can write a hint.
        let word = if self.books.get(&id) == Some(&Booked::Paid) { "signed" } else { "hint" };
        for _ in 0..=self.below(2) {
            self.here().callback(&format!("{word}={id}")).await.unwrap();
        }
    }

    async fn recheck(&mut self) {
        let Some(payment) = self.any_payment() else { return };
        self.maybe_fault(&payment.intent.id);
        self.here().payments.recheck(&payment.intent.id).await.unwrap();
    }

    /// The faults stop and time goes on, until the last check of the last payment.
    async fn heal(&mut self) {
        for _ in 0..140 {
            self.minutes += 6 * 60;
            let (here, there) = (self.here(), self.there());
            here.clock.set(minute(self.minutes));
            there.clock.set(minute(self.minutes));
            let rounds = tokio::join!(here.payments.reconcile(1_000), there.payments.reconcile(1_000));
            assert_eq!((rounds.0.unwrap().failed, rounds.1.unwrap().failed), (0, 0));
        }
    }

    async fn check(&self) {
        let mut open_doors = HashMap::new();
        for now in self.payments() {
            let id = &now.intent.id;
            let as_booked = match self.books.get(id) {
                Some(Booked::Paid) => now.state == State::Paid,
                Some(Booked::Part) => now.state == State::PartlyRefunded,
                Some(Booked::Refunded) => now.state == State::Refunded,
                Some(Booked::Canceled) | None => matches!(now.state, State::Lapsed(_)),
            };
            // I13 and I14: terminal, and as the provider's books have it.
            assert!(as_booked, "{now:?}");
            let door = (now.intent.subject.clone(), now.intent.offer.resource.clone());
            let paid_here: &mut Vec<Payment> = open_doors.entry(door).or_default();
            if now.entitled {
                paid_here.push(now);
            }
        }
        for ((who, what), paid_here) in open_doors {
            match self.here().access(who.as_str(), what.as_str()).await {
                Access::Granted(grant) => {
                    assert!(
                        paid_here.iter().any(|paid| paid.intent.id == grant.payment),
                        "I1, I5: {grant:?}"
                    );
                    // I4: whoever paid and holds no grant is in review.
                    for other in paid_here.iter().filter(|paid| paid.intent.id != grant.payment) {
                        assert!(other.raised.contains(Anomaly::PaidTwice) && other.review.is_some());
                    }
                }
                locked => assert!(paid_here.is_empty(), "I4: {who} paid for {what} and finds {locked:?}"),
            }
        }
        self.check_events().await;
    }

    /// I3 and I11: a door is never open twice, and what was revoked had been granted.
    async fn check_events(&self) {
        let mut open = HashMap::new();
        for event in self.here().events().await {
            let door = (event.subject.clone(), event.resource.clone());
            match event.kind {
                EventKind::Granted(grant) => {
                    assert_eq!(open.insert(door, grant), None, "I3: two grants at once");
                }
                EventKind::Revoked(grant) => assert_eq!(open.remove(&door), Some(grant)),
                _ => {}
            }
        }
    }
}

fn node(
    store: &MemoryStore,
    provider: &Arc<ScriptedProvider>,
    ids: &Arc<Counted>,
    minutes: i64,
) -> Arc<Node> {
    // The plan only gives way to others between any two calls.
    let plan = Plan::none();
    let calls = Arc::new(Interrupting { inner: Arc::clone(provider), plan: Arc::clone(&plan) });
    let store = Interrupting { inner: store.clone(), plan };
    let clock = Arc::new(ManualClock::new(minute(minutes)));
    let payments = Payments::new(store, vec![calls], clock.clone(), ids.clone(), Policy::default());
    Arc::new(World { payments, provider: Arc::clone(provider), clock })
}

fn paid_as(id: &PaymentId) -> Outcome {
    let like = paygate::testing::payment(id.as_str());
    paygate::testing::paid(&like, &format!("REF-{id}"))
}

/// How often what matters happened: granted, revoked, paid twice, in flight, crashed.
async fn run(seed: u64) -> [usize; 5] {
    let mut simulation = Simulation::new(seed);
    for _ in 0..ACTS {
        simulation.act_or_die().await;
    }
    simulation.heal().await;
    simulation.check().await;
    let events = simulation.here().events().await;
    let count = |is: fn(&EventKind) -> bool| events.iter().filter(|event| is(&event.kind)).count();
    [
        count(|kind| matches!(kind, EventKind::Granted(_))),
        count(|kind| matches!(kind, EventKind::Revoked(_))),
        count(|kind| *kind == EventKind::NeedsReview(Anomaly::PaidTwice)),
        count(|kind| *kind == EventKind::InFlight),
        simulation.crashes,
    ]
}

#[tokio::test(start_paused = true)]
async fn t26_whatever_the_seed_everything_comes_to_its_end() {
    let replay = std::env::var("PAYGATE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = replay.map_or(1..SEEDS + 1, |seed: u64| seed..seed + 1);
    let mut total = [0; 5];
    for seed in seeds {
        println!("PAYGATE_SEED={seed}");
        let happened = run(seed).await;
        total.iter_mut().zip(happened).for_each(|(total, happened)| *total += happened);
    }
    println!("granted, revoked, paid twice, in flight, crashed: {total:?}");
    assert!(replay.is_some() || total.iter().all(|count| *count > 20), "the acts meet too rarely: {total:?}");
}
