//! From the `data` parameter to bytes, tolerating what frameworks and browsers do to it.

use std::borrow::Cow;

use base64::Engine as _;

use super::error::{CALLBACK_BYTES_MAX, CallbackError};
use crate::signature::ENGINE;

/// Decodes `data`. Tolerated: percent-encoding left in, white space around it, blanks for `+`, and
/// missing padding.
pub(crate) fn decode(data: &str) -> Result<Vec<u8>, CallbackError> {
    if data.len() > CALLBACK_BYTES_MAX {
        return Err(CallbackError::TooLarge);
    }
    let data = percent_decoded(data)?;
    // Real payloads hold no `+`, but a form decoder that turned one into a blank must not cost a payment.
    let data = data.trim();
    let data = if data.contains(' ') { Cow::Owned(data.replace(' ', "+")) } else { Cow::Borrowed(data) };
    if data.is_empty() {
        return Err(CallbackError::Missing);
    }
    ENGINE.decode(data.as_bytes()).map_err(|_| CallbackError::Malformed("it is not Base64"))
}

fn percent_decoded(text: &str) -> Result<Cow<'_, str>, CallbackError> {
    if !text.contains('%') {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = String::with_capacity(text.len());
    let mut pieces = text.split('%');
    decoded.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let escape = piece.get(..2).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(u8::is_ascii);
        let byte = byte.ok_or(CallbackError::Malformed("it has a broken percent escape"))?;
        decoded.push(char::from(byte));
        decoded.push_str(&piece[2..]);
    }
    Ok(Cow::Owned(decoded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_to_data_on_its_way_is_undone() {
        // The third byte of each triple makes `+` and `/` appear, which real payloads never have.
        let plain = b"a~~b~?c";
        for data in [
            "YX5+Yn4/Yw==",
            "YX5+Yn4/Yw",
            "YX5 Yn4/Yw==",
            " YX5+Yn4/Yw==\n",
            "YX5%2BYn4%2fYw%3D%3D",
            "YX5%2bYn4/Yw%3d=",
        ] {
            assert_eq!(decode(data).as_deref(), Ok(&plain[..]), "{data}");
        }
    }

    #[test]
    fn what_is_not_base64_is_malformed() {
        for data in ["!!!!", "YX5-Yn4_", "Y", "YX=5", "YX5+Yn4/Yx", "{\"status\":1}"] {
            assert_eq!(decode(data), Err(CallbackError::Malformed("it is not Base64")), "{data}");
        }
    }

    #[test]
    fn broken_escapes_are_malformed() {
        for data in ["YX5%", "YX5%2", "YX5%zz", "YX5%+1", "YX5%ff", "YX5%é"] {
            let error = CallbackError::Malformed("it has a broken percent escape");
            assert_eq!(decode(data), Err(error), "{data}");
        }
    }

    #[test]
    fn nothing_is_missing_and_too_much_is_too_large() {
        assert_eq!(decode(""), Err(CallbackError::Missing));
        assert_eq!(decode(" \n"), Err(CallbackError::Missing));
        assert!(decode(&"A".repeat(8 * 1024)).is_ok());
        assert_eq!(decode(&"A".repeat(8 * 1024 + 1)), Err(CallbackError::TooLarge));
    }
}
