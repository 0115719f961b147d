//! What one node keeps of the conversations that its sessions look at.
//!
//! A room exists as long as a session (or an opening one) holds a [`RoomLease`]. Nothing here waits for I/O.

mod drain;
mod presence;
mod ring;
mod room;
mod slot;
mod users;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

pub use self::users::Notices;
pub(crate) use self::{
    drain::Drain,
    presence::Connection,
    ring::Copied,
    room::{Joined, NotJoined, Room, Start},
    users::Users,
};
use crate::{Bus, Conversation, ConversationId, Encoder, Limits, Revocation, UserId, bus::Topic};

/// All rooms of a node.
pub(crate) struct Hub<E: Encoder> {
    pub(crate) encoder: Arc<E>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) drain: Drain,
    bus: Arc<dyn Bus>,
    rooms: Mutex<Rooms<E>>,
    // How many connections each user has to this node. Locked before `rooms` where both are.
    here: Mutex<HashMap<UserId, usize>>,
    // Users whose presence has to be asked for.
    doubted_users: Mutex<BTreeSet<UserId>>,
    doubted: Notify,
    // Conversations that heard of an entry whose predecessor is missing.
    holes: Mutex<BTreeSet<ConversationId>>,
    hole_found: Notify,
}

struct Rooms<E: Encoder> {
    by_id: HashMap<ConversationId, Entry<E>>,
    by_member: HashMap<UserId, Vec<ConversationId>>,
}

struct Entry<E: Encoder> {
    room: Arc<Room<E>>,
    leases: usize,
}

impl<E: Encoder> Hub<E> {
    pub(crate) fn new(encoder: E, limits: Arc<Limits>, bus: Arc<dyn Bus>) -> Self {
        Self {
            encoder: Arc::new(encoder),
            limits,
            drain: Drain::default(),
            bus,
            rooms: Mutex::new(Rooms { by_id: HashMap::new(), by_member: HashMap::new() }),
            here: Mutex::default(),
            doubted_users: Mutex::default(),
            doubted: Notify::new(),
            holes: Mutex::default(),
            hole_found: Notify::new(),
        }
    }

    /// The room of a conversation, made if need be: it hears of new entries from now on.
    pub(crate) fn lease(self: &Arc<Self>, id: ConversationId, context: E::Context) -> RoomLease<E> {
        let mut rooms = self.rooms();
        let entry = rooms.by_id.entry(id).or_insert_with(|| {
            self.bus.subscribe(Topic::Conversation(id));
            Entry { room: Arc::new(Room::new(id, context, &self.encoder, &self.limits)), leases: 0 }
        });
        entry.leases += 1;
        RoomLease { room: Arc::clone(&entry.room), hub: Arc::clone(self) }
    }

    /// The room, if any session of this node looks at the conversation.
    pub(crate) fn room(&self, id: ConversationId) -> Option<Arc<Room<E>>> {
        self.rooms().by_id.get(&id).map(|entry| Arc::clone(&entry.room))
    }

    /// Takes over what the store knows of a leased room, and from the first time on finds it by its members.
    pub(crate) fn warm(&self, room: &Room<E>, known: &Conversation) {
        let mut rooms = self.rooms();
        if room.warm(known) {
            for member in &known.members {
                rooms.by_member.entry(member.user).or_default().push(room.id);
            }
        }
    }

    /// The conversations that have a room.
    pub(crate) fn open(&self) -> Vec<ConversationId> {
        let mut open: Vec<_> = self.rooms().by_id.keys().copied().collect();
        open.sort_unstable();
        open
    }

    /// Makes the sessions concerned ask for their access again before they show anything more.
    pub(crate) fn recheck(&self, revocation: Revocation) {
        let concerned: Vec<_> = match revocation.conversation {
            Some(id) => self.room(id).into_iter().collect(),
            None => self.rooms_of(revocation.user),
        };
        for room in concerned {
            room.recheck(revocation.user);
        }
    }

    /// Wakes every session, to see that the node is going down.
    pub(crate) fn wake_all(&self) {
        for entry in self.rooms().by_id.values() {
            entry.room.wake();
        }
    }

    pub(crate) fn report_hole(&self, id: ConversationId) {
        lock(&self.holes).insert(id);
        self.hole_found.notify_one();
    }

    /// Waits until a hole was reported.
    pub(crate) async fn hole_found(&self) {
        self.hole_found.notified().await;
    }

    pub(crate) fn take_holes(&self) -> BTreeSet<ConversationId> {
        std::mem::take(&mut *lock(&self.holes))
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms<E>> {
        lock(&self.rooms)
    }

    fn rooms_of(&self, user: UserId) -> Vec<Arc<Room<E>>> {
        let rooms = self.rooms();
        let ids = rooms.by_member.get(&user).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| rooms.by_id.get(id)).map(|entry| Arc::clone(&entry.room)).collect()
    }

    fn release(&self, id: ConversationId) {
        let mut rooms = self.rooms();
        let Some(entry) = rooms.by_id.get_mut(&id) else { return };
        entry.leases -= 1;
        if entry.leases > 0 {
            return;
        }
        let users = entry.room.users();
        for user in users {
            if let Some(ids) = rooms.by_member.get_mut(&user) {
                ids.retain(|other| *other != id);
                if ids.is_empty() {
                    rooms.by_member.remove(&user);
                }
            }
        }
        rooms.by_id.remove(&id);
        self.bus.unsubscribe(Topic::Conversation(id));
    }
}

/// Keeps a room alive.
pub(crate) struct RoomLease<E: Encoder> {
    pub(crate) room: Arc<Room<E>>,
    pub(crate) hub: Arc<Hub<E>>,
}

impl<E: Encoder> Drop for RoomLease<E> {
    fn drop(&mut self) {
        self.hub.release(self.room.id);
    }
}

/// Locks one of the hub's short, await-free sections. A poisoned lock means that an encoder panicked; what
/// the section guards is changed only after the encoder returned, so it is still whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
