//! The answer of `transrec`: a small XML document under the content type of HTML.

use crate::ids::{ProductCode, ReferenceId};
use crate::order::Order;
use crate::status::is_html;

use super::LegacyMerchant;

/// What `transrec` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transrec {
    /// The payment of that id, reference, merchant and amount is complete.
    Success,
    /// There is no such payment, or one of the four values is another.
    Failure,
}

impl Transrec {
    /// Reads the body of an answer.
    ///
    /// The word stands between line breaks in what eSewa really sends, and a page that merely
    /// mentions it proves nothing; so the element is found and its trimmed text compared.
    ///
    /// ```
    /// use esewa_client::legacy::Transrec;
    ///
    /// let wire = b"<response>\n<response_code>\nSuccess\n</response_code>\n</response>\n";
    /// assert_eq!(Transrec::parse(wire), Ok(Transrec::Success));
    /// ```
    ///
    /// # Errors
    /// [`TransrecError`] for anything else, which says nothing about the payment.
    pub fn parse(body: &[u8]) -> Result<Self, TransrecError> {
        let text = std::str::from_utf8(body).map_err(|_| TransrecError::Malformed)?;
        let text = text.trim_start_matches('\u{feff}').trim();
        let root = match text.strip_prefix("<?xml") {
            Some(rest) => rest.split_once("?>").ok_or(TransrecError::Malformed)?.1.trim(),
            None => text,
        };
        let Some(inner) = root.strip_prefix("<response>").and_then(|rest| rest.strip_suffix("</response>"))
        else {
            let html = is_html(text) && !root.starts_with("<response");
            return Err(if html { TransrecError::UnexpectedHtml } else { TransrecError::Malformed });
        };
        let word = inner
            .trim()
            .strip_prefix("<response_code>")
            .and_then(|rest| rest.strip_suffix("</response_code>"))
            .ok_or(TransrecError::Malformed)?
            .trim();
        if word.eq_ignore_ascii_case("success") {
            Ok(Self::Success)
        } else if word.eq_ignore_ascii_case("failure") {
            Ok(Self::Failure)
        } else {
            Err(TransrecError::Malformed)
        }
    }
}

impl LegacyMerchant {
    /// What to post to [`verify_url`](Self::verify_url): the order's own amount, never the redirect's.
    #[must_use]
    pub fn verify_fields(&self, order: &Order, reference: &ReferenceId) -> [(&'static str, String); 4] {
        let code: &ProductCode = self.product_code();
        [
            ("amt", order.total_amount.to_string()),
            ("rid", reference.to_string()),
            ("pid", order.transaction_uuid.to_string()),
            ("scd", code.to_string()),
        ]
    }
}

/// Why an answer of `transrec` says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransrecError {
    /// A page for people.
    #[error("there is an HTML page where the answer of transrec was expected")]
    UnexpectedHtml,
    /// Anything else, such as a body that was cut.
    #[error("the body is no answer of transrec")]
    Malformed,
}

impl TransrecError {
    /// Whether the same question may well be answered later, which it may after both of these.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::UnexpectedHtml | Self::Malformed)
    }
}
