//! Why eSewa refused a form with ES104: tries the usual mistakes until one gives the signature.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::secret::SecretKey;
use crate::signature::Signature;

mod variants;

#[cfg(feature = "sandbox")]
pub(crate) use self::variants::group_thousands;
use self::variants::{key_variants, message_as_sent, message_variants};

/// A mistake that explains a signature which eSewa refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The key was used with the parenthesis that follows it in eSewa's documentation.
    KeyParenthesis,
    /// The key was used as it stands in HTML source, with `&amp;` for `&`.
    KeyHtmlEntity,
    /// The key was used with white space around it, such as the line break at the end of a file.
    KeyWhiteSpace,
    /// Another key that circulates in tutorials was used.
    KeyFromTutorial,
    /// The key was decoded from Base64 first; eSewa uses its text.
    KeyDecoded,
    /// The amount was signed in another spelling than it was sent in.
    AmountText {
        /// The spelling that was signed.
        signed: String,
    },
    /// The fields were signed in another order than `signed_field_names` says.
    FieldOrder,
    /// There were blanks after the commas of the signed text.
    Spaces,
    /// Only the values were signed, without their names.
    ValuesOnly,
    /// The fields were joined by `&` instead of `,`.
    Ampersand,
    /// The signature was written in hexadecimal digits instead of Base64.
    Hex,
    /// `signed_field_names` leaves out one of the three fields that must be signed, or names one that
    /// was not sent.
    SignedFieldNames,
    /// The signature is neither Base64 nor hexadecimal of 32 bytes.
    SignatureFormat,
    /// None of the known mistakes: most likely a wholly different key.
    Unknown,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::KeyParenthesis => "the key was copied with a parenthesis",
            Self::KeyHtmlEntity => "the key was copied with an HTML entity",
            Self::KeyWhiteSpace => "the key has white space around it, perhaps a line break",
            Self::KeyFromTutorial => "the key is a wrong one from a tutorial",
            Self::KeyDecoded => "the key was decoded from Base64 instead of used as text",
            Self::AmountText { signed } => {
                return write!(f, "the amount was signed as {signed}, but sent differently");
            }
            Self::FieldOrder => "the fields were signed in another order than signed_field_names says",
            Self::Spaces => "there are blanks between the signed fields",
            Self::ValuesOnly => "only the values were signed, without their names",
            Self::Ampersand => "the fields were joined by & instead of a comma",
            Self::Hex => "the signature is in hexadecimal instead of Base64",
            Self::SignedFieldNames => "signed_field_names does not name the three required fields, all sent",
            Self::SignatureFormat => "the signature is not the Base64 of 32 bytes",
            Self::Unknown => "the cause is none of the usual mistakes; most likely another key",
        };
        f.write_str(text)
    }
}

/// Names what is wrong with a form that eSewa refused with ES104, given the right key and the fields
/// that were sent. Nothing is wrong with the signature where the answer is empty. A signature that is right under
/// a key which [`SecretKey::new`] would refuse names that mistake: then the key given here is the miscopied one.
///
/// Neither the answer nor its text holds any part of the key. It is a tool for developers: do not
/// show its answers to strangers, who could learn from them whether they guessed.
///
/// ```
/// use esewa_client::{Cause, SecretKey, diagnose};
///
/// let sent = [
///     ("total_amount", "100"),
///     ("transaction_uuid", "diag-0001"),
///     ("product_code", "EPAYTEST"),
///     ("signed_field_names", "total_amount,transaction_uuid,product_code"),
///     ("signature", "uoVVoWnVY+oPefmlqWjbcjPhfVFTJHn1FySGasP0p7k="),
/// ];
/// assert_eq!(diagnose(&SecretKey::test(), &sent), [Cause::KeyParenthesis]);
/// ```
#[must_use]
pub fn diagnose(key: &SecretKey, fields: &[(&str, &str)]) -> Vec<Cause> {
    let find = |name: &str| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| *value);
    let names: Vec<&str> = find("signed_field_names").unwrap_or_default().split(',').collect();
    let values: Option<Vec<(&str, &str)>> = names.iter().map(|name| Some((*name, find(name)?))).collect();
    let covered =
        ["total_amount", "transaction_uuid", "product_code"].iter().all(|name| names.contains(name));
    let Some(values) = values.filter(|_| covered) else {
        return vec![Cause::SignedFieldNames];
    };
    let Some((signature, hex)) = read_signature(find("signature").unwrap_or_default()) else {
        return vec![Cause::SignatureFormat];
    };
    let encoding = hex.then_some(Cause::Hex);
    let messages = match searchable(&values) {
        true => message_variants(&values),
        false => vec![(Vec::new(), message_as_sent(&values))],
    };
    // Fewest mistakes first: the variants begin with the right key and the right message.
    let mut found: Option<Vec<Cause>> = None;
    for (key_cause, key_text) in key_variants(key) {
        let Ok(keyed) = Hmac::<Sha256>::new_from_slice(&key_text) else { continue };
        for (message_causes, message) in &messages {
            if keyed.clone().chain_update(message.as_bytes()).verify_slice(&signature).is_err() {
                continue;
            }
            let causes: Vec<Cause> =
                key_cause.iter().chain(message_causes).chain(&encoding).cloned().collect();
            if found.as_ref().is_none_or(|best| causes.len() < best.len()) {
                found = Some(causes);
            }
        }
    }
    found.unwrap_or_else(|| vec![Cause::Unknown])
}

/// The bytes of a signature, and whether they were in hexadecimal.
fn read_signature(text: &str) -> Option<(Vec<u8>, bool)> {
    if let Ok(signature) = Signature::from_base64(text.trim()) {
        return Some((signature.bytes().to_vec(), false));
    }
    let digits = text.trim();
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let byte = |index| u8::from_str_radix(digits.get(index..index + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..64).step_by(2).map(byte).collect();
    bytes.map(|bytes| (bytes, true))
}

/// Whether all spellings and orders may be tried: some ten thousand short messages at most.
fn searchable(values: &[(&str, &str)]) -> bool {
    let bytes: usize = values.iter().map(|(name, value)| name.len() + value.len()).sum();
    values.len() <= SEARCHED_FIELDS_MAX && bytes <= SEARCHED_BYTES_MAX
}

/// With more signed fields, or longer ones, only the key's mistakes are looked for: whoever sends a form must not decide
/// how long we think about it.
const SEARCHED_FIELDS_MAX: usize = 4;
const SEARCHED_BYTES_MAX: usize = 512;

#[cfg(test)]
mod tests;
