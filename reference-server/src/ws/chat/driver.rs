//! One task a connection: it waits for the peer, for the room, or for the clock, and then pulls the session dry.

use std::error::Error as _;
use std::pin::pin;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use chat_core::{Answer, Ask, CloseReason, Op, Pull, Reply, Session};
use futures_util::{FutureExt as _, SinkExt as _};
use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::{self, error::CapacityError};

use super::frames::{Heard, Said, read};
use crate::chat::{Engine, Frames, refused, remove_images};
use crate::db::conversations::Pairing;
use crate::metrics::OpenSocket;
use crate::state::AppState;

/// About how much is written before the peer must take it.
const PULL_BYTES_MAX: usize = 7 * 1024;
/// Frames of a peer that are taken at a time, where so many have come: their sends are stored as one batch.
const FRAMES_AT_ONCE_MAX: usize = 64;
/// How long a peer has to take the goodbye.
const GOODBYE_MS: u64 = 1_000;

const CLOSE_TOO_LARGE: u16 = 1009;
const CLOSE_BAD_FRAME: u16 = 4422;

/// Why the loop ended.
enum End {
    /// The connection is gone; there is nobody to tell.
    Gone,
    /// Closed by the session, for a reason it knows.
    Session(CloseReason),
    /// Closed for a frame that can't be read.
    Code(u16),
}

impl From<CloseReason> for End {
    fn from(reason: CloseReason) -> Self {
        Self::Session(reason)
    }
}

/// A session that waits for its connection.
pub struct Opening(Box<Parts>);

struct Parts {
    session: Session<Frames>,
    state: AppState,
    /// What is written together with the frames that come next: answers, and at the beginning `ready`.
    said: Vec<Message>,
    /// Counted for as long as it is kept.
    _open: OpenSocket,
}

/// A connection and its session.
struct Driver {
    socket: WebSocket,
    parts: Parts,
}

/// What the peer's frames came to.
#[derive(Default)]
struct Heap {
    asks: Vec<Ask>,
    said: Vec<Said>,
    end: Option<End>,
}

impl Opening {
    /// What the peer is told first is settled now.
    pub fn new(session: Session<Frames>, pairing: &Pairing, state: AppState) -> Self {
        let ready = Said::ready(session.ready(), pairing, state.chat.engine.limits());
        let open = state.metrics.socket("chat");
        Self(Box::new(Parts { session, state, said: vec![text(&ready)], _open: open }))
    }

    /// Serves the connection until it ends.
    pub fn serve(self, socket: WebSocket) -> impl Future<Output = ()> + Send {
        let tasks = self.0.state.tasks.clone();
        // Boxed, since a future would hold what is moved into it twice, and a task whatever it may become.
        let mut driver = Box::new(Driver { socket, parts: *self.0 });
        tasks.track_future(Box::pin(async move { driver.serve().await }))
    }
}

impl Driver {
    async fn serve(&mut self) {
        let Err(end) = self.run().await else { return };
        let (last_words, code) = match end {
            End::Gone => return,
            End::Code(code) => (None, code),
            End::Session(reason) => (farewell(reason), reason.code()),
        };
        Box::pin(self.close(last_words, code)).await;
    }

    fn engine(&self) -> &Engine {
        &self.parts.state.chat.engine
    }

    async fn run(&mut self) -> Result<(), End> {
        // One timer a connection, set anew only when the session wants to be woken at another time.
        let mut wake = pin!(sleep(Duration::ZERO));
        let mut wake_at = Timestamp::MIN;
        loop {
            self.pull().await?;
            if self.parts.session.deadline() != wake_at {
                wake_at = self.parts.session.deadline();
                let due = wake_at.duration_since(self.engine().now());
                wake.as_mut().reset(Instant::now() + Duration::try_from(due).unwrap_or_default());
            }
            tokio::select! {
                received = self.socket.recv() => match received {
                    None => return Ok(()),
                    Some(received) => self.hear(received).await?,
                },
                () = self.parts.session.changed() => {}
                () = &mut wake => {
                    wake_at = Timestamp::MIN;
                    if self.parts.session.on_tick(self.engine().now()) {
                        self.parts.said.push(Message::Ping(Bytes::new()));
                    }
                }
            }
        }
    }

    /// Writes the answers and what the session has, until there is nothing more.
    async fn pull(&mut self) -> Result<(), End> {
        loop {
            let mut frames = Vec::new();
            let pull = self.parts.session.next_frames(self.engine().now(), PULL_BYTES_MAX, &mut frames);
            let mut said = std::mem::take(&mut self.parts.said);
            if let Pull::Reset(reset) = &pull {
                said.push(text(&Said::reset(*reset)));
            }
            let wrote = !said.is_empty() || !frames.is_empty();
            self.write(said, frames).await?;
            match pull {
                // A wake-up may have been used up while writing, so look once more after that.
                Pull::Idle if !wrote => return Ok(()),
                Pull::Idle | Pull::More | Pull::Reset(_) => {}
                Pull::Ask(ask) => {
                    // Boxed, as below: what an idle connection does not need takes no memory.
                    let answer = Box::pin(self.engine().perform(ask)).await;
                    let now = self.engine().now();
                    self.parts.session.on_answer(now, answer);
                }
                Pull::Close(reason) => return Err(reason.into()),
            }
        }
    }

