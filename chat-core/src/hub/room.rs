//! One conversation on this node: its ring, its members' states, and the wake-up of its sessions.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{
    lock,
    ring::{Copied, Ring},
    slot::{Changed, Slot},
};
use crate::{Conversation, ConversationId, Encoder, Event, Head, Limits, Member, Op, Seq, State, UserId};

/// A conversation that at least one session looks at.
pub(crate) struct Room<E: Encoder> {
    pub(crate) id: ConversationId,
    context: E::Context,
    encoder: Arc<E>,
    limits: Arc<Limits>,
    inside: Mutex<Inside>,
    wake: watch::Sender<()>,
}

struct Inside {
    /// The store was read, so `ring`, `oldest` and `slots` mean something.
    warm: bool,
    ring: Ring,
    oldest: Seq,
    held: BTreeMap<Seq, Arc<Event>>,
    slots: Vec<Slot>,
    version: u64,
    marks_revision: u64,
    erasures: u64,
}

impl Inside {
    /// Words were erased: who lags behind reads the store from here on.
    fn forget(&mut self) {
        self.ring.forget();
        self.erasures += 1;
    }
}

/// Where a session starts to read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    /// With what comes next.
    Live,
    /// With what follows this seq.
    After(Seq),
}

/// What a session knows of the room at the moment it joined.
#[derive(Debug)]
pub(crate) struct Joined {
    pub(crate) last: Seq,
    pub(crate) oldest: Seq,
    pub(crate) cursor: Seq,
    pub(crate) resumed: bool,
    pub(crate) version: u64,
    pub(crate) read: Vec<(UserId, Seq)>,
    pub(crate) online: Vec<UserId>,
}

/// Why a session could not join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotJoined {
    Cold,
    NotMember,
    TooManySessions,
    /// The session saw more than this node has heard of yet.
    Ahead,
}

impl<E: Encoder> Room<E> {
    pub(crate) fn new(
        id: ConversationId,
        context: E::Context,
        encoder: &Arc<E>,
        limits: &Arc<Limits>,
    ) -> Self {
        let inside = Inside {
            warm: false,
            ring: Ring::new(limits),
            oldest: Seq(1),
            held: BTreeMap::new(),
            slots: Vec::new(),
            version: 0,
            marks_revision: 0,
            erasures: 0,
        };
        let encoder = Arc::clone(encoder);
        let limits = Arc::clone(limits);
        Self { id, context, encoder, limits, inside: Mutex::new(inside), wake: watch::Sender::new(()) }
    }

    /// Takes over what the store knows: the first time everything, later only what is missing here. Answers whether it
    /// was the first time.
    pub(crate) fn warm(&self, known: &Conversation) -> bool {
        let mut inside = lock(&self.inside);
        let first = !inside.warm;
        if first {
            inside.warm = true;
            inside.ring.restart(known.head.last.next());
            inside.slots = known.members.iter().copied().map(Slot::new).collect();
            inside.marks_revision = known.head.marks_revision;
            self.push_held(&mut inside);
        }
        inside.oldest = inside.oldest.max(known.head.oldest);
        self.take_marks(&mut inside, &known.members);
        if known.head.marks_revision > inside.marks_revision {
            inside.marks_revision = known.head.marks_revision;
        }
        drop(inside);
        self.wake();
        first
    }

    pub(crate) fn is_warm(&self) -> bool {
        lock(&self.inside).warm
    }

