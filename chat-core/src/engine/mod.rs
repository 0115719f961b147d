//! The use cases: ask the policy, write to the store, tell the rooms and the other nodes.

mod mark;
mod open;
mod presence;
mod purge;
mod push;
mod read;
mod run;
mod send;

use std::{
    fmt,
    sync::{Arc, atomic::AtomicU64},
};

use jiff::Timestamp;

pub use self::{
    push::{Notified, Notifier},
    read::History,
    send::{Sent, Wish},
};
use crate::{
    Access, AccessPolicy, Action, Answer, Appended, Ask, Bus, ChatError, ChatStore, ClientMessageId, Clock,
    Command, ConversationId, Encoder, IdSource, Limits, Notices, Page, Principal, Reply, Revocation, Seq,
    UserId,
    bus::Hint,
    hub::{Hub, Users},
    rate::{MemberRates, Rate},
};

/// What an engine is made of.
pub struct Parts<S, E> {
    /// The log of record.
    pub store: S,
    /// The host's frames.
    pub encoder: E,
    /// The host's rules.
    pub policy: Arc<dyn AccessPolicy>,
    /// The way to the other nodes.
    pub bus: Arc<dyn Bus>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// The bounds.
    pub limits: Limits,
}

/// The chat of one node. Clones are the same engine.
///
/// The host calls [`ChatEngine::run`] once, in a task of its own, for as long as the engine is used.
pub struct ChatEngine<S: ChatStore, E: Encoder> {
    inner: Arc<Inner<S, E>>,
}

struct Inner<S, E: Encoder> {
    store: S,
    policy: Arc<dyn AccessPolicy>,
    bus: Arc<dyn Bus>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    limits: Arc<Limits>,
    hub: Arc<Hub<E>>,
    users: Arc<Users>,
    sends: MemberRates,
    sessions: AtomicU64,
}

impl<S: ChatStore, E: Encoder> ChatEngine<S, E> {
    /// Puts an engine together.
    #[must_use]
    pub fn new(parts: Parts<S, E>) -> Self {
        let Parts { store, encoder, policy, bus, clock, ids, limits } = parts;
        let rate = limits.sends_per_minute.map(|count| Rate::per_minute(count, limits.sends_burst));
        let limits = Arc::new(limits);
        let hub = Arc::new(Hub::new(encoder, Arc::clone(&limits), Arc::clone(&bus)));
        let users = Arc::new(Users::new(Arc::clone(&bus)));
        let sends = MemberRates::new(rate);
        let sessions = AtomicU64::new(0);
        Self {
            inner: Arc::new(Inner { store, policy, bus, clock, ids, limits, hub, users, sends, sessions }),
        }
    }

