//! Why a call to eSewa brought no answer, and whether to ask again.

use crate::status::StatusBodyError;

/// Why a call to eSewa brought no answer.
///
/// None of these says anything about a payment: after each of them its state is unknown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// No answer in time.
    #[error("eSewa did not answer in time")]
    Timeout,
    /// The connection failed, or broke before the answer was whole.
    #[error("the connection to eSewa failed")]
    Transport(#[source] reqwest::Error),
    /// eSewa says that it is out of service.
    #[error("eSewa says that its service is unavailable")]
    Outage,
    /// eSewa does not know the merchant: a product code of another environment, or a mistyped one.
    #[error("eSewa does not know the merchant's product code")]
    UnknownMerchant,
    /// eSewa refuses the signature (`ES104`): [`diagnose`](crate::diagnose()) names the mistake.
    #[error("eSewa refuses the signature (ES104)")]
    InvalidSignature,
    /// A page for people instead of JSON: a gateway's error page, or a block page.
    #[error("eSewa answered with an HTML page under HTTP {http_status}")]
    UnexpectedHtml {
        /// The HTTP status that came with it.
        http_status: u16,
    },
    /// A body that makes no sense, such as one that was cut.
    #[error("eSewa's answer cannot be read: {0}")]
    Malformed(&'static str),
    /// A body over the bound; nothing of it was used.
    #[error("eSewa's answer is longer than {body_bytes_max} bytes")]
    TooLarge {
        /// The bound.
        body_bytes_max: usize,
    },
    /// eSewa refuses the request: under a code of its own, or by HTTP status (403 was seen for whole
    /// cloud networks).
    #[error("eSewa refuses the request: HTTP {http_status}, code {code:?}")]
    Refused {
        /// The HTTP status that came with it.
        http_status: u16,
        /// eSewa's code, where it gave one.
        code: Option<String>,
    },
}

impl RequestError {
    /// Whether the same question may well be answered later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Timeout | Self::Transport(_) | Self::Outage | Self::Malformed(_) => true,
            Self::UnexpectedHtml { http_status } => *http_status >= 500 || *http_status < 300,
            Self::Refused { http_status, code } => {
                code.is_none() && (*http_status >= 500 || matches!(*http_status, 408 | 429))
            }
            Self::UnknownMerchant | Self::InvalidSignature | Self::TooLarge { .. } => false,
        }
    }

    /// Whether another host may answer what this one did not. Only eSewa's API itself speaks for all of them: a
    /// page, a redirect and a 404 are what a host gives that does not serve it.
    pub(super) fn leaves_other_hosts(&self) -> bool {
        match self {
            Self::UnexpectedHtml { .. } | Self::TooLarge { .. } | Self::Refused { code: None, .. } => true,
            other => other.is_retryable(),
        }
    }

    /// Whether the request itself is at fault, so that no later time mends it. A refusal by HTTP status alone may
    /// be a gateway's, which is lifted.
    pub(super) fn is_about_the_request(&self) -> bool {
        matches!(self, Self::UnknownMerchant | Self::InvalidSignature | Self::Refused { code: Some(_), .. })
    }

    /// Fills in the HTTP status that a pure parser could not know.
    pub(crate) fn with_http_status(self, status: u16) -> Self {
        match self {
            Self::UnexpectedHtml { .. } => Self::UnexpectedHtml { http_status: status },
            Self::Refused { code, .. } => Self::Refused { http_status: status, code },
            other => other,
        }
    }
}

impl From<StatusBodyError> for RequestError {
    fn from(error: StatusBodyError) -> Self {
        match error {
            StatusBodyError::Outage => Self::Outage,
            StatusBodyError::UnknownMerchant => Self::UnknownMerchant,
            StatusBodyError::InvalidSignature => Self::InvalidSignature,
            StatusBodyError::Refused { code } => Self::Refused { http_status: 0, code: Some(code) },
            StatusBodyError::UnexpectedHtml => Self::UnexpectedHtml { http_status: 0 },
            StatusBodyError::Malformed(why) => Self::Malformed(why),
        }
    }
}

impl From<reqwest::Error> for RequestError {
    fn from(error: reqwest::Error) -> Self {
        // The address holds the order's id and amount, which errors have no need to repeat.
        if error.is_timeout() { Self::Timeout } else { Self::Transport(error.without_url()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_helps_where_the_answer_may_change() {
        let refused = |http_status, code: Option<&str>| {
            RequestError::Refused { http_status, code: code.map(str::to_owned) }.is_retryable()
        };
        assert!(RequestError::Timeout.is_retryable());
        assert!(RequestError::Outage.is_retryable());
        assert!(RequestError::Malformed("cut").is_retryable());
        assert!(!RequestError::TooLarge { body_bytes_max: 1 }.is_retryable());
        assert!(!RequestError::UnknownMerchant.is_retryable());
        assert!(!RequestError::InvalidSignature.is_retryable());
        for (http_status, helps) in
            [(502, true), (500, true), (200, true), (403, false), (302, false), (499, false)]
        {
            assert_eq!(RequestError::UnexpectedHtml { http_status }.is_retryable(), helps, "{http_status}");
        }
        for (http_status, helps) in
            [(403, false), (302, false), (408, true), (429, true), (500, true), (503, true)]
        {
            assert_eq!(refused(http_status, None), helps, "{http_status}");
        }
        assert!(!refused(500, Some("ES104")));
    }

    #[test]
    fn another_host_is_asked_unless_the_api_itself_has_spoken() {
        let refused = |http_status, code: Option<&str>| {
            RequestError::Refused { http_status, code: code.map(str::to_owned) }.leaves_other_hosts()
        };
        for http_status in [302, 403, 404, 500] {
            assert!(refused(http_status, None), "{http_status}");
            assert!(RequestError::UnexpectedHtml { http_status }.leaves_other_hosts(), "{http_status}");
        }
        assert!(RequestError::TooLarge { body_bytes_max: 1 }.leaves_other_hosts());
        assert!(RequestError::Timeout.leaves_other_hosts());
        assert!(!refused(404, Some("ES000")));
        assert!(!RequestError::UnknownMerchant.leaves_other_hosts());
        assert!(!RequestError::InvalidSignature.leaves_other_hosts());
    }
}