    /// Lets a session in. Its cursor and its version belong to the same moment, so no change falls between.
    pub(crate) fn join(&self, user: UserId, start: Start) -> Result<Joined, NotJoined> {
        let mut inside = lock(&self.inside);
        if !inside.warm {
            return Err(NotJoined::Cold);
        }
        let last = inside.ring.next().previous();
        let oldest = inside.oldest;
        let slot = inside.slots.iter_mut().find(|slot| slot.user == user).ok_or(NotJoined::NotMember)?;
        if slot.sessions >= self.limits.sessions_per_member_max {
            return Err(NotJoined::TooManySessions);
        }
        let (cursor, resumed) = match start {
            Start::After(after) if after > last => return Err(NotJoined::Ahead),
            Start::After(after) if after.next() >= oldest => (after, true),
            Start::After(_) | Start::Live => (last, false),
        };
        slot.sessions += 1;
        let read = inside.slots.iter().map(|slot| (slot.user, slot.read)).collect();
        let online = inside.slots.iter().filter(|slot| slot.online).map(|slot| slot.user).collect();
        let version = inside.version;
        Ok(Joined { last, oldest, cursor, resumed, version, read, online })
    }

    /// A session ended.
    pub(crate) fn leave(&self, user: UserId) {
        let mut inside = lock(&self.inside);
        let Some(slot) = inside.slots.iter_mut().find(|slot| slot.user == user) else { return };
        slot.sessions = slot.sessions.saturating_sub(1);
    }

    /// A member is there, or is not.
    pub(crate) fn presence(&self, user: UserId, online: bool) {
        let mut inside = lock(&self.inside);
        let Some(slot) = inside.slots.iter_mut().find(|slot| slot.user == user) else { return };
        if slot.online != online {
            slot.online = online;
            self.change(&mut inside, user, Changed::Presence, &State::Presence { user, online });
            drop(inside);
            self.wake();
        }
    }

    /// What lies before `oldest` was purged: it must not live on in the ring, and nobody waits for it any more.
    pub(crate) fn forget_before(&self, oldest: Seq) {
        let mut inside = lock(&self.inside);
        if oldest <= inside.oldest {
            return;
        }
        inside.oldest = oldest;
        inside.forget();
        if inside.warm && inside.ring.next() < oldest {
            inside.ring.restart(oldest);
            self.push_held(&mut inside);
        }
        drop(inside);
        self.wake();
    }

    pub(crate) fn users(&self) -> Vec<UserId> {
        lock(&self.inside).slots.iter().map(|slot| slot.user).collect()
    }

