//! Clients that stop reading or answering: they are given up in time, and nobody else notices.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, client_async};

use crate::people::{Pair, Socket, frame_of};
use crate::socket::append_padded;
use crate::support::TestServer;

/// What the client's own side takes before it is full.
const RECEIVE_BYTES: u32 = 4 * 1024;
/// Texts of 12 KB: far more of them than fits between two sockets.
const CHARS: usize = 4_000;
const MESSAGES: u32 = 1_500;
/// How long a write may take, and how long an answer to a ping may, with the ping before it.
const STALL: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(45);
/// On a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// The client comes back to a long log with little room for it, and reads nothing but the first frame.
async fn stopped(server: &TestServer, pair: &Pair) -> Socket {
    let (_, page) = pair.client.get(&pair.history_path()).await;
    for first in (1..=MESSAGES).step_by(100) {
        append_padded(server, pair, first..=first + 99, CHARS).await;
    }
    let mut socket = narrow(server, pair, &format!("epoch={}&after=0", page["epoch"])).await;
    assert_eq!(frame_of(&mut socket, "ready").await["resumed"], true);
    socket
}

async fn narrow(server: &TestServer, pair: &Pair, query: &str) -> Socket {
    let url = server.url(&format!("/ws/chat/{}/?{query}", pair.room)).replacen("http", "ws", 1);
    let mut request = url.into_client_request().expect("a request");
    request.headers_mut().insert("cookie", pair.client.cookie().parse().expect("a cookie"));
    request.headers_mut().insert("origin", server.url("").parse().expect("an origin"));
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(RECEIVE_BYTES).expect("a small buffer");
    let stream = socket.connect(server.running.address).await.expect("connected");
    client_async(request, MaybeTlsStream::Plain(stream)).await.expect("an upgrade").0
}

/// Reads what is left: the seqs of the messages, and the close code if it got through.
async fn rest(socket: &mut Socket) -> (Vec<u64>, Option<u16>) {
    let mut seqs = Vec::new();
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let frame: Value = serde_json::from_str(&text).expect("JSON");
                seqs.extend(frame["message"]["seq"].as_u64());
            }
            Some(Ok(Message::Close(close))) => return (seqs, close.map(|close| close.code.into())),
            Some(Ok(_)) => {}
            // Cut off in the middle: what comes next can't be known here.
            None | Some(Err(Error::Protocol(_) | Error::Io(_))) => return (seqs, None),
            Some(Err(error)) => panic!("{error}"),
        }
    }
}

fn is_contiguous(seqs: &[u64]) -> bool {
    seqs.iter().zip(1..).all(|(seq, expected)| *seq == expected)
}

/// The owner sees the client go.
async fn offline_of(witness: &mut Socket) {
    while frame_of(witness, "presence").await["online"] != false {}
}

/// The owner sees the client go; until then every message of theirs is told at once.
async fn talks_until_gone(pair: &Pair, witness: &mut Socket) -> Duration {
    let mut slowest = Duration::ZERO;
    loop {
        let began = Instant::now();
        let id = pair.owner_says("are you there?").await["id"].clone();
        loop {
            let frame = crate::support::next_frame(witness).await;
            if frame["type"] == "presence" && frame["online"] == false {
                return slowest;
            }
            if frame["message"]["id"] == id {
                break;
            }
        }
        slowest = slowest.max(began.elapsed());
        // Not a flood: five a second are allowed.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::test]
async fn reader_that_stops_is_given_up_and_disturbs_nobody() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let mut witness = pair.owner_socket().await;
    let mut socket = stopped(&server, &pair).await;
    let began = Instant::now();
    let slowest = talks_until_gone(&pair, &mut witness).await;
    let after = began.elapsed();
    assert!(after > STALL - Duration::from_secs(1) && after < STALL + PATIENCE, "{after:?}");
    // Whoever waited for the reader would wait for as long as it is given.
    assert!(slowest < STALL / 2, "{slowest:?}");
    let (seqs, code) = rest(&mut socket).await;
    assert!(is_contiguous(&seqs) && seqs.len() < MESSAGES as usize, "{} messages", seqs.len());
    assert!(code.is_none_or(|code| code == 4500), "{code:?}");
}

#[tokio::test]
async fn client_that_answers_no_ping_is_closed_with_its_code() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let mut witness = pair.owner_socket().await;
    let mut socket = pair.client_socket("").await;
    frame_of(&mut socket, "ready").await;
    // It reads nothing, so it sees no ping to answer.
    let began = Instant::now();
    talks_until_gone(&pair, &mut witness).await;
    assert!(began.elapsed() < SILENCE + PATIENCE, "{:?}", began.elapsed());
    assert_eq!(rest(&mut socket).await.1, Some(4508));
}

#[tokio::test]
async fn doubt_about_the_access_of_a_stopped_reader_sends_it_away() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let mut witness = pair.owner_socket().await;
    let mut socket = stopped(&server, &pair).await;
    let user = chat_core::UserId(pair.client.id.parse().expect("an id"));
    let mut gone = Box::pin(offline_of(&mut witness));
    // Until the write waits for the reader, which nobody can see from outside, a doubt is only answered. Long before a
    // reader is given up that merely stopped, the owner sees this one go.
    let mut doubts = tokio::time::interval(Duration::from_millis(500));
    loop {
        tokio::select! {
            _ = &mut gone => break,
            _ = doubts.tick() => {
                server.running.state().chat.engine.recheck(chat_core::Revocation { user, conversation: None });
            }
        }
    }
    let (seqs, code) = rest(&mut socket).await;
    assert!(is_contiguous(&seqs) && seqs.len() < MESSAGES as usize, "{} messages", seqs.len());
    assert!(code.is_none_or(|code| code == 4513), "{code:?}");
}

#[tokio::test]
async fn stopped_reader_does_not_hold_up_the_end_of_the_server() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    let _socket = stopped(&server, &pair).await;
    wait_until_blocked().await;
    let began = Instant::now();
    let _server = server.restart().await;
    // Ten seconds are what requests get that are still open.
    assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
}

/// The log is written to the socket for as long as it takes any, which nobody can see from outside.
async fn wait_until_blocked() {
    tokio::time::sleep(Duration::from_secs(3)).await;
}