    /// The bounds in force.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.inner.store
    }

    /// The time, as the engine sees it: to the microsecond, as it is stored.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.now()
    }

    /// Makes a conversation with these members; once more with the same members changes nothing.
    ///
    /// # Errors
    /// [`ChatError::Invalid`] without members, with too many, or when it exists with others.
    pub async fn create_conversation(&self, id: ConversationId, members: &[UserId]) -> Result<(), ChatError> {
        let count_max = self.inner.limits.members_max;
        if members.is_empty() || members.len() > count_max {
            return Err(ChatError::Invalid { field: "members", reason: format!("1 to {count_max} users") });
        }
        Ok(self.inner.store.create_conversation(id, members, self.now()).await?)
    }

    /// Performs what a session asks for. The answer goes to [`Session::on_answer`](crate::Session::on_answer).
    pub async fn perform(&self, ask: Ask) -> Answer {
        match ask {
            Ask::Command { who, conversation, command } => self.command(&who, conversation, command).await,
            Ask::Page { conversation, after, limit } => {
                Answer::Page(self.page(conversation, after, limit).await)
            }
            Ask::Access { who, conversation } => {
                Answer::Access(self.inner.policy.check(&who, conversation, Action::Connect).await)
            }
        }
    }

    /// Performs what a session asks for, in this order, and answers each in its place. Sends that follow each other
    /// are stored as one batch: a driver hands over all the frames that have come, and needs to wait only once.
    pub async fn perform_all(&self, asks: Vec<Ask>) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(asks.len());
        let mut asks = asks.into_iter().peekable();
        while let Some(ask) = asks.next() {
            let Ask::Command { who, conversation, command: Command::Send { client_id, op } } = ask else {
                answers.push(self.perform(ask).await);
                continue;
            };
            let mut wishes = vec![(client_id, op)];
            while let Some(next) = asks.next_if(|next| next.is_send_of(&who, conversation)) {
                if let Ask::Command { command: Command::Send { client_id, op }, .. } = next {
                    wishes.push((client_id, op));
                }
            }
            let client_ids: Vec<_> = wishes.iter().map(|(client_id, _)| client_id.clone()).collect();
            let stored = self.append_all(&who, conversation, wishes).await;
            answers.extend(client_ids.into_iter().zip(stored).map(|(id, stored)| reply_to_send(id, stored)));
        }
        answers
    }

    /// Asks the policy, without doing anything.
    ///
    /// # Errors
    /// What the policy says.
    pub async fn check(
        &self,
        who: &Principal,
        conversation: ConversationId,
        action: Action,
    ) -> Result<Access, crate::Denied> {
        self.inner.policy.check(who, conversation, action).await
    }

    /// Notices that the user's unread count may have changed, on whatever node the cause was.
    #[must_use]
    pub fn notices(&self, user: UserId) -> Notices {
        self.inner.users.watch(user, Box::new(self.inner.hub.connect(user)))
    }

    /// Makes the user's sessions ask for their access again, here and on the other nodes.
    pub fn revoke(&self, revocation: Revocation) {
        self.recheck(revocation);
        self.inner.bus.publish(Hint::from(revocation));
    }

    /// The same on this node alone: for what each node finds out by itself.
    pub fn recheck(&self, revocation: Revocation) {
        self.inner.hub.recheck(revocation);
    }

    /// Refuses new sessions and closes the open ones, spread over `window_ms` milliseconds. It returns at
    /// once; the host waits for its own connection tasks.
    pub fn drain(&self, window_ms: u64) {
        self.inner.hub.drain.begin(self.now(), window_ms);
        self.inner.hub.wake_all();
    }

    async fn command(&self, who: &Principal, conversation: ConversationId, command: Command) -> Answer {
        let done = match command {
            Command::Send { client_id, op } => {
                let wish = Wish { conversation, client_id: client_id.clone(), op };
                return reply_to_send(client_id, self.append(who, wish).await);
            }
            Command::Read { up_to } => self.mark_read(who, conversation, Some(up_to)).await.map(drop),
            Command::Typing => self.typing(who, conversation).await,
        };
        Answer::Command(match done {
            Ok(()) => Reply::Done,
            Err(error) => Reply::Refused { client_id: None, error },
        })
    }

    async fn page(
        &self,
        conversation: ConversationId,
        after: Seq,
        limit: u32,
    ) -> Result<(Vec<crate::Event>, crate::Head), ChatError> {
        let events = self.inner.store.log(conversation, Page::After(after), limit).await?;
        let head = self.inner.store.heads(&[conversation]).await?.into_iter().next();
        Ok((events, head.ok_or(ChatError::NotFound)?))
    }
}

fn reply_to_send(client_id: ClientMessageId, stored: Result<Appended, ChatError>) -> Answer {
    Answer::Command(match stored {
        Ok(appended) => Reply::Stored { client_id, appended },
        Err(error) => Reply::Refused { client_id: Some(client_id), error },
    })
}

impl<S: ChatStore, E: Encoder> Inner<S, E> {
    fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    async fn check(&self, who: &Principal, id: ConversationId, action: Action) -> Result<Access, ChatError> {
        Ok(self.policy.check(who, id, action).await?)
    }

    fn unread_changed(&self, user: UserId) {
        self.users.wake(user);
        self.bus.publish(Hint::Unread { user });
    }
}

impl<S: ChatStore, E: Encoder> Clone for ChatEngine<S, E> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<S: ChatStore, E: Encoder> fmt::Debug for ChatEngine<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatEngine").field("limits", &self.inner.limits).finish_non_exhaustive()
    }
}

impl<S, E> fmt::Debug for Parts<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("limits", &self.limits).finish_non_exhaustive()
    }
}
