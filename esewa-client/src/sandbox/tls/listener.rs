//! Taking connections: TLS at once, as after a hosts entry, or after an HTTP `CONNECT`, as a proxy.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::sandbox::hosts::is_esewa;

/// A listener for [`axum::serve()`], made by [`LocalTls::listener`](super::LocalTls::listener).
///
/// At most 64 connections shake hands at a time, each for at most ten seconds.
pub struct TlsListener {
    tcp: TcpListener,
    address: SocketAddr,
    acceptor: TlsAcceptor,
    greeting: JoinSet<Option<Connection>>,
}

type Connection = (TlsStream<TcpStream>, SocketAddr);

const GREETINGS_MAX: usize = 64;
const GREETING_TIMEOUT_S: u64 = 10;
const CONNECT_BYTES_MAX: usize = 8 * 1024;

impl TlsListener {
    pub(super) fn new(tcp: TcpListener, acceptor: TlsAcceptor) -> io::Result<Self> {
        let address = tcp.local_addr()?;
        Ok(Self { tcp, address, acceptor, greeting: JoinSet::new() })
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> Connection {
        // One that is slow to greet holds up nobody else.
        loop {
            tokio::select! {
                (stream, peer) = Listener::accept(&mut self.tcp), if self.greeting.len() < GREETINGS_MAX => {
                    self.greeting.spawn(greet(self.acceptor.clone(), stream, peer));
                }
                Some(greeted) = self.greeting.join_next() => {
                    if let Ok(Some(connection)) = greeted {
                        return connection;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

impl std::fmt::Debug for TlsListener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsListener").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn greet(acceptor: TlsAcceptor, mut stream: TcpStream, peer: SocketAddr) -> Option<Connection> {
    let greeting = async {
        let mut first = [0];
        stream.peek(&mut first).await?;
        if first != [TLS_HANDSHAKE] {
            take_connect(&mut stream).await?;
        }
        acceptor.accept(stream).await
    };
    match tokio::time::timeout(Duration::from_secs(GREETING_TIMEOUT_S), greeting).await {
        Ok(Ok(stream)) => Some((stream, peer)),
        Ok(Err(error)) => {
            tracing::debug!(%error, "the eSewa emulator gave up on a connection");
            None
        }
        Err(_) => None,
    }
}

/// The first byte of a TLS connection; no HTTP method begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// Reads `CONNECT host:port` and its headers, and answers. It never connects anywhere else.
async fn take_connect(stream: &mut TcpStream) -> io::Result<()> {
    let mut head = Vec::new();
    // The client says nothing more before it is answered.
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > CONNECT_BYTES_MAX || stream.read_buf(&mut head).await? == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "no CONNECT"));
        }
    }
    let allowed = std::str::from_utf8(&head).is_ok_and(is_connect_to_esewa);
    stream.write_all(if allowed { CONNECTED } else { REFUSED }).await?;
    if allowed { Ok(()) } else { Err(io::Error::new(io::ErrorKind::PermissionDenied, "not a host of eSewa")) }
}

const CONNECTED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";
const REFUSED: &[u8] =
    b"HTTP/1.1 403 Forbidden\r\nx-esewa-emulator: only eSewa's hosts\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

fn is_connect_to_esewa(head: &str) -> bool {
    let target = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
    let host = target.and_then(|target| target.rsplit_once(':')).map(|(host, _)| host.to_ascii_lowercase());
    host.is_some_and(|host| is_esewa(&host))
}
