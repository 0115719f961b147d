//! The JSON object of a callback, each value kept as the characters that were sent.
//!
//! The signature covers characters. A parser that turns `1000.0` into a number loses them, so a
//! number's token is taken from the text as it stands.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::CallbackError;

/// Unique names and the text of their values: strings unescaped, numbers by their raw token. Values
/// of other kinds (null, true, arrays) have no text that could be signed, so only the name is kept.
#[derive(Clone)]
pub(crate) struct Payload {
    /// All names and texts one after another, so that a payload is two allocations and not one for each.
    texts: String,
    fields: Vec<(Range<usize>, Option<Range<usize>>)>,
}

impl Payload {
    pub(crate) fn parse(json: &[u8]) -> Result<Self, CallbackError> {
        let text = std::str::from_utf8(json).map_err(|_| CallbackError::Malformed("it is not UTF-8"))?;
        let payload: Self = serde_json::from_str(text)
            .map_err(|_| CallbackError::Malformed("it is not a JSON object, or one too large"))?;
        let names = || payload.fields.iter().map(|(name, _)| &payload.texts[name.clone()]);
        let duplicate =
            names().enumerate().any(|(index, name)| names().take(index).any(|earlier| earlier == name));
        if duplicate { Err(CallbackError::Duplicate("a key")) } else { Ok(payload) }
    }

    /// The text of a value, where there is such a name and its value has a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let is_named = |known: &Range<usize>| known.len() == name.len() && self.texts[known.clone()] == *name;
        let (_, value) = self.fields.iter().find(|(known, _)| is_named(known))?;
        value.clone().map(|value| &self.texts[value])
    }

    fn keep(&mut self, text: &str) -> Range<usize> {
        let start = self.texts.len();
        self.texts.push_str(text);
        start..self.texts.len()
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PayloadVisitor)
    }
}

struct PayloadVisitor;

impl<'de> Visitor<'de> for PayloadVisitor {
    type Value = Payload;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the object of a callback")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Payload, A::Error> {
        let mut payload = Payload {
            texts: String::with_capacity(TEXT_BYTES_USUAL),
            fields: Vec::with_capacity(FIELDS_USUAL),
        };
        while let Some(Name(name)) = map.next_key()? {
            if payload.fields.len() == FIELDS_MAX {
                return Err(A::Error::custom("too many fields"));
            }
            let value: &RawValue = map.next_value()?;
            let value = value_text(value.get()).map_err(A::Error::custom)?;
            let field = (payload.keep(&name), value.map(|value| payload.keep(&value)));
            payload.fields.push(field);
        }
        Ok(payload)
    }
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

const FIELDS_USUAL: usize = 7;
const FIELDS_MAX: usize = 32;
const TEXT_BYTES_USUAL: usize = 384;

fn value_text(token: &str) -> Result<Option<Cow<'_, str>>, serde_json::Error> {
    let unquoted = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match (unquoted, token.as_bytes().first()) {
        // Without an escape, the characters between the quotes are the text.
        (Some(text), _) if !text.contains('\\') => Ok(Some(Cow::Borrowed(text))),
        (Some(_), _) => serde_json::from_str(token).map(|text: String| Some(Cow::Owned(text))),
        (None, Some(b'-' | b'0'..=b'9')) => Ok(Some(Cow::Borrowed(token))),
        (None, _) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<Payload, CallbackError> {
        Payload::parse(json.as_bytes())
    }

    #[test]
    fn strings_and_numbers_keep_their_characters() {
        let payload =
            parse(r#"{"a":"1,000.0","b":1000.0,"c":"x\u0041\n","d":-1e5,"e":null,"f":[1],"g":{}}"#).unwrap();
        let texts: Vec<_> = "abcdefgh".chars().map(|name| payload.text(&name.to_string())).collect();
        assert_eq!(
            texts,
            [Some("1,000.0"), Some("1000.0"), Some("xA\n"), Some("-1e5"), None, None, None, None]
        );
    }

    #[test]
    fn text_without_an_escape_is_not_copied() {
        assert!(matches!(value_text("\"1,000.0\""), Ok(Some(Cow::Borrowed("1,000.0")))));
        assert!(matches!(value_text("\"x\\u0041\""), Ok(Some(Cow::Owned(text))) if text == "xA"));
    }

    #[test]
    fn another_kind_of_json_is_told_what_is_wanted() {
        let Err(error) = serde_json::from_str::<Payload>("[]") else { panic!("an array is no callback") };
        assert!(error.to_string().contains("expected the object of a callback"), "{error}");
    }

    #[test]
    fn a_key_there_twice_is_refused() {
        for json in [
            r#"{"status":"PENDING","status":"COMPLETE"}"#,
            r#"{"a":1,"b":2,"\u0061":3}"#,
            r#"{"a":null,"a":1}"#,
        ] {
            assert!(matches!(parse(json), Err(CallbackError::Duplicate(_))), "{json}");
        }
    }

    #[test]
    fn what_is_not_an_object_is_malformed() {
        for json in
            ["", "[]", "null", "\"x\"", "{", "{\"a\":1}x", "{\"a\":\"\\ud800\"}", "{\"a\":01}", "{a:1}"]
        {
            assert!(matches!(parse(json), Err(CallbackError::Malformed(_))), "{json}");
        }
        assert!(matches!(Payload::parse(b"{\"a\":\"\xff\"}"), Err(CallbackError::Malformed(_))));
    }

    #[test]
    fn the_number_of_fields_is_bounded() {
        let object = |fields: usize| {
            let fields: Vec<String> = (0..fields).map(|index| format!("\"k{index}\":1")).collect();
            format!("{{{}}}", fields.join(","))
        };
        assert!(parse(&object(32)).is_ok());
        assert!(matches!(parse(&object(33)), Err(CallbackError::Malformed(_))));
    }
}
