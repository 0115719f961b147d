//! Nodes, people and what happens to them.

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc, time::Duration};

use chat_core::{
    ChatStore as _, Clock, Denied, IdSource, Limits, Op, Page, Parts, Seq, SequentialIds, UserId,
};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::{
    End,
    flaky::Flaky,
    net::{Net, Weather},
    person::Person,
    support::chat::{ALICE, BOB, EVE, Engine, ROOM, Rules, TextFrames, running, say, unhurried},
};

/// `SplitMix64`: the same numbers for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap()
    }
}

/// The runtime's virtual time.
struct VirtualClock(Instant);

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.0.elapsed()).unwrap();
        Timestamp::from_second(1_800_000_000).unwrap() + passed
    }
}

struct Node {
    engine: Engine<Flaky>,
    _running: Box<dyn std::any::Any>,
}

pub(crate) struct World {
    random: Random,
    store: Flaky,
    net: Arc<Net>,
    clock: Arc<VirtualClock>,
    ids: Arc<SequentialIds>,
    rules: Arc<Rules>,
    nodes: Vec<Option<Node>>,
    people: Vec<Person>,
    /// Whose access was withdrawn, and when.
    withdrawn: Vec<(UserId, Instant)>,
    trace: String,
    written: u64,
    crashes: usize,
    /// Whether entries are purged and the store is restored in this world. In the others everybody sees the whole log.
    forgetful: bool,
    forgotten: usize,
}

const NODES: usize = 3;
/// Withdrawn access ends on every node within this time: the simulation's policy tells every node itself.
const WITHDRAWAL: Duration = Duration::from_secs(1);

impl World {
    pub(crate) async fn new(seed: u64) -> Self {
        let store = Flaky::new(Random(seed ^ 0xF1A4));
        let net = Net::new(Random(seed ^ 0x0E7));
        store.create_conversation(ROOM, &[ALICE, BOB, EVE], Timestamp::UNIX_EPOCH).await.unwrap();
        let people = [ALICE, ALICE, BOB, BOB, EVE, EVE].into_iter().map(Person::new).collect();
        let mut world = Self {
            random: Random(seed),
            store,
            net,
            clock: Arc::new(VirtualClock(Instant::now())),
            ids: Arc::default(),
            rules: Rules::new(),
            nodes: (0..NODES).map(|_| None).collect(),
            people,
            withdrawn: Vec::new(),
            trace: String::new(),
            written: 0,
            crashes: 0,
            forgetful: seed.is_multiple_of(4),
            forgotten: 0,
        };
        world.start_what_is_down().await;
        for person in 0..world.people.len() {
            world.connect(person).await;
        }
        world
    }

    pub(crate) async fn step(&mut self) {
        let what = self.random.below(100);
        let who = self.random.index(self.people.len());
        match what {
            0..30 => self.write(who).await,
            30..40 => self.people[who].send().await,
            40..65 => {
                let bytes_max = [1, 200, 64 * 1024][self.random.index(3)];
                self.pull(who, bytes_max).await;
            }
            65..72 => {
                let up_to = self.random.below(self.people[who].heard.len() as u64 + 2);
                self.people[who].read(Seq(up_to)).await;
            }
            72..78 => self.people[who].disconnect(),
            78..88 => self.connect(who).await,
            88..90 => self.crash(),
            90..93 => {
                let weather = [Weather::Fair, Weather::Stormy, Weather::Dead][self.random.index(3)];
                self.net.set(weather);
            }
            93..95 => {
                let troubled = self.random.below(2) == 0;
                self.store.set_troubled(troubled);
            }
            95..97 => self.withdraw_or_give_back(),
            97 if self.forgetful => self.forget().await,
            _ => self.start_what_is_down().await,
        }
        let pause_ms = self.random.below(300);
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        let heard: Vec<usize> = self.people.iter().map(|person| person.heard.len()).collect();
        writeln!(self.trace, "{what} {who} {heard:?}").unwrap();
    }

    /// The weather clears, everybody comes back and sends what waits; then all must have seen the same.
    pub(crate) async fn end(mut self) -> End {
        self.net.set(Weather::Fair);
        self.store.set_troubled(false);
        self.start_what_is_down().await;
        for (user, _) in std::mem::take(&mut self.withdrawn) {
            self.rules.allow(user);
        }
        for person in 0..self.people.len() {
            self.pull(person, 64 * 1024).await;
            if self.people[person].client.is_none() {
                self.connect(person).await;
            }
            while !self.people[person].outbox.is_empty() {
                assert!(self.people[person].client.is_some());
                self.people[person].send().await;
            }
        }
        // Twice the time after which everything is compared with the store.
        tokio::time::sleep(Duration::from_millis(2 * limits().presence_every_ms)).await;
        for person in 0..self.people.len() {
            self.pull(person, 64 * 1024).await;
        }
        self.check().await;
        End {
            sent: self.people[0].heard.len(),
            resets: self.people.iter().map(|person| person.resets).sum(),
            reconnects: self.people.iter().map(|person| person.reconnects).sum(),
            crashes: self.crashes,
            forgotten: self.forgotten,
            lost_hints: self.net.lost(),
            trace: self.trace,
        }
    }

