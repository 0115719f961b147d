//! Who is listening on `ws/payment/`, and what they are told.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::broadcast;
use uuid::Uuid;

/// How many frames a slow listener may be behind before it must read its state anew.
const FRAMES_BEHIND_MAX: usize = 32;

/// What a listener is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// To be sent on as it is.
    Frame(Utf8Bytes),
    /// One of the user's sessions has ended: see whether it is yours.
    SessionEnded,
}

/// One channel a user who is connected to this node; the frame is encoded once for all of their tabs.
#[derive(Debug, Default)]
pub struct UsersHub {
    // A plain mutex: it is held for a map access only, never across an await.
    channels: Mutex<HashMap<Uuid, broadcast::Sender<Notice>>>,
}

impl UsersHub {
    /// Hears everything that this user is told from now on.
    pub fn subscribe(&self, user: Uuid) -> broadcast::Receiver<Notice> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        let channel = channels.entry(user).or_insert_with(|| broadcast::channel(FRAMES_BEHIND_MAX).0);
        channel.subscribe()
    }

    /// Tells a user something; nobody listening is fine.
    pub fn tell(&self, user: Uuid, frame: impl Into<Utf8Bytes>) {
        self.send(user, Notice::Frame(frame.into()));
    }

    /// Has the user's listeners look whether their session still stands.
    pub fn session_ended(&self, user: Uuid) {
        self.send(user, Notice::SessionEnded);
    }

    fn send(&self, user: Uuid, notice: Notice) {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(channel) = channels.get(&user) else { return };
        if channel.send(notice).is_err() {
            // The last listener is gone: the map holds only users who are here.
            channels.remove(&user);
        }
    }

    /// Whether the user has a connection to this node.
    pub fn is_listening(&self, user: Uuid) -> bool {
        self.listeners(user) > 0
    }

    /// How many connections to this node the user has.
    pub fn listeners(&self, user: Uuid) -> usize {
        let channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.get(&user).map_or(0, broadcast::Sender::receiver_count)
    }

    /// Forgets users whose last connection ended.
    pub fn sweep(&self) {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.retain(|_, channel| channel.receiver_count() > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn frame_reaches_every_connection_of_its_user_only() {
        let hub = UsersHub::default();
        let (me, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let (mut first, mut second, mut theirs) =
            (hub.subscribe(me), hub.subscribe(me), hub.subscribe(other));
        hub.tell(me, "paid");
        assert_eq!(first.recv().await.expect("frame"), Notice::Frame("paid".into()));
        assert_eq!(second.recv().await.expect("frame"), Notice::Frame("paid".into()));
        assert!(theirs.try_recv().is_err());
    }

    #[tokio::test]
    async fn user_without_connections_is_forgotten() {
        let hub = UsersHub::default();
        let me = Uuid::from_u128(1);
        drop(hub.subscribe(me));
        hub.tell(me, "paid");
        assert!(!hub.is_listening(me));
        assert!(hub.channels.lock().expect("lock").is_empty());
    }
}
