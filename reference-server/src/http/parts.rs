//! A form with files, read part by part. Each part has a bound, and so has the whole form; what is passed over or too
//! long is thrown away as it comes, so that its sender hears the answer instead of a broken connection.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream};
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{FromRequest as _, Multipart, Request};
use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use uuid::Uuid;

use super::body::BODY_BYTES_MAX;
use crate::photos::PHOTO_BYTES_MAX;
use crate::problem::Problem;
use crate::uploads::{Place, Uploads};

/// An id, a switch, or another short word.
pub const WORD_BYTES_MAX: usize = 1024;
/// A text of a person, as in a body without files.
pub const TEXT_BYTES_MAX: usize = BODY_BYTES_MAX;
/// A whole form, with all that is thrown away of it.
const FORM_BYTES_MAX: usize = 64 * 1024 * 1024;
/// What is read ahead of the part that is looked at: the heads of parts, which are kept until they end.
const AHEAD_BYTES_MAX: usize = 1024 * 1024;

/// The form, at the next part.
pub struct Parts {
    form: Multipart,
    ahead: Arc<AtomicUsize>,
}

/// One part, which is not read yet.
pub struct Part<'f> {
    field: Field<'f>,
    ahead: &'f AtomicUsize,
}

/// A file, and its place in memory.
#[derive(Debug)]
pub struct File {
    /// What was sent.
    pub bytes: Bytes,
    /// Free again when the file is gone.
    _place: Place,
}

impl Parts {
    /// The parts of a request that says it is such a form.
    ///
    /// # Errors
    ///
    /// It is none.
    pub async fn of(request: Request) -> Result<Self, MultipartRejection> {
        let (head, body) = request.into_parts();
        let ahead = Arc::new(AtomicUsize::new(0));
        let paced =
            Paced { body: body.into_data_stream(), ahead: Arc::clone(&ahead), bytes: 0, rests: false };
        let form = Multipart::from_request(Request::from_parts(head, Body::from_stream(paced)), &()).await?;
        Ok(Self { form, ahead })
    }

    /// The next part.
    ///
    /// # Errors
    ///
    /// The form is cut off, too large, or no such form.
    pub async fn next(&mut self) -> Result<Option<Part<'_>>, Problem> {
        let field = self.form.next_field().await.map_err(|error| cut_off(&error))?;
        self.ahead.store(0, Ordering::Relaxed);
        Ok(field.map(|field| Part { field, ahead: &self.ahead }))
    }
}

impl Part<'_> {
    /// What it is called.
    pub fn name(&self) -> Option<&str> {
        self.field.name()
    }

    /// A text of at most so many bytes.
    ///
    /// # Errors
    ///
    /// It is longer, or not UTF-8.
    pub async fn text(self, bytes_max: usize) -> Result<String, Problem> {
        let text = self.keep(bytes_max, None).await?;
        String::from_utf8(text.into()).map_err(|_| Problem::invalid_body("The form is not UTF-8."))
    }

    /// A file of an account, within the bounds of a photo.
    ///
    /// # Errors
    ///
    /// It is larger, or there is no place for it now.
    pub async fn file(self, uploads: &Uploads, account: Uuid) -> Result<File, Problem> {
        let mut place = match uploads.begin(account) {
            Ok(place) => place,
            Err(problem) => return self.refuse(problem).await,
        };
        let bytes = self.keep(PHOTO_BYTES_MAX, Some(&mut place)).await?;
        Ok(File { bytes, _place: place })
    }

    /// Passes it over.
    ///
    /// # Errors
    ///
    /// The form is cut off, or too large.
    pub async fn skip(mut self) -> Result<(), Problem> {
        while self.chunk().await?.is_some() {}
        Ok(())
    }

    async fn keep(mut self, bytes_max: usize, mut place: Option<&mut Place>) -> Result<Bytes, Problem> {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if bytes.len() + chunk.len() > bytes_max {
                drop(bytes);
                return self.refuse(Problem::too_large(bytes_max)).await;
            }
            if let Some(Err(problem)) = place.as_mut().map(|place| place.hold(chunk.len())) {
                drop(bytes);
                return self.refuse(problem).await;
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }

    /// Reads on to the next part all the same.
    async fn refuse<T>(self, problem: Problem) -> Result<T, Problem> {
        self.skip().await?;
        Err(problem)
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        let chunk = self.field.chunk().await.map_err(|error| cut_off(&error))?;
        self.ahead.store(0, Ordering::Relaxed);
        Ok(chunk)
    }
}

/// A body that comes chunk by chunk: who reads forms would take all that has arrived at once. It ends with an error
/// where it is too much, in all or without a part that could be read.
struct Paced {
    body: BodyDataStream,
    ahead: Arc<AtomicUsize>,
    bytes: usize,
    rests: bool,
}

/// More than [`FORM_BYTES_MAX`], or [`AHEAD_BYTES_MAX`] without a part.
#[derive(Debug, thiserror::Error)]
#[error("the form is too large")]
struct FormTooLarge;

impl Stream for Paced {
    type Item = Result<Bytes, Box<dyn Error + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.rests) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let chunk = match ready!(Pin::new(&mut self.body).poll_next(cx)) {
            Some(Ok(chunk)) => chunk,
            Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
            None => return Poll::Ready(None),
        };
        self.rests = true;
        self.bytes += chunk.len();
        let ahead = self.ahead.fetch_add(chunk.len(), Ordering::Relaxed) + chunk.len();
        if self.bytes > FORM_BYTES_MAX || ahead > AHEAD_BYTES_MAX {
            return Poll::Ready(Some(Err(FormTooLarge.into())));
        }
        Poll::Ready(Some(Ok(chunk)))
    }
}

/// What is wrong with a form that can't be read.
fn cut_off(error: &MultipartError) -> Problem {
    let mut causes = std::iter::successors(error.source(), |cause| (*cause).source());
    match causes.any(<dyn Error>::is::<FormTooLarge>) {
        true => Problem::too_large(FORM_BYTES_MAX),
        false => Problem::invalid_body(
            "The form ended or stood still before it was whole, or is no multipart form.",
        ),
    }
}
