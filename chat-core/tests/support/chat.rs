//! An engine with frames that a test can read, and clients that check every frame they are given.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use chat_core::{
    Access, AccessPolicy, Action, ChatEngine, ChatError, ChatStore, ClientMessageId, CloseReason, Command,
    ConversationId, Cursor, Denied, Encoder, Event, InProcessBus, Limits, ManualClock, MemoryStore, Op,
    Parts, Principal, Pull, Reply, Revocation, Seq, SequentialIds, Session, State, UserId,
};
use futures_util::{StreamExt, stream::BoxStream};
use tokio::sync::broadcast;
use uuid::Uuid;

pub const ALICE: UserId = UserId(Uuid::from_u128(0xA11CE));
pub const BOB: UserId = UserId(Uuid::from_u128(0xB0B));
pub const EVE: UserId = UserId(Uuid::from_u128(0xE7E));
pub const ROOM: ConversationId = ConversationId(Uuid::from_u128(0x0100));

pub fn who(user: UserId) -> Principal {
    Principal::of(user)
}

pub fn id(text: &str) -> ClientMessageId {
    ClientMessageId::new(text).unwrap()
}

pub fn say(text: &str) -> Op {
    Op::Post { content: text.into(), image: None }
}

/// Frames are `log <event as JSON>` and `state <state>`.
#[derive(Debug, Default)]
pub struct TextFrames;

impl Encoder for TextFrames {
    type Context = ();

    fn event(&self, (): &(), event: &Event) -> Bytes {
        Bytes::from(format!("log {}", serde_json::to_string(event).unwrap()))
    }

    fn state(&self, (): &(), state: &State) -> Bytes {
        Bytes::from(format!("state {state:?}"))
    }
}

/// Says yes, except to those it was told to refuse.
#[derive(Debug)]
pub struct Rules {
    refused: Mutex<HashMap<UserId, Denied>>,
    pub access: Mutex<Access>,
    revocations: broadcast::Sender<Revocation>,
}

impl Rules {
    pub fn new() -> Arc<Self> {
        let (revocations, _) = broadcast::channel(64);
        Arc::new(Self { refused: Mutex::default(), access: Mutex::default(), revocations })
    }

    pub fn refuse(&self, user: UserId, why: Denied) {
        self.refused.lock().unwrap().insert(user, why);
    }

    pub fn allow(&self, user: UserId) {
        self.refused.lock().unwrap().remove(&user);
    }

    pub fn signal(&self, user: UserId) {
        let _no_engine_listens = self.revocations.send(Revocation { user, conversation: Some(ROOM) });
    }
}

#[async_trait]
impl AccessPolicy for Rules {
    async fn check(&self, who: &Principal, _: ConversationId, _: Action) -> Result<Access, Denied> {
        match self.refused.lock().unwrap().get(&who.user) {
            Some(denied) => Err(*denied),
            None => Ok(*self.access.lock().unwrap()),
        }
    }

    fn revocations(&self) -> BoxStream<'static, Revocation> {
        let receiver = self.revocations.subscribe();
        Box::pin(futures_util::stream::unfold(receiver, |mut receiver| async {
            receiver.recv().await.ok().map(|revocation| (revocation, receiver))
        }))
    }
}

pub type Engine<S = MemoryStore> = ChatEngine<S, TextFrames>;

/// An engine's parts that tests reach into.
pub struct Node<S: ChatStore = MemoryStore> {
    pub engine: Engine<S>,
    pub clock: Arc<ManualClock>,
    pub rules: Arc<Rules>,
}

pub fn node<S: ChatStore>(store: S, bus: InProcessBus, limits: Limits) -> Node<S> {
    let clock = Arc::new(ManualClock::default());
    let rules = Rules::new();
    let engine = ChatEngine::new(Parts {
        store,
        encoder: TextFrames,
        policy: Arc::clone(&rules) as Arc<dyn AccessPolicy>,
        bus: Arc::new(bus),
        clock: Arc::clone(&clock) as _,
        ids: Arc::new(SequentialIds::default()),
        limits,
    });
    Node { engine, clock, rules }
}

/// Limits without rates, for tests that are about something else.
pub fn unhurried() -> Limits {
    Limits {
        sends_per_minute: None,
        commands_per_s: 1_000_000,
        commands_burst: 1_000_000,
        ..Limits::default()
    }
}

