//! The answer in the making: first the decision, then the inner service's future as it is, or a refusal.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, LINK, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::config::Door;
use super::decide::{Decide, Decision, Refused};
use super::{ProblemJson, Render, Unlocked};

pin_project! {
    /// The future of [`PaygateService`](super::PaygateService).
    pub struct ResponseFuture<I, D, R, B>
    where
        I: Service<Request<B>>,
        D: Decide,
    {
        #[pin]
        state: State<D::Future, Held<I, R, B>, I::Future>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<D, H, F> {
        Deciding { #[pin] decision: D, held: Option<H> },
        Passed { #[pin] answer: F, unlocked: bool },
    }
}

/// What waits for the decision.
pub(super) struct Held<I, R, B> {
    pub(super) inner: I,
    pub(super) body: B,
    pub(super) door: Arc<Door<R>>,
}

impl<I: Service<Request<B>>, D: Decide, R, B> ResponseFuture<I, D, R, B> {
    pub(super) fn passed(answer: I::Future) -> Self {
        Self { state: State::Passed { answer, unlocked: false } }
    }

    pub(super) fn deciding(decision: D::Future, held: Held<I, R, B>) -> Self {
        Self { state: State::Deciding { decision, held: Some(held) } }
    }
}

impl<I, D, R, B, ResBody> Future for ResponseFuture<I, D, R, B>
where
    I: Service<Request<B>, Response = Response<ResBody>>,
    D: Decide,
    R: Render,
    ResBody: From<Bytes>,
{
    type Output = Result<Response<ResBody>, I::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProjection::Deciding { decision, held } => {
                    let decided = ready!(decision.poll(cx));
                    let Some(mut held) = held.take() else { return Poll::Pending };
                    let mut parts = decided.parts;
                    let unlocked = match decided.decision {
                        Decision::Refuse(refused) => {
                            return Poll::Ready(Ok(refuse(&held.door, &parts, *refused)));
                        }
                        Decision::Pass(unlocked) => unlocked,
                    };
                    let is_unlocked = unlocked.is_some();
                    // Whatever an outer layer left there, only this gate's own proof counts.
                    parts.extensions.remove::<Unlocked>();
                    if let Some(unlocked) = unlocked {
                        parts.extensions.insert(unlocked);
                    }
                    let answer = held.inner.call(Request::from_parts(parts, held.body));
                    this.state.set(State::Passed { answer, unlocked: is_unlocked });
                }
                StateProjection::Passed { answer, unlocked } => {
                    let mut answer = ready!(answer.poll(cx))?;
                    if *unlocked {
                        keep_private(&mut answer);
                    }
                    return Poll::Ready(Ok(answer));
                }
            }
        }
    }
}

/// What was paid for must not stay in a cache, unless the handler is stricter already.
fn keep_private<B>(answer: &mut Response<B>) {
    let strict = |value: &HeaderValue| {
        value
            .to_str()
            .is_ok_and(|text| text.split(',').any(|word| word.trim().eq_ignore_ascii_case("no-store")))
    };
    if !answer.headers().get_all(CACHE_CONTROL).iter().any(strict) {
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
}

/// The answer of whoever writes it, with what no writer may forget. One that fails is written for.
fn refuse<R: Render, ResBody: From<Bytes>>(
    door: &Door<R>,
    parts: &Parts,
    refused: Refused,
) -> Response<ResBody> {
    let Refused { refusal, terms, shows_challenge } = refused;
    let mut answer = door.render.render(parts, &refusal, &terms).unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a refusal could not be rendered");
        ProblemJson::default().answer(parts, &refusal, &terms)
    });
    *answer.status_mut() = refusal.status();
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(VARY, HeaderValue::from_static("Accept, Cookie, Authorization"));
    if refusal.is_temporary() && !headers.contains_key(RETRY_AFTER) {
        headers.insert(RETRY_AFTER, door.retry_after.clone());
    }
    // All of it is visible ASCII: realm and links were checked when the layer was built, ids are ids.
    for way in &terms.ways {
        if let Some(challenge) = way.challenge.as_ref().filter(|_| shows_challenge) {
            append(headers, WWW_AUTHENTICATE, challenge.to_string());
        }
        append(headers, LINK, format!("<{}>; rel=\"payment\"", way.checkout.start));
    }
    if let Some(url) = &terms.payment_url {
        append(headers, LINK, format!("<{url}>; rel=\"status\""));
    }
    answer.extensions_mut().insert(refusal);
    answer.map(ResBody::from)
}

fn append(headers: &mut HeaderMap, name: http::HeaderName, value: String) {
    headers.extend(HeaderValue::try_from(value).ok().map(|value| (name, value)));
}

impl<I: Service<Request<B>>, D: Decide, R, B> fmt::Debug for ResponseFuture<I, D, R, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
