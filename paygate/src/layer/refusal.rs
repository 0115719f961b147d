//! Why a request was refused, and who writes the answer.

use bytes::Bytes;
use http::StatusCode;

use super::Terms;
use crate::model::Offer;
use crate::provider::Cause;
use crate::{PaymentId, ResourceId};

/// Why a request did not pass. It is put into the extensions of the answer, whoever wrote its body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Nobody is signed in.
    SignIn,
    /// Nothing was paid; this is the offer.
    PaymentRequired {
        /// What unlocks it.
        offer: Offer,
    },
    /// A payment may have happened. There is no offer: nobody may pay twice.
    InProgress {
        /// Which payment.
        payment: PaymentId,
        /// For what.
        resource: ResourceId,
    },
    /// Not for this subject, whatever it pays.
    Forbidden,
    /// Not there.
    NotFound,
    /// The gatekeeper or the store could not answer.
    Unavailable,
}

impl Refusal {
    /// The status of the answer.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::PaymentRequired { .. } => StatusCode::PAYMENT_REQUIRED,
            Self::InProgress { .. } => StatusCode::CONFLICT,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SignIn => "not_signed_in",
            Self::PaymentRequired { .. } => "payment_required",
            Self::InProgress { .. } => "payment_in_progress",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Unavailable => "unavailable",
        }
    }

    /// What happened, in two or three words for people.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::SignIn => "Not signed in",
            Self::PaymentRequired { .. } => "Payment required",
            Self::InProgress { .. } => "Payment in progress",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "Not found",
            Self::Unavailable => "Unavailable",
        }
    }

    /// What to do about it, for people.
    pub const fn detail(&self) -> &'static str {
        match self {
            Self::SignIn => "Sign in to go on.",
            Self::PaymentRequired { .. } => "This is locked until it is paid for.",
            Self::InProgress { .. } => {
                "A payment may have been made. Wait until it is known, and do not pay again."
            }
            Self::Forbidden => "This is not for you.",
            Self::NotFound => "There is nothing here.",
            Self::Unavailable => "Access cannot be checked now. Try again shortly.",
        }
    }

    /// Whether asking again later may help, unchanged.
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::InProgress { .. } | Self::Unavailable)
    }
}

/// Writes the answer to a refused request.
///
/// The service sees to what no writer may forget: the status, `Cache-Control: no-store`, `Vary`, `Retry-After`
/// where it is missing, the challenges and the links.
pub trait Render: Clone + Send + Sync + 'static {
    /// The answer's head and body.
    ///
    /// # Errors
    /// It cannot be written. The service then answers by [`ProblemJson`](super::ProblemJson), with the same
    /// status.
    fn render(
        &self,
        parts: &http::request::Parts,
        refusal: &Refusal,
        terms: &Terms,
    ) -> Result<http::Response<Bytes>, RenderError>;
}

/// An answer could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the answer cannot be written")]
pub struct RenderError(#[source] Cause);

impl RenderError {
    /// Wraps what went wrong. It is logged, never shown.
    pub fn new(cause: impl Into<Cause>) -> Self {
        Self(cause.into())
    }
}
