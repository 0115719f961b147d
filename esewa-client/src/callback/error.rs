//! Why a callback is not believed.

/// Why a callback is not believed.
///
/// None of these says anything about the payment: a payer whose callback was garbled may well have
/// paid. Ask the status API before you tell anybody that a payment failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The query has no `data` at all.
    #[error("the callback has no `data`")]
    Missing,
    /// Longer than a callback can be.
    #[error("the callback is longer than {CALLBACK_BYTES_MAX} bytes")]
    TooLarge,
    /// It is not Base64 of a JSON object with the fields of a callback.
    #[error("the callback cannot be read: {0}")]
    Malformed(&'static str),
    /// A parameter, a key or a signed name is there twice, so that two readers could disagree.
    #[error("the callback says something twice: {0}")]
    Duplicate(&'static str),
    /// Its signature leaves out a field that must be signed. This is what a forgery looks like that
    /// reuses the signature of the payer's own form.
    #[error("the callback's signature does not cover `{0}`")]
    Unsigned(&'static str),
    /// The signature is not that of these values under any key of this merchant.
    #[error("the callback's signature is not eSewa's")]
    InvalidSignature,
    /// Rightly signed, but for another product code.
    #[error("the callback is of another merchant")]
    ForeignProduct,
}

/// Real ones are near 450 bytes.
pub(crate) const CALLBACK_BYTES_MAX: usize = 8 * 1024;
