//! What a client still sends of a request that was answered already: refused before its body was looked at, for instance.
//! The next request on the connection begins only after it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::HttpBody;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// So much is read and thrown away; who has more to say is told that the connection ends.
const DRAINED_BYTES_MAX: u64 = 64 * 1024;
/// How long that may take.
const DRAIN_MS: u64 = 1_000;

/// A body that hands over what was not read of it when it is dropped.
#[derive(Debug)]
pub(super) struct Watched {
    body: Option<Incoming>,
    left: Option<oneshot::Sender<Incoming>>,
    ended: bool,
}

/// What is left of a body, once nobody wants it any more.
#[derive(Debug)]
pub(super) struct Left(oneshot::Receiver<Incoming>);

/// The body, and where its rest will be found.
pub(super) fn watch(body: Incoming) -> (Watched, Left) {
    let (left, rest) = oneshot::channel();
    (Watched { ended: body.is_end_stream(), body: Some(body), left: Some(left) }, Left(rest))
}

impl Left {
    /// Reads the rest, if the handler is done with the body: whether the connection can take another request. A client
    /// that waits to be asked for its body is not asked.
    pub(super) async fn drain(mut self, client_waits: bool) -> bool {
        let Ok(mut rest) = self.0.try_recv() else { return true };
        if client_waits || rest.size_hint().lower() > DRAINED_BYTES_MAX {
            return false;
        }
        let reading = async {
            let mut bytes = 0;
            while let Some(frame) = rest.frame().await {
                bytes += frame.ok()?.data_ref().map_or(0, Bytes::len) as u64;
                if bytes > DRAINED_BYTES_MAX {
                    return None;
                }
            }
            Some(())
        };
        matches!(timeout(Duration::from_millis(DRAIN_MS), reading).await, Ok(Some(())))
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = Pin::new(body).poll_frame(cx);
        // An error is an end as well: there is nothing more to read.
        if matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            self.ended = true;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(Incoming::size_hint).unwrap_or_default()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.is_end_stream() {
            return;
        }
        if let (Some(body), Some(left)) = (self.body.take(), self.left.take()) {
            // Nobody waits for it after the answer.
            let _ = left.send(body);
        }
    }
}
