//! One task a connection: it waits for the peer, for the room, or for the clock, and then pulls the session dry.

use std::pin::pin;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use chat_core::{Answer, CloseReason, Pull, Reply, Session};
use futures_util::SinkExt as _;
use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout};

use super::frames::{Heard, Said, read};
use crate::chat::{Engine, Frames, refused};
use crate::db::conversations::Pairing;

/// About how much is written before the peer must take it.
const PULL_BYTES_MAX: usize = 64 * 1024;
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

/// A connection and its session.
struct Driver {
    socket: WebSocket,
    session: Session<Frames>,
    engine: Engine,
}

/// Serves a connection until it ends.
pub async fn serve(socket: WebSocket, session: Session<Frames>, engine: Engine, pairing: Pairing) {
    let ready = Said::ready(session.ready(), &pairing, engine.limits());
    let mut driver = Driver { socket, session, engine };
    let end = match driver.write(vec![text(&ready)]).await {
        Ok(()) => match driver.run().await {
            Ok(()) => return,
            Err(end) => end,
        },
        Err(end) => end,
    };
    let (last_words, code) = match end {
        End::Gone => return,
        End::Code(code) => (None, code),
        End::Session(reason) => (farewell(reason), reason.code()),
    };
    driver.close(last_words, code).await;
}

impl Driver {
    async fn run(&mut self) -> Result<(), End> {
        // One timer a connection, set anew only when the session wants to be woken at another time.
        let mut wake = pin!(sleep(Duration::ZERO));
        let mut wake_at = Timestamp::MIN;
        loop {
            self.pull().await?;
            if self.session.deadline() != wake_at {
                wake_at = self.session.deadline();
                let due = wake_at.duration_since(self.engine.now());
                wake.as_mut().reset(Instant::now() + Duration::try_from(due).unwrap_or_default());
            }
            tokio::select! {
                received = self.socket.recv() => match received {
                    None | Some(Ok(Message::Close(_))) => return Ok(()),
                    Some(Ok(message)) => self.hear(message).await?,
                    Some(Err(error)) => return Err(unreadable(&error)),
                },
                () = self.session.changed() => {}
                () = &mut wake => {
                    wake_at = Timestamp::MIN;
                    if self.session.on_tick(self.engine.now()) {
                        self.write(vec![Message::Ping(Bytes::new())]).await?;
                    }
                }
            }
        }
    }

    /// Writes what the session has, until it has nothing more.
    async fn pull(&mut self) -> Result<(), End> {
        loop {
            let mut frames = Vec::new();
            let pull = self.session.next_frames(PULL_BYTES_MAX, &mut frames);
            let wrote = !frames.is_empty();
            let mut messages: Vec<Message> = frames.into_iter().filter_map(shared_text).collect();
            if let Pull::Reset(reset) = &pull {
                messages.push(text(&Said::reset(*reset)));
            }
            self.write(messages).await?;
            match pull {
                // A wake-up may have been used up while writing, so look once more after that.
                Pull::Idle if !wrote => return Ok(()),
                Pull::Idle | Pull::More | Pull::Reset(_) => {}
                Pull::Ask(ask) => {
                    let answer = self.engine.perform(ask).await;
                    self.session.on_answer(answer);
                }
                Pull::Close(reason) => return Err(reason.into()),
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        self.session.on_heard();
        let heard = match message {
            Message::Text(frame) => read(frame.as_str()),
            Message::Binary(_) => Heard::Garbage,
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(()),
        };
        let said = match heard {
            Heard::Garbage => return Err(End::Code(CLOSE_BAD_FRAME)),
            Heard::Bad(error) => {
                self.session.count(self.engine.now())?;
                Said::Error(error)
            }
            Heard::Ping(n) => {
                self.session.count(self.engine.now())?;
                Said::Pong { n }
            }
            Heard::Command(command) => {
                let ask = self.session.on_command(self.engine.now(), command)?;
                let answer: Answer = self.engine.perform(ask).await;
                match self.session.on_answer(answer) {
                    Reply::Stored { client_id, appended } => Said::ack(&client_id, &appended),
                    Reply::Refused { client_id, error } => Said::refused(refused(&error), client_id.as_ref()),
                    Reply::Done => return Ok(()),
                }
            }
        };
        self.write(vec![text(&said)]).await
    }

    /// All frames with one flush. A peer that does not take them in time is given up, and so is one whose access
    /// comes into doubt while it makes us wait.
    async fn write(&mut self, messages: Vec<Message>) -> Result<(), End> {
        if messages.is_empty() {
            return Ok(());
        }
        let stall = Duration::from_millis(self.engine.limits().write_stall_ms);
        let socket = &mut self.socket;
        let writing = async {
            for message in messages {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        let session = &mut self.session;
        tokio::select! {
            biased;
            written = timeout(stall, writing) => match written {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) => Err(End::Gone),
                Err(_) => Err(CloseReason::SlowReader.into()),
            },
            // How much of it got out is not known, so the log can't be continued here: the peer comes back with
            // its cursor, and meets whatever access is left.
            () = in_doubt(session) => Err(CloseReason::Overload.into()),
        }
    }

    /// The last words, the close frame, and a moment for the peer to answer it: a socket that is dropped with
    /// unread bytes takes the close frame with it.
    async fn close(mut self, last_words: Option<Said>, code: u16) {
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

/// Waits until the session's access is in doubt.
async fn in_doubt(session: &mut Session<Frames>) {
    while !session.is_in_doubt() {
        session.changed().await;
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

/// axum hides the kind of the error; its text is the only thing that tells a frame that is too large.
fn unreadable(error: &axum::Error) -> End {
    let what = error.to_string();
    if what.contains("too long") || what.contains("too big") {
        End::Code(CLOSE_TOO_LARGE)
    } else if what.to_ascii_lowercase().contains("utf-8") {
        End::Code(CLOSE_BAD_FRAME)
    } else {
        End::Gone
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
