//! Somebody with an outbox and a cursor, who comes back after every break and keeps what they were told.

use std::collections::BTreeMap;

use chat_core::{ChatError, CloseReason, Command, Cursor, Event, Op, Reply, Seq, UserId};

use crate::{
    flaky::Flaky,
    support::chat::{Client, Engine},
};

pub(crate) struct Person {
    pub(crate) user: UserId,
    pub(crate) client: Option<Client<Flaky>>,
    pub(crate) heard: Vec<Event>,
    /// Sent, but not acknowledged.
    pub(crate) outbox: Vec<(String, Op)>,
    pub(crate) acknowledged: BTreeMap<String, Seq>,
    /// What was last seen of everybody's read marks.
    pub(crate) marks: BTreeMap<String, String>,
    pub(crate) reconnects: usize,
    /// How often they were told to start over.
    pub(crate) resets: usize,
    cursor: Option<Cursor>,
}

impl Person {
    pub(crate) fn new(user: UserId) -> Self {
        Self {
            user,
            client: None,
            heard: Vec::new(),
            outbox: Vec::new(),
            acknowledged: BTreeMap::new(),
            marks: BTreeMap::new(),
            reconnects: 0,
            resets: 0,
            cursor: None,
        }
    }

    /// Comes back with the cursor of last time; whether that worked.
    pub(crate) async fn connect(&mut self, engine: &Engine<Flaky>) -> bool {
        self.disconnect();
        let Ok(client) = Client::open(engine, self.user, self.cursor).await else { return false };
        if let Some(cursor) = self.cursor {
            let ready = client.session.ready();
            let can_be_continued = cursor.epoch == ready.epoch && cursor.after.next() >= ready.oldest;
            assert_eq!(ready.resumed, can_be_continued);
            self.reconnects += 1;
            self.resets += usize::from(!can_be_continued);
        } else {
            // A newcomer reads what was said before from the first entry on.
            self.cursor = Some(Cursor { epoch: client.session.ready().epoch, after: Seq::ZERO });
            drop(client);
            return Box::pin(self.connect(engine)).await;
        }
        for (user, read) in client.session.ready().read.iter() {
            self.see_mark(&format!("Read {{ user: {user:?}, up_to: {read:?} }}"));
        }
        self.client = Some(client);
        true
    }

    pub(crate) fn disconnect(&mut self) {
        self.take_what_came();
        self.client = None;
    }

    /// Pulls with a buffer of so many bytes, until there is nothing more.
    pub(crate) async fn pull(&mut self, bytes_max: usize) {
        let Some(client) = &mut self.client else { return };
        client.pull(bytes_max).await;
        self.take_what_came();
    }

    pub(crate) fn write(&mut self, name: String, op: Op) {
        self.outbox.push((name, op));
    }

    /// Tries what waits longest.
    pub(crate) async fn send(&mut self) {
        let (Some(client), Some((name, op))) = (&mut self.client, self.outbox.first().cloned()) else {
            return;
        };
        match client.send(&name, op).await {
            Reply::Stored { appended, .. } => {
                self.outbox.remove(0);
                let seq = appended.event.seq;
                let before = self.acknowledged.insert(name, seq);
                assert!(before.is_none_or(|before| before == seq), "one id, two answers");
            }
            Reply::Refused { error, .. } if error.retry_ms().is_some() => {}
            // Whose access ended may get it back; what cannot be done is given up.
            Reply::Refused { error: ChatError::Denied(_), .. } => {}
            Reply::Refused { error: ChatError::NotFound | ChatError::Forbidden(_), .. } => {
                self.outbox.remove(0);
            }
            other => panic!("an answer nobody expects: {other:?}"),
        }
    }

    pub(crate) async fn read(&mut self, up_to: Seq) {
        if let Some(client) = &mut self.client {
            client.command(Command::Read { up_to }).await;
        }
    }

    fn take_what_came(&mut self) {
        let Some(client) = &mut self.client else { return };
        self.cursor = Some(client.cursor());
        self.heard.append(&mut client.log);
        for reset in std::mem::take(&mut client.resets) {
            // `ready` had said so already, and it was counted.
            let ready = client.session.ready();
            self.resets += usize::from(ready.resumed || reset != ready.last);
        }
        let states = std::mem::take(&mut client.states);
        let closed = client.closed;
        states.iter().for_each(|state| self.see_mark(state));
        if closed.is_some() {
            assert!(
                matches!(closed, Some(CloseReason::Overload | CloseReason::AccessEnded)),
                "closed for {closed:?}"
            );
            self.client = None;
        }
    }

    fn see_mark(&mut self, state: &str) {
        if let Some((user, _)) = state.strip_prefix("Read ").and_then(|state| state.split_once(", up_to")) {
            self.marks.insert(user.to_owned(), state.to_owned());
        }
    }
}