    async fn check(&self) {
        let log = self.store.inner.log(ROOM, Page::After(Seq::ZERO), 1_000_000).await.unwrap();
        let head = self.store.inner.heads(&[ROOM]).await.unwrap().remove(0);
        let stored = |seq: Seq| log.get(usize::try_from(seq.0.checked_sub(head.oldest.0)?).unwrap());
        let names: BTreeSet<&str> = log.iter().map(|event| event.client_id.as_str()).collect();
        assert_eq!(names.len(), log.len(), "something is stored twice");
        let members = self.store.inner.conversation(ROOM).await.unwrap().unwrap().members;
        for person in &self.people {
            let mut missed = 0;
            let mut expected = Seq(1);
            for heard in person.heard.iter().map(|event| event.seq).chain([head.last.next()]) {
                assert!(heard >= expected, "{:?} heard {heard} again", person.user);
                missed += usize::from(heard > expected);
                expected = heard.next();
            }
            assert!(missed <= person.resets, "{:?} missed something", person.user);
            assert!(person.resets == 0 || self.forgotten > 0, "{:?} had to start over", person.user);
            for heard in &person.heard {
                let Some(stored) = stored(heard.seq) else { continue };
                // What was deleted later was shown with its words, or without.
                assert!(stored.erased || heard == stored, "{heard:?} is not {stored:?}");
                assert_eq!(heard.client_id, stored.client_id);
            }
            for (name, seq) in &person.acknowledged {
                let is_it = |event: &chat_core::Event| event.client_id.as_str() == name;
                assert!(stored(*seq).is_none_or(is_it), "what was acknowledged is elsewhere");
            }
            for member in &members {
                let wanted = format!("Read {{ user: {:?}, up_to: {:?} }}", member.user, member.read);
                let seen = person.marks.values().find(|mark| mark.contains(&format!("{:?}", member.user)));
                assert_eq!(seen, Some(&wanted), "{:?} has an old mark", person.user);
            }
        }
        for member in members {
            let unread = log.iter().filter(|event| {
                matches!(event.op, Op::Post { .. })
                    && !event.erased
                    && event.by != member.user
                    && event.seq > member.read
            });
            assert_eq!(self.store.inner.unread(member.user).await.unwrap(), unread.count() as u64);
        }
    }

    async fn write(&mut self, who: usize) {
        self.written += 1;
        let name = format!("{who}-{}", self.written);
        let own: Vec<Seq> = {
            let person = &self.people[who];
            let posts =
                person.heard.iter().filter(|event| event.op.target().is_none() && event.by == person.user);
            posts.map(|event| event.seq).collect()
        };
        let target = (!own.is_empty()).then(|| own[self.random.index(own.len())]);
        let op = match (self.random.below(8), target) {
            (0, Some(target)) => Op::Delete { target },
            (1, Some(target)) => Op::Edit { target, content: format!("{name}, changed") },
            _ => say(&name),
        };
        self.people[who].write(name, op);
        self.people[who].send().await;
    }

    /// Nothing is shown to whom access was withdrawn from a second ago.
    async fn pull(&mut self, who: usize, bytes_max: usize) {
        let user = self.people[who].user;
        let withdrawn = self.withdrawn.iter().find(|(other, _)| *other == user).copied();
        let heard = self.people[who].heard.len();
        self.people[who].pull(bytes_max).await;
        if withdrawn.is_some_and(|(_, at)| at.elapsed() >= WITHDRAWAL) {
            assert_eq!(self.people[who].heard.len(), heard, "shown after access ended");
            assert!(self.people[who].client.is_none(), "still connected after access ended");
        }
    }

    async fn connect(&mut self, who: usize) {
        let alive: Vec<usize> = (0..NODES).filter(|node| self.nodes[*node].is_some()).collect();
        if alive.is_empty() {
            return;
        }
        let node = alive[self.random.index(alive.len())];
        let engine = self.nodes[node].as_ref().unwrap().engine.clone();
        self.people[who].connect(&engine).await;
    }

    fn withdraw_or_give_back(&mut self) {
        if let Some((user, _)) = self.withdrawn.pop() {
            self.rules.allow(user);
            return;
        }
        let user = [ALICE, BOB, EVE][self.random.index(3)];
        self.rules.refuse(user, Denied::PaymentRequired);
        self.rules.signal(user);
        self.withdrawn.push((user, Instant::now()));
    }

    /// Old entries are purged on some node; or the store is restored, and everything starts anew.
    async fn forget(&mut self) {
        self.forgotten += 1;
        let node = self.random.index(NODES);
        let head = self.store.inner.heads(&[ROOM]).await.unwrap().remove(0);
        match &self.nodes[node] {
            Some(node) => {
                let up_to = Seq(self.random.below(head.last.0 + 1));
                let _unavailable_at_times = node.engine.purge(ROOM, up_to).await;
            }
            None => {
                (0..NODES).for_each(|node| self.end_of(node));
                self.store.restore();
                self.start_what_is_down().await;
            }
        }
    }

    fn crash(&mut self) {
        let node = self.random.index(NODES);
        self.end_of(node);
    }

    /// A node dies with all its connections.
    fn end_of(&mut self, node: usize) {
        let Some(died) = self.nodes[node].take() else { return };
        self.crashes += 1;
        for person in &mut self.people {
            if person.client.as_ref().is_some_and(|client| client.is_of(&died.engine)) {
                person.disconnect();
            }
        }
    }

    /// A node hears of withdrawn access from the moment that it runs.
    async fn start_what_is_down(&mut self) {
        for node in 0..NODES {
            if self.nodes[node].is_none() {
                self.start(node);
            }
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    fn start(&mut self, node: usize) {
        let engine = Engine::new(Parts {
            store: self.store.clone(),
            encoder: TextFrames,
            policy: Arc::clone(&self.rules) as _,
            bus: Arc::new(self.net.join()),
            clock: Arc::clone(&self.clock) as _,
            ids: Arc::clone(&self.ids) as Arc<dyn IdSource>,
            limits: limits(),
        });
        let running = running(&engine);
        self.nodes[node] = Some(Node { engine, _running: Box::new(running) });
    }
}

fn limits() -> Limits {
    Limits { ring_frames_max: 6, backlog_items_max: 4, held_events_max: 4, ..unhurried() }
}
