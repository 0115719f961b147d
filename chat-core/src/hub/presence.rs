//! Who is there: users with a connection to this node, and what the rooms of this node show of everybody.

use std::sync::Arc;

use super::{Hub, lock};
use crate::{Encoder, UserId, bus::Hint};

/// A connection of a user to this node. The user is there as long as one is kept.
pub(crate) struct Connection<E: Encoder> {
    user: UserId,
    hub: Arc<Hub<E>>,
}

impl<E: Encoder> Drop for Connection<E> {
    fn drop(&mut self) {
        self.hub.disconnect(self.user);
    }
}

impl<E: Encoder> Hub<E> {
    pub(crate) fn connect(self: &Arc<Self>, user: UserId) -> Connection<E> {
        let mut here = lock(&self.here);
        let count = here.entry(user).or_insert(0);
        *count += 1;
        if *count == 1 {
            self.show(user, true);
            self.bus.set_present(user, true);
            self.bus.publish(Hint::Presence { user, online: true });
        }
        Connection { user, hub: Arc::clone(self) }
    }

    /// Takes over what the bus knows of a user. A connection to this node counts in any case.
    pub(crate) fn settle(&self, user: UserId, elsewhere: bool) {
        // Held while it is shown, so that a connection that comes or goes is shown after this, not before.
        let here = lock(&self.here);
        self.show(user, elsewhere || here.contains_key(&user));
    }

    /// Another node told that a user came, or that their last connection to it ended.
    pub(crate) fn hear_presence(&self, user: UserId, online: bool) {
        if online {
            self.settle(user, true);
        } else if self.rooms().by_member.contains_key(&user) {
            self.doubt_presence(user);
        }
    }

    pub(crate) fn is_here(&self, user: UserId) -> bool {
        lock(&self.here).contains_key(&user)
    }

    /// The members of open rooms whose presence only other nodes know.
    pub(crate) fn watched_elsewhere(&self) -> Vec<UserId> {
        let mut users: Vec<UserId> = self.rooms().by_member.keys().copied().collect();
        let here = lock(&self.here);
        users.retain(|user| !here.contains_key(user));
        users.sort_unstable();
        users
    }

    /// Waits until somebody's presence has to be asked for.
    pub(crate) async fn presence_doubted(&self) {
        self.doubted.notified().await;
    }

    pub(crate) fn take_doubted(&self) -> Vec<UserId> {
        std::mem::take(&mut *lock(&self.doubted_users)).into_iter().collect()
    }

    fn disconnect(&self, user: UserId) {
        let mut here = lock(&self.here);
        let Some(count) = here.get_mut(&user) else { return };
        *count -= 1;
        if *count > 0 {
            return;
        }
        here.remove(&user);
        self.bus.set_present(user, false);
        self.bus.publish(Hint::Presence { user, online: false });
        // They may still be there, on another node.
        self.doubt_presence(user);
    }

    fn doubt_presence(&self, user: UserId) {
        lock(&self.doubted_users).insert(user);
        self.doubted.notify_one();
    }

    fn show(&self, user: UserId, online: bool) {
        for room in self.rooms_of(user) {
            room.presence(user, online);
        }
    }
}