/// One engine on a fresh memory store, with Alice and Bob in [`ROOM`].
pub async fn alone(limits: Limits) -> Node {
    let node = node(MemoryStore::new(), InProcessBus::new(), limits);
    node.engine.create_conversation(ROOM, &[ALICE, BOB]).await.unwrap();
    node
}

/// A connection that believes nothing: each entry must be the successor of the last.
pub struct Client<S: ChatStore = MemoryStore> {
    pub session: Session<TextFrames>,
    engine: Engine<S>,
    pub log: Vec<Event>,
    pub states: Vec<String>,
    pub resets: Vec<Seq>,
    pub closed: Option<CloseReason>,
    at: Seq,
}

impl<S: ChatStore> Client<S> {
    pub async fn open(engine: &Engine<S>, user: UserId, resume: Option<Cursor>) -> Result<Self, ChatError> {
        let session = engine.open(&who(user), ROOM, (), resume).await?;
        let ready = session.ready();
        let at = if ready.resumed { resume.unwrap().after } else { ready.last };
        Ok(Self {
            session,
            engine: engine.clone(),
            log: Vec::new(),
            states: Vec::new(),
            resets: Vec::new(),
            closed: None,
            at,
        })
    }

    /// Whether it is connected to this node.
    pub fn is_of(&self, engine: &Engine<S>) -> bool {
        std::ptr::eq(self.engine.limits(), engine.limits())
    }

    pub fn cursor(&self) -> Cursor {
        Cursor { epoch: self.session.ready().epoch, after: self.at }
    }

    /// Pulls until there is nothing more, at most `bytes_max` bytes at a time.
    pub async fn pull(&mut self, bytes_max: usize) {
        while self.closed.is_none() && self.pull_once(bytes_max).await {}
    }

    /// Pulls until there are frames, or nothing more; whether there may be more.
    pub async fn pull_once(&mut self, bytes_max: usize) -> bool {
        loop {
            let mut frames = Vec::new();
            let pull = self.session.next_frames(self.engine.now(), bytes_max, &mut frames);
            frames.iter().for_each(|frame| self.take(frame));
            match pull {
                Pull::Idle => return false,
                Pull::More => return true,
                Pull::Ask(ask) => {
                    let answer = self.engine.perform(ask).await;
                    self.session.on_answer(self.engine.now(), answer);
                }
                Pull::Reset(reset) => {
                    self.resets.push(reset.last);
                    self.at = reset.last;
                }
                Pull::Close(reason) => {
                    self.closed = Some(reason);
                    return false;
                }
            }
        }
    }

    /// Waits for wake-ups until the log holds so many entries.
    pub async fn pull_until(&mut self, count: usize) {
        self.pull(64 * 1024).await;
        while self.log.len() < count && self.closed.is_none() {
            self.session.changed().await;
            self.pull(64 * 1024).await;
        }
    }

    /// Waits until so many states were shown.
    pub async fn pull_states(&mut self, count: usize) {
        self.pull(64 * 1024).await;
        while self.states.len() < count && self.closed.is_none() {
            self.session.changed().await;
            self.pull(64 * 1024).await;
        }
    }

    pub async fn command(&mut self, command: Command) -> Reply {
        let ask = self.session.on_command(self.engine.now(), command).unwrap();
        let answer = self.engine.perform(ask).await;
        self.session.on_answer(self.engine.now(), answer)
    }

    pub async fn send(&mut self, client_id: &str, op: Op) -> Reply {
        self.command(Command::Send { client_id: id(client_id), op }).await
    }

    fn take(&mut self, frame: &Bytes) {
        let text = std::str::from_utf8(frame).unwrap();
        if let Some(event) = text.strip_prefix("log ") {
            let event: Event = serde_json::from_str(event).unwrap();
            assert_eq!(event.seq, self.at.next(), "an entry was skipped or repeated");
            self.at = event.seq;
            self.log.push(event);
        } else {
            self.states.push(text.strip_prefix("state ").unwrap().to_owned());
        }
    }
}

/// Runs the engine's loop until the guard is dropped.
pub fn running<S: ChatStore>(engine: &Engine<S>) -> impl Drop + use<S> {
    struct Guard(tokio::task::JoinHandle<()>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.abort();
        }
    }
    let engine = engine.clone();
    Guard(tokio::spawn(async move { engine.run().await }))
}

/// Waits for the next item of a stream that must not end.
pub async fn next<T>(stream: &mut BoxStream<'static, T>) -> T {
    stream.next().await.unwrap()
}
