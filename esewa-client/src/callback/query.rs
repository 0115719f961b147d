//! Finding the one payload in a query string, also where it was glued onto another value.

use super::error::{CALLBACK_BYTES_MAX, CallbackError};

/// The undecoded value of `data` in `query`.
pub(super) fn find_data(query: &str) -> Result<&str, CallbackError> {
    if query.len() > CALLBACK_BYTES_MAX {
        return Err(CallbackError::TooLarge);
    }
    let mut found = None;
    for value in query.trim_start_matches('?').split('&').flat_map(payloads) {
        if found.replace(value).is_some() {
            return Err(CallbackError::Duplicate("data"));
        }
    }
    found.ok_or(CallbackError::Missing)
}

/// The payloads in one `name=value` pair: its value, if it is `data`, and whatever is glued to it.
fn payloads(pair: &str) -> impl Iterator<Item = &str> {
    let mut pieces = pieces(pair);
    let own = pieces.next().and_then(|piece| piece.strip_prefix("data="));
    own.into_iter().chain(pieces)
}

/// Splits at each `?data=`, which some frameworks re-encode before they hand the query on.
fn pieces(pair: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(pair);
    std::iter::from_fn(move || {
        let text = rest?;
        let glue =
            GLUES.iter().filter_map(|glue| find_ignoring_case(text, glue).map(|at| (at, glue.len()))).min();
        match glue {
            Some((at, length)) => {
                rest = Some(&text[at + length..]);
                Some(&text[..at])
            }
            None => rest.take(),
        }
    })
}

const GLUES: [&str; 4] = ["?data=", "%3fdata=", "?data%3d", "%3fdata%3d"];

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payload_is_found_wherever_esewa_puts_it() {
        for query in [
            "data=eyJ9",
            "?data=eyJ9",
            "a=1&data=eyJ9&b=2",
            "pid=TXN_1?data=eyJ9",
            "x=1&pid=TXN_1?data=eyJ9",
            "pid=TXN_1%3Fdata=eyJ9",
            "pid=TXN_1%3fdata%3deyJ9",
            "?data=eyJ9&utm=1",
        ] {
            assert_eq!(find_data(query), Ok("eyJ9"), "{query}");
        }
    }

    #[test]
    fn two_payloads_are_refused() {
        for query in
            ["data=a&data=b", "data=a?data=b", "pid=1?data=a&data=b", "pid=1?data=a?data=b", "data=&data="]
        {
            assert_eq!(find_data(query), Err(CallbackError::Duplicate("data")), "{query}");
        }
    }

    #[test]
    fn a_query_without_payload_says_so() {
        for query in ["", "?", "pid=1", "metadata=x", "Data", "xdata=eyJ9"] {
            assert_eq!(find_data(query), Err(CallbackError::Missing), "{query}");
        }
    }

    #[test]
    fn a_query_has_a_limit() {
        assert_eq!(find_data(&format!("data={}", "a".repeat(8 * 1024 - 5))).map(str::len), Ok(8 * 1024 - 5));
        assert_eq!(find_data(&format!("data={}", "a".repeat(8 * 1024 - 4))), Err(CallbackError::TooLarge));
    }
}