    /// Takes entries in, and wakes the sessions once. Answers whether something before one of them is missing.
    pub(crate) fn deliver<'a>(&self, events: impl IntoIterator<Item = &'a Arc<Event>>) -> bool {
        let mut inside = lock(&self.inside);
        let before = inside.ring.next();
        for event in events {
            self.take(&mut inside, event);
        }
        let (grown, hole) = (inside.ring.next() > before, inside.warm && !inside.held.is_empty());
        drop(inside);
        if grown {
            self.wake();
        }
        hole
    }

    /// The last seq that was heard without a hole before it; `None` while cold.
    pub(crate) fn heard(&self) -> Option<Seq> {
        let inside = lock(&self.inside);
        inside.warm.then(|| inside.ring.next().previous())
    }

    /// Compares with a head of the store: is an entry missing, is a mark missing?
    pub(crate) fn behind(&self, head: &Head) -> (bool, bool) {
        let inside = lock(&self.inside);
        if !inside.warm {
            return (false, false);
        }
        (inside.ring.next() <= head.last, inside.marks_revision < head.marks_revision)
    }

    /// A read mark moved. A revision that skips some leaves the known one as it is, so that the next
    /// comparison with the store finds what was missed.
    pub(crate) fn mark(&self, user: UserId, read: Seq, revision: u64) {
        let mut inside = lock(&self.inside);
        if revision == inside.marks_revision + 1 {
            inside.marks_revision = revision;
        }
        self.take_marks(&mut inside, &[Member { user, read }]);
        drop(inside);
        self.wake();
    }

    /// A member is writing. Passed on at most every `typing_every_ms`.
    pub(crate) fn typing(&self, user: UserId, now: Timestamp) -> bool {
        let pause =
            SignedDuration::from_millis(i64::try_from(self.limits.typing_every_ms).unwrap_or(i64::MAX));
        let mut inside = lock(&self.inside);
        let Some(slot) = inside.slots.iter_mut().find(|slot| slot.user == user) else { return false };
        if slot.typed_at.is_some_and(|at| now.duration_since(at) < pause) {
            return false;
        }
        slot.typed_at = Some(now);
        self.change(&mut inside, user, Changed::Typing, &State::Typing { user });
        drop(inside);
        self.wake();
        true
    }

    /// Puts a member's access in doubt.
    pub(crate) fn recheck(&self, user: UserId) {
        let mut inside = lock(&self.inside);
        inside.version += 1;
        let version = inside.version;
        for slot in inside.slots.iter_mut().filter(|slot| slot.user == user) {
            slot.doubted = version;
        }
        drop(inside);
        self.wake();
    }

    /// The version at which the member's access was last put in doubt.
    pub(crate) fn doubted(&self, user: UserId) -> u64 {
        let inside = lock(&self.inside);
        inside.slots.iter().find(|slot| slot.user == user).map_or(0, |slot| slot.doubted)
    }

    /// How often words were erased that were shown before. What was read from the store since the last time has none of them.
    pub(crate) fn erasures(&self) -> u64 {
        lock(&self.inside).erasures
    }

    /// Copies frames that follow the cursor.
    pub(crate) fn copy_after(&self, cursor: Seq, bytes_max: usize, out: &mut Vec<Bytes>) -> Copied {
        lock(&self.inside).ring.copy_after(cursor, bytes_max, out)
    }

    /// Copies states that are newer than `seen` and answers the version they belong to.
    pub(crate) fn copy_states(&self, seen: u64, reader: UserId, out: &mut Vec<Bytes>) -> u64 {
        let inside = lock(&self.inside);
        if inside.version > seen {
            for slot in &inside.slots {
                slot.copy_newer(seen, reader, out);
            }
        }
        inside.version
    }

    pub(crate) fn encode(&self, event: &Event) -> Bytes {
        self.encoder.event(&self.context, event)
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.wake.subscribe()
    }

    pub(crate) fn wake(&self) {
        self.wake.send_replace(());
    }

    fn take(&self, inside: &mut Inside, event: &Arc<Event>) {
        let next = inside.ring.next();
        if inside.warm && event.seq < next {
            return;
        }
        if inside.warm && event.seq == next {
            self.push(inside, event);
            self.push_held(inside);
        } else if inside.held.len() < self.limits.held_events_max {
            // What does not fit in is found again in the store: the hole below it stays reported.
            inside.held.insert(event.seq, Arc::clone(event));
        }
    }

    fn push(&self, inside: &mut Inside, event: &Event) {
        // The words of a deleted message are gone from the store; they must not live on in the ring. Who
        // lags behind reads the store from here on.
        if matches!(event.op, Op::Delete { .. }) {
            inside.forget();
        }
        inside.ring.push(self.encode(event));
    }

    fn push_held(&self, inside: &mut Inside) {
        while let Some(entry) = inside.held.first_entry() {
            let next = inside.ring.next();
            if *entry.key() > next {
                break;
            }
            let event = entry.remove();
            if event.seq == next {
                self.push(inside, &event);
            }
        }
    }

    fn take_marks(&self, inside: &mut Inside, members: &[Member]) {
        for member in members {
            let Some(slot) = inside.slots.iter_mut().find(|slot| slot.user == member.user) else { continue };
            if member.read > slot.read {
                slot.read = member.read;
                let state = State::Read { user: member.user, up_to: member.read };
                self.change(inside, member.user, Changed::Read, &state);
            }
        }
    }

    fn change(&self, inside: &mut Inside, user: UserId, changed: Changed, state: &State) {
        let frame = self.encoder.state(&self.context, state);
        inside.version += 1;
        let version = inside.version;
        if let Some(slot) = inside.slots.iter_mut().find(|slot| slot.user == user) {
            slot.set(changed, version, frame);
        }
    }
}