    /// Takes what has come by now. Everything that came before the frame that ends the connection is still done.
    async fn hear(&mut self, first: Result<Message, axum::Error>) -> Result<(), End> {
        let mut heap = Heap::default();
        let mut received = Some(first);
        let mut more = 1..FRAMES_AT_ONCE_MAX;
        while let Some(message) = received {
            if let Err(end) = self.take(message, &mut heap) {
                heap.end = Some(end);
                break;
            }
            received = more.next().and_then(|_| self.socket.recv().now_or_never().flatten());
        }
        let Heap { asks, mut said, end } = heap;
        if !asks.is_empty() {
            let answers = Box::pin(self.engine().perform_all(asks)).await;
            said.extend(answers.into_iter().filter_map(|answer| self.answer(answer)));
        }
        self.parts.said.extend(said.iter().map(text));
        match end {
            None => Ok(()),
            Some(end) => {
                let said = std::mem::take(&mut self.parts.said);
                self.write(said, Vec::new()).await?;
                Err(end)
            }
        }
    }

    fn take(&mut self, received: Result<Message, axum::Error>, heap: &mut Heap) -> Result<(), End> {
        let message = received.map_err(|error| unreadable(&error))?;
        self.parts.session.on_heard();
        let now = self.engine().now();
        let heard = match message {
            Message::Text(frame) => read(frame.as_str()),
            Message::Binary(_) => Heard::Garbage,
            Message::Ping(_) | Message::Pong(_) => return Ok(self.parts.session.count(now)?),
            Message::Close(_) => return Err(End::Gone),
        };
        match heard {
            Heard::Garbage => return Err(End::Code(CLOSE_BAD_FRAME)),
            Heard::Bad(error) => {
                self.parts.session.count(now)?;
                heap.said.push(Said::Error(error));
            }
            Heard::Ping(n) => {
                self.parts.session.count(now)?;
                heap.said.push(Said::Pong { n });
            }
            Heard::Command(command) => heap.asks.push(self.parts.session.on_command(now, command)?),
        }
        Ok(())
    }

    fn answer(&mut self, answer: Answer) -> Option<Said> {
        let now = self.engine().now();
        match self.parts.session.on_answer(now, answer) {
            Reply::Stored { client_id, appended } => {
                if matches!(appended.event.op, Op::Delete { .. }) && !appended.duplicate {
                    let state = &self.parts.state;
                    state.tasks.spawn(remove_images(state.clone(), appended.event.message));
                }
                Some(Said::ack(&client_id, &appended))
            }
            Reply::Refused { client_id, error } => Some(Said::refused(refused(&error), client_id.as_ref())),
            Reply::Done => None,
        }
    }

    /// All of it with one flush. A peer that does not take them in time is given up, and so is one that makes us wait
    /// while its access comes into doubt, or until its turn to go.
    async fn write(&mut self, said: Vec<Message>, frames: Vec<Bytes>) -> Result<(), End> {
        if said.is_empty() && frames.is_empty() {
            return Ok(());
        }
        let Self { socket, parts: Parts { session, state, .. } } = self;
        let engine = &state.chat.engine;
        let stall = Duration::from_millis(engine.limits().write_stall_ms);
        let writing = async {
            for message in said.into_iter().chain(frames.into_iter().filter_map(shared_text)) {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        tokio::select! {
            biased;
            written = timeout(stall, writing) => match written {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) => Err(End::Gone),
                Err(_) => Err(CloseReason::SlowReader.into()),
            },
            // Boxed only when the peer makes us wait, which is rare.
            reason = async { Box::pin(interrupted(session, engine)).await } => Err(reason.into()),
        }
    }

    /// The last words, the close frame, and a moment for the peer to answer it: a socket that is dropped with
    /// unread bytes takes the close frame with it.
    async fn close(&mut self, last_words: Option<Said>, code: u16) {
        let goodbye = async {
            if let Some(said) = last_words {
                self.socket.feed(text(&said)).await?;
            }
            let frame = CloseFrame { code, reason: Utf8Bytes::default() };
            self.socket.send(Message::Close(Some(frame))).await?;
            while let Some(Ok(_)) = self.socket.recv().await {}
            Ok::<_, axum::Error>(())
        };
        let _too_late_to_tell = timeout(Duration::from_millis(GOODBYE_MS), goodbye).await;
    }
}

/// Waits until there is a reason to give a write up.
async fn interrupted(session: &mut Session<Frames>, engine: &Engine) -> CloseReason {
    loop {
        let now = engine.now();
        if let Some(reason) = session.interruption(now) {
            return reason;
        }
        let wait = session.interruption_at().map(|at| Duration::try_from(at.duration_since(now)));
        tokio::select! {
            () = session.changed() => {}
            () = sleep(wait.unwrap_or(Ok(Duration::MAX)).unwrap_or_default()) => {}
        }
    }
}

fn farewell(reason: CloseReason) -> Option<Said> {
    match reason {
        CloseReason::AccessEnded | CloseReason::Forbidden => Some(Said::Revoked),
        CloseReason::Restart { retry_ms } => Some(Said::Bye { retry_ms }),
        CloseReason::SlowReader
        | CloseReason::NoPong
        | CloseReason::Overload
        | CloseReason::SessionEnded
        | CloseReason::Flood => None,
    }
}

/// axum hides what its WebSocket said as the source of its own error.
fn unreadable(error: &axum::Error) -> End {
    match error.source().and_then(|source| source.downcast_ref()) {
        Some(tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. })) => {
            End::Code(CLOSE_TOO_LARGE)
        }
        Some(tungstenite::Error::Utf8(_)) => End::Code(CLOSE_BAD_FRAME),
        _ => End::Gone,
    }
}

fn text(said: &Said) -> Message {
    let json = serde_json::to_string(said).unwrap_or_else(|error| {
        tracing::error!(%error, "a frame can't be written as JSON");
        String::from("{}")
    });
    Message::Text(json.into())
}

fn shared_text(frame: Bytes) -> Option<Message> {
    Utf8Bytes::try_from(frame).ok().map(Message::Text)
}
