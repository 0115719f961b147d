//! From a listener to the routes, where no client may hold on to more than its share: a header, a body and an answer
//! each have a time in which they must move, and there are only so many connections.

mod places;
mod stream;
mod unread;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::{Layer as _, ServiceExt as _};
use tower_http::normalize_path::{NormalizePath, NormalizePathLayer};

pub use self::places::{ConnectionLimits, Places};
use self::stream::Seated;

/// What a connection keeps of what was not read yet.
const READ_BUFFER_BYTES_MAX: usize = 64 * 1024;
/// Before the next try, where the system has no more files or memory to give.
const ACCEPT_PAUSE_MS: u64 = 100;

/// The address at the other end of the connection: a browser, or a proxy in front of it.
#[derive(Debug, Clone, Copy)]
pub struct PeerAddress(pub IpAddr);

/// Serves until told to stop, and then until the open requests have their answers. WebSockets end by themselves: their
/// tasks belong to whoever upgraded them.
pub async fn serve(listener: TcpListener, routes: Router, places: Places, stopping: CancellationToken) {
    // Trailing slashes are cut before routing, so that every path answers with and without.
    let service = NormalizePathLayer::trim_trailing_slash().layer(routes);
    let connections = TaskTracker::new();
    let limits = places.limits().clone();
    loop {
        let accepted = async {
            let (stream, peer) = accept(&listener).await;
            (stream, peer, places.free().await)
        };
        let (stream, peer, free) = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = accepted => accepted,
        };
        let Some(place) = places.take(free, peer.ip()) else {
            tracing::debug!("a connection was closed: its address has too many");
            continue;
        };
        // Small frames and answers go out at once; nobody waits for more to send along.
        let _without_it_is_only_slower = stream.set_nodelay(true);
        let peer = PeerAddress(peer.ip());
        let stream = Seated::new(stream, place, limits.write_stall_ms);
        let head_read_ms = limits.head_read_ms;
        connections.spawn(connection(stream, peer, head_read_ms, service.clone(), stopping.clone()));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn connection(
    stream: Seated,
    peer: PeerAddress,
    head_read_ms: u64,
    service: NormalizePath<Router>,
    stopping: CancellationToken,
) {
    let answer = service_fn(move |request: hyper::Request<Incoming>| answer(service.clone(), peer, request));
    // HTTP/1 by name: what finds out the version by itself waits without a limit for the first byte.
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(head_read_ms))
        .max_buf_size(READ_BUFFER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), answer)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// The answer. What the client was still saying is heard out, or the answer says that the connection ends: a proxy that
/// keeps connections would send the next person's request into a closed one.
async fn answer(
    service: NormalizePath<Router>,
    peer: PeerAddress,
    request: hyper::Request<Incoming>,
) -> Result<Response, Infallible> {
    let client_waits = request.headers().contains_key(header::EXPECT);
    let (head, body) = request.into_parts();
    let (body, left) = unread::watch(body);
    let mut request: Request = Request::from_parts(head, Body::new(body));
    request.extensions_mut().insert(peer);
    let mut response = service.oneshot(request).await?;
    if !left.drain(client_waits).await {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection can't be accepted now");
                tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
            }
        }
    }
}

#[cfg(test)]
mod tests;
