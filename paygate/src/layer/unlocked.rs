//! The proof of access.

use jiff::Timestamp;

use crate::model::{Access, Grant};
use crate::{GrantStore, ResourceId, StoreError, SubjectId};

/// Proof that a grant was live when it was looked up. It cannot be made up: only the gate and
/// [`prove`](Self::prove) make one, and both ask the store.
///
/// Functions that read locked data take one and compare its resource. Then a second way to the data (a feed,
/// an export, a search) cannot be written without the gate.
///
/// ```
/// use paygate::Unlocked;
/// struct Contact { phone: String }
/// fn contact(room: &str, proof: &Unlocked) -> Option<Contact> {
///     (proof.grant().resource.as_str() == format!("room:{room}")).then(|| Contact { phone: "98…".into() })
/// }
/// ```
///
/// There is no other way to get one:
///
/// ```compile_fail
/// let forged = paygate::Unlocked { grant: todo!() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlocked {
    grant: Grant,
}

impl Unlocked {
    /// Looks up whether `who` may use `what`, for code that no layer stands before.
    ///
    /// # Errors
    /// The store cannot answer; then nothing is proven.
    pub async fn prove<S: GrantStore>(
        grants: &S,
        who: &SubjectId,
        what: &ResourceId,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        Ok(match grants.access(who, what, now).await? {
            Access::Granted(grant) if grant.subject == *who && grant.resource == *what => {
                Some(Self { grant })
            }
            _ => None,
        })
    }

    pub(super) fn by(grant: Grant) -> Self {
        Self { grant }
    }

    /// The grant.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }
}

#[cfg(feature = "axum")]
pub use extract::GateMissing;

#[cfg(feature = "axum")]
mod extract {
    use std::convert::Infallible;

    use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
    use axum_core::response::{IntoResponse, Response};
    use http::StatusCode;
    use http::request::Parts;

    use super::Unlocked;

    /// A handler asked for a proof on a route that no gate stands before, or that the gatekeeper called free.
    /// The host is at fault; the answer is a bare 500.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
    #[error("no payment gate has let this request through")]
    pub struct GateMissing;

    impl IntoResponse for GateMissing {
        fn into_response(self) -> Response {
            tracing::error!("{self}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }

    impl<St: Send + Sync> FromRequestParts<St> for Unlocked {
        type Rejection = GateMissing;

        async fn from_request_parts(parts: &mut Parts, _: &St) -> Result<Self, GateMissing> {
            parts.extensions.get::<Self>().cloned().ok_or(GateMissing)
        }
    }

    impl<St: Send + Sync> OptionalFromRequestParts<St> for Unlocked {
        type Rejection = Infallible;

        async fn from_request_parts(parts: &mut Parts, _: &St) -> Result<Option<Self>, Infallible> {
            Ok(parts.extensions.get::<Self>().cloned())
        }
    }
}
