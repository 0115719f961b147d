//! Wake-ups for a user, wherever they are: their unread count may have changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::sync::watch;

use super::lock;
use crate::{
    UserId,
    bus::{Bus, Topic},
};

/// The users that someone on this node wants to hear about.
pub(crate) struct Users {
    bus: Arc<dyn Bus>,
    watched: Mutex<HashMap<UserId, (watch::Sender<()>, usize)>>,
}

impl Users {
    pub(crate) fn new(bus: Arc<dyn Bus>) -> Self {
        Self { bus, watched: Mutex::default() }
    }

    /// `connection` is kept as long as the notices are wanted.
    pub(crate) fn watch(self: &Arc<Self>, user: UserId, connection: Box<dyn Send + Sync>) -> Notices {
        let mut watched = lock(&self.watched);
        let (sender, count) = watched.entry(user).or_insert_with(|| {
            self.bus.subscribe(Topic::User(user));
            (watch::Sender::new(()), 0)
        });
        *count += 1;
        Notices { user, receiver: sender.subscribe(), users: Arc::clone(self), _connection: connection }
    }

    pub(crate) fn wake(&self, user: UserId) {
        if let Some((sender, _)) = lock(&self.watched).get(&user) {
            sender.send_replace(());
        }
    }

    pub(crate) fn wake_all(&self) {
        for (sender, _) in lock(&self.watched).values() {
            sender.send_replace(());
        }
    }

    fn release(&self, user: UserId) {
        let mut watched = lock(&self.watched);
        let Some((_, count)) = watched.get_mut(&user) else { return };
        *count -= 1;
        if *count == 0 {
            watched.remove(&user);
            self.bus.unsubscribe(Topic::User(user));
        }
    }
}

/// Tells when a user's unread count may have changed. Many changes are one notice. It counts as a connection of the
/// user: as long as it is kept, they are online.
pub struct Notices {
    user: UserId,
    receiver: watch::Receiver<()>,
    users: Arc<Users>,
    _connection: Box<dyn Send + Sync>,
}

impl Notices {
    /// Waits for the next notice; may be dropped and called again without losing one.
    pub async fn changed(&mut self) {
        if self.receiver.changed().await.is_err() {
            // The sender lives as long as `users` counts this value.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Notices {
    fn drop(&mut self) {
        self.users.release(self.user);
    }
}

impl std::fmt::Debug for Notices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notices").field("user", &self.user).finish_non_exhaustive()
    }
}
