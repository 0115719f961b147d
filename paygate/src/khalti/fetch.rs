//! One request, one bounded answer, and what it means that there is none.

use http::HeaderValue;
use http::header::AUTHORIZATION;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::provider::ProviderError;

/// The way to Khalti.
#[derive(Debug)]
pub(super) struct Http {
    pub(super) client: reqwest::Client,
    pub(super) key: HeaderValue,
    pub(super) body_bytes_max: usize,
}

/// An answer, read whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) http_status: u16,
    pub(super) body: Vec<u8>,
}

impl Http {
    pub(super) async fn post(&self, url: Url, request: &impl Serialize) -> Result<Answer, KhaltiError> {
        let request = self.client.post(url).header(AUTHORIZATION, self.key.clone()).json(request);
        let mut response = request.send().await.map_err(KhaltiError::unreachable)?;
        let http_status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(KhaltiError::unreachable)? {
            if body.len() + chunk.len() > self.body_bytes_max {
                return Err(KhaltiError::TooLarge { body_bytes_max: self.body_bytes_max });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { http_status, body })
    }
}

impl Answer {
    /// The body of a success.
    pub(super) fn success<T: DeserializeOwned>(&self) -> Result<T, KhaltiError> {
        if !(200..300).contains(&self.http_status) {
            return Err(self.refusal());
        }
        serde_json::from_slice(&self.body).map_err(|_| KhaltiError::Malformed)
    }

    /// What an error answer says. Of its body only the names are kept, such as the field that is wrong: what
    /// stands in the fields may be somebody's.
    pub(super) fn refusal(&self) -> KhaltiError {
        let body: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&self.body).unwrap_or_default();
        let is_name = |name: &&String| {
            name.len() <= NAME_BYTES_MAX && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        let names: Vec<&str> = body.keys().filter(is_name).take(NAMES_MAX).map(String::as_str).collect();
        KhaltiError::Refused { http_status: self.http_status, about: names.join(", ") }
    }
}

const NAMES_MAX: usize = 8;
const NAME_BYTES_MAX: usize = 40;

/// Why a call to Khalti brought no answer. None of these says anything about a payment.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KhaltiError {
    /// The connection failed, broke, or took too long.
    #[error("Khalti cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// A body over the bound; nothing of it was used.
    #[error("Khalti's answer is longer than {body_bytes_max} bytes")]
    TooLarge {
        /// The bound.
        body_bytes_max: usize,
    },
    /// Not the documented form.
    #[error("Khalti's answer cannot be read")]
    Malformed,
    /// An error status.
    #[error("Khalti refuses: HTTP {http_status}, about {about}")]
    Refused {
        /// The HTTP status.
        http_status: u16,
        /// The names in its body: the fields that are wrong.
        about: String,
    },
}

impl KhaltiError {
    fn unreachable(error: reqwest::Error) -> Self {
        // The address of a refund holds the transaction's id, which errors have no need to repeat.
        Self::Unreachable(error.without_url())
    }
}

impl From<KhaltiError> for ProviderError {
    fn from(error: KhaltiError) -> Self {
        match error {
            KhaltiError::Refused { http_status: 401 | 403, .. } => Self::Misconfigured(Box::new(error)),
            KhaltiError::Refused { http_status: 408 | 429 | 500.., .. }
            | KhaltiError::Unreachable(_)
            | KhaltiError::Malformed
            | KhaltiError::TooLarge { .. } => Self::Transient(Box::new(error)),
            KhaltiError::Refused { .. } => Self::Rejected(Box::new(error)),
        }
    }
}
