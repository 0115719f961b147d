//! The service: reads the head, decides, and calls the inner service or answers itself.

use std::fmt;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Method, Request, Response};
use tower_service::Service;

use super::decide::Decide;
use super::future::{Held, ResponseFuture};
use super::{PaygateLayer, Render};

/// A service behind the gate.
pub struct PaygateService<I, D, R> {
    pub(super) inner: I,
    pub(super) layer: PaygateLayer<D, R>,
}

impl<I: Clone, D: Clone, R> Clone for PaygateService<I, D, R> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<I: fmt::Debug, D, R> fmt::Debug for PaygateService<I, D, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaygateService").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<I, D, R, ReqBody, ResBody> Service<Request<ReqBody>> for PaygateService<I, D, R>
where
    I: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
    D: Decide,
    R: Render,
    ResBody: From<Bytes>,
{
    type Response = Response<ResBody>;
    type Error = I::Error;
    type Future = ResponseFuture<I, D, R, ReqBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        // The instance that was polled ready is the one that is called; its clone has to be polled first.
        let clone = self.inner.clone();
        let mut ready = mem::replace(&mut self.inner, clone);
        if request.method() == Method::OPTIONS {
            return ResponseFuture::passed(ready.call(request));
        }
        let (parts, body) = request.into_parts();
        let held = Held { inner: ready, body, door: Arc::clone(&self.layer.door) };
        ResponseFuture::deciding(self.layer.decide.decide(parts), held)
    }
}
