//! What of a request may stand in the request log: everything but what nobody should find in a log.

use axum::body::Bytes;
use axum::http::Uri;
use serde_json::Value;
use url::{Url, form_urlencoded};

/// The names and values of a query and of a body, form or JSON, without keys, signatures, passwords and tokens.
pub(super) fn noted(uri: &Uri, body: &Bytes) -> Vec<(String, String)> {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let told: Vec<(String, String)> = match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => object.iter().map(|(name, value)| member(name, value)).collect(),
        Ok(list @ Value::Array(_)) => vec![("body".to_owned(), json(list))],
        _ => pairs(body),
    };
    told.into_iter().chain(query).take(FIELDS_MAX).collect()
}

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    let pairs = form_urlencoded::parse(encoded).take(FIELDS_MAX);
    pairs.map(|(name, value)| (shown_name(&name), shown(&name, &value))).collect()
}

fn member(name: &str, value: &Value) -> (String, String) {
    let text = match value {
        Value::String(text) => shown(name, text),
        _ if is_secret(name) => REDACTED.to_owned(),
        other => json(other.clone()),
    };
    (shown_name(name), text)
}

/// What is no name, such as the whole of a body that is no form, may hold anything.
fn shown_name(name: &str) -> String {
    let plain = name.len() <= NAME_BYTES_MAX
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.[]".contains(&byte));
    if plain { name.to_owned() } else { REDACTED.to_owned() }
}

fn shown(name: &str, value: &str) -> String {
    if is_secret(name) {
        return REDACTED.to_owned();
    }
    match serde_json::from_str(value) {
        Ok(nested @ (Value::Object(_) | Value::Array(_))) => json(nested),
        _ => cut(&without_secrets(value)),
    }
}

fn json(mut value: Value) -> String {
    redact(&mut value);
    cut(&value.to_string())
}

fn redact(value: &mut Value) {
    match value {
        Value::Object(object) => object.iter_mut().for_each(|(name, value)| match is_secret(name) {
            true => *value = REDACTED.into(),
            false => redact(value),
        }),
        Value::Array(list) => list.iter_mut().for_each(redact),
        Value::String(text) => *text = without_secrets(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// An address may have a password before its host, and anything in its query.
fn without_secrets(text: &str) -> String {
    let Some(mut url) = Url::parse(text).ok().filter(Url::has_host) else { return text.to_owned() };
    let has_userinfo = !url.username().is_empty() || url.password().is_some();
    let has_secret = url.query_pairs().any(|(name, _)| is_secret(&name));
    if !has_userinfo && !has_secret {
        return text.to_owned();
    }
    // An address with a host can be given these.
    let _ = (url.set_password(None), url.set_username(if has_userinfo { "redacted" } else { "" }));
    if has_secret {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .map(|(name, value)| {
                (name.to_string(), if is_secret(&name) { REDACTED.into() } else { value.to_string() })
            })
            .collect();
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    url.into()
}

/// Whether a field of that name is nobody's business, however its words are joined and capitalized.
fn is_secret(name: &str) -> bool {
    let bare: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    PARTS.iter().any(|part| bare.contains(part))
        || ENDS.iter().any(|end| bare.ends_with(end))
        // A callback that strayed here holds a signature.
        || bare == "data"
}

fn cut(text: &str) -> String {
    text.chars().take(VALUE_CHARACTERS_MAX).collect()
}

const PARTS: [&str; 9] =
    ["signature", "password", "passwd", "token", "secret", "hmac", "credential", "authorization", "apikey"];
const ENDS: [&str; 6] = ["pin", "otp", "key", "pass", "pwd", "mac"];
const REDACTED: &str = "[redacted]";
const FIELDS_MAX: usize = 64;
const NAME_BYTES_MAX: usize = 64;
const VALUE_CHARACTERS_MAX: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(query: &str, body: &str) -> String {
        let uri = format!("/x?{query}").parse().unwrap();
        format!("{:?}", noted(&uri, &Bytes::from(body.to_owned())))
    }

    #[test]
    fn a_secret_is_hidden_under_every_spelling_of_its_name() {
        for name in [
            "signature",
            "Signature",
            "SIGNATURE",
            "x-signature",
            "password",
            "userPassword",
            "user[password]",
            "token",
            "accessToken",
            "refresh_token",
            "merchantSecret",
            "client-secret",
            "MPIN",
            "mpin",
            "otp",
            "secret_key",
            "apiKey",
            "data",
        ] {
            let json = serde_json::json!({ name: "hush" }).to_string();
            for noted in
                [shown(&format!("{name}=hush"), ""), shown("", &format!("{name}=hush")), shown("", &json)]
            {
                assert!(!noted.contains("hush") && noted.contains("[redacted]"), "{name}: {noted}");
            }
        }
    }

    #[test]
    fn a_secret_is_hidden_however_deep_it_lies() {
        for body in [
            r#"{"properties":{"a":[{"Password":"hush"}]}}"#,
            r#"[{"token":"hush"}]"#,
            r#"{"token":{"value":"hush"}}"#,
            r#"{"note":"{\"mpin\":\"hush\"}"}"#,
            r#"{"callback_url":"https://u:hush@shop.example/?a=1"}"#,
            r#"{"urls":["https://shop.example/?a=1&api_key=hush"]}"#,
            "success_url=https%3A%2F%2Fshop.example%2F%3Ftoken%3Dhush",
            // No form and no JSON: all of it would be a name.
            r#"{"token":"hush""#,
        ] {
            let noted = shown("", body);
            assert!(!noted.contains("hush") && noted.contains("redacted"), "{body}: {noted}");
        }
    }

    #[test]
    fn everything_else_is_noted_as_it_came() {
        let noted = noted(
            &"/x?b=2".parse().unwrap(),
            &Bytes::from_static(
                b"amount=1%2C000.0&success_url=https://s.example/ok?pid=1&signed_field_names=a,b",
            ),
        );
        let expected = [
            ("amount", "1,000.0"),
            ("success_url", "https://s.example/ok?pid=1"),
            ("signed_field_names", "a,b"),
            ("b", "2"),
        ];
        assert_eq!(noted, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_note_has_bounds() {
        let uri = "/x".parse().unwrap();
        let long = noted(&uri, &Bytes::from(format!("a={}", "b".repeat(600))));
        assert_eq!(long[0].1.len(), 512);
        assert_eq!(noted(&uri, &Bytes::from("a=1&".repeat(100))).len(), 64);
    }
}
