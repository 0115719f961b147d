//! `ws/payment/`: the caller is told when one of their payments, or their unread count, changes.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use axum_extra::extract::cookie::CookieJar;
use chat_core::{Notices, UserId};

use crate::auth::{CurrentUser, TokenHash};
use crate::chat::unread_total;
use crate::db::sessions;
use crate::db::users::User;
use crate::origin;
use crate::problem::Problem;
use crate::state::AppState;
use crate::users_hub::Notice;

/// The read buffer is there from the beginning and decides what an idle connection costs: by default it is 128 KiB.
const READ_BUFFER_BYTES: usize = 512;
/// Every frame is flushed at once, so that nothing gathers.
const WRITE_BUFFER_BYTES: usize = 1024;
/// A client has nothing to say here, so this is generous.
const FRAME_BYTES_MAX: usize = 1024;
/// Frames of any kind between two pings, of a client that has nothing to say here, before it is taken for a flood.
const FRAMES_MAX: u32 = 100;
/// Connections of one user: a few tabs and devices.
const SOCKETS_MAX: usize = 16;
/// Between pings: well below the minute after which cheap routers forget a connection.
const PING_MS: u64 = 25_000;
/// A write that takes longer goes to a dead peer.
const WRITE_TIMEOUT_MS: u64 = 20_000;
/// How long a client has to take the goodbye.
const GOODBYE_MS: u64 = 1_000;
/// How long a client should wait before it comes back after a restart.
const RETRY_MS: u64 = 1_000;

const CLOSE_RESTART: u16 = 1012;
const CLOSE_SESSION_ENDED: u16 = 4401;
const CLOSE_FLOOD: u16 = 4429;
const CLOSE_SLOW_READER: u16 = 4500;
const CLOSE_NO_PONG: u16 = 4508;

/// The route.
#[utoipa::path(
    get,
    path = "/ws/payment",
    operation_id = "payment_socket",
    tag = "sockets",
    summary = "WebSocket: payments and the unread count, as they change",
    security(("session" = [])),
    responses((status = 101, description = "Upgraded")),
)]
pub async fn payment(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    jar: CookieJar,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    origin::check(&state, &headers)?;
    let token = state.session_cookie.token(&jar).ok_or_else(Problem::not_signed_in)?;
    if state.stopping.is_cancelled() || state.users.listeners(user.id) >= SOCKETS_MAX {
        return Err(Problem::unavailable_for_now());
    }
    // Subscribed before the answer: what happens from now on is heard.
    let frames = state.users.subscribe(user.id);
    let unread = Unread::of(&state, user.clone());
    let open = state.metrics.socket("payment");
    let bounded = upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_message_size(FRAME_BYTES_MAX)
        .max_frame_size(FRAME_BYTES_MAX);
    Ok(bounded.on_upgrade(move |socket| {
        let tasks = state.tasks.clone();
        // Boxed: a task would keep the place of its future twice, before and after the upgrade.
        tasks.track_future(Box::pin(async move {
            let _open = open;
            let mut socket = socket;
            let Some(code) = serve(&mut socket, frames, unread, &token, &state).await else { return };
            close(&mut socket, code).await;
        }))
    }))
}

/// Until there is a reason to close, which is answered as a code; nothing when the peer is gone.
async fn serve(
    socket: &mut WebSocket,
    mut notices: Receiver<Notice>,
    mut unread: Unread,
    token: &TokenHash,
    state: &AppState,
) -> Option<u16> {
    let every = Duration::from_millis(PING_MS);
    let mut pings = interval_at(Instant::now() + every, every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard_since_ping = true;
    let mut received = 0;
    loop {
        let to_send = tokio::select! {
            () = state.stopping.cancelled() => return Some(CLOSE_RESTART),
            notice = notices.recv() => match notice {
                Ok(Notice::Frame(frame)) => Message::Text(frame),
                Ok(Notice::SessionEnded) if is_live(state, token).await => continue,
                Ok(Notice::SessionEnded) => return Some(CLOSE_SESSION_ENDED),
                Err(RecvError::Lagged(_)) => return Some(CLOSE_SLOW_READER),
                Err(RecvError::Closed) => return Some(CLOSE_RESTART),
            },
            total = unread.changed(state) => {
                Message::Text(format!(r#"{{"type":"unread","total":{total}}}"#).into())
            }
            frame = socket.recv() => {
                heard_since_ping = true;
                match frame {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => received += 1,
                }
                match received > FRAMES_MAX {
                    true => return Some(CLOSE_FLOOD),
                    false => continue,
                }
            }
            _ = pings.tick() => match (heard_since_ping, is_live(state, token).await) {
                (false, _) => return Some(CLOSE_NO_PONG),
                // It may have expired without anybody ending it.
                (true, false) => return Some(CLOSE_SESSION_ENDED),
                (true, true) => {
                    heard_since_ping = false;
                    received = 0;
                    Box::pin(unread.compare(state)).await;
                    Message::Ping(bytes::Bytes::new())
                }
            },
        };
        tokio::select! {
            biased;
            sent = send(socket, to_send) => sent.ok()?,
            // Somebody who takes nothing does not hold up the end.
            () = state.stopping.cancelled() => return Some(CLOSE_RESTART),
        }
    }
}

/// Whether the session stands. While the database can't say, nobody is sent away.
async fn is_live(state: &AppState, token: &TokenHash) -> bool {
    let until = sessions::live_until(&state.db, token.as_bytes(), state.clock.now()).await;
    until.map_or(true, |until| until.is_some())
}

/// The user's unread count, told when it changes.
struct Unread {
    user: User,
    notices: Notices,
    /// A notice was taken, and the count was not made yet.
    due: bool,
    /// What the store said last, whatever the user may see of it.
    posts: Option<u64>,
    told: Option<u64>,
}

impl Unread {
    fn of(state: &AppState, user: User) -> Self {
        let notices = state.chat.engine.notices(UserId(user.id));
        Self { user, notices, due: false, posts: None, told: None }
    }

    /// The count, once it is another than the one that was told last. What can't be counted now is told with the
    /// next change.
    async fn changed(&mut self, state: &AppState) -> u64 {
        loop {
            if !self.due {
                self.notices.changed().await;
                self.due = true;
            }
            let counted = Box::pin(unread_total(state, &self.user)).await;
            self.due = false;
            let Ok(total) = counted else { continue };
            if self.told.replace(total) != Some(total) {
                return total;
            }
        }
    }

    /// Has it counted again when it must have changed: a notice from another server can be lost.
    async fn compare(&mut self, state: &AppState) {
        if let Ok(posts) = state.chat.engine.unread(UserId(self.user.id)).await {
            self.due |= self.posts.replace(posts) != Some(posts);
        }
    }
}

/// Why a frame did not get out; the connection is over either way.
struct Gone;

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Gone> {
    match timeout(Duration::from_millis(WRITE_TIMEOUT_MS), socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Gone),
    }
}

async fn close(socket: &mut WebSocket, code: u16) {
    let goodbye = async {
        if code == CLOSE_RESTART {
            let bye = format!(r#"{{"type":"bye","retry_ms":{RETRY_MS}}}"#);
            socket.send(Message::Text(bye.into())).await?;
        }
        let frame = CloseFrame { code, reason: Utf8Bytes::default() };
        socket.send(Message::Close(Some(frame))).await?;
        // A socket that is dropped with unread bytes takes the close frame with it.
        while let Some(Ok(_)) = socket.recv().await {}
        Ok::<_, axum::Error>(())
    };
    let _too_late_to_tell = timeout(Duration::from_millis(GOODBYE_MS), goodbye).await;
}
