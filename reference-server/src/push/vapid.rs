//! Our name on each message, RFC 8292: a token for the push service's origin, signed once and used for hours.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::json;

use super::key::VapidKey;

/// How long a token is used; the signature costs more than all the rest.
const USED_S: i64 = 12 * 60 * 60;
/// How long it lasts. A service takes no more than a day, and its clock may differ from ours.
const LASTS_S: i64 = 16 * 60 * 60;
/// Tokens that are kept. There are fewer services; but one of them has many names.
const ORIGINS_MAX: usize = 64;

/// Signs for each push service.
#[derive(Debug)]
pub struct Vapid {
    key: VapidKey,
    contact: Option<String>,
    // A plain mutex: it is held for a signature at most, never across an await.
    tokens: Mutex<HashMap<String, Token>>,
}

#[derive(Debug)]
struct Token {
    header: String,
    signed_at_s: i64,
}

impl Vapid {
    /// With the address that a push service may write to when it has something to say about us.
    pub fn new(key: VapidKey, contact: Option<String>) -> Self {
        Self { key, contact, tokens: Mutex::default() }
    }

    /// The key pair.
    pub fn key(&self) -> &VapidKey {
        &self.key
    }

    /// The value of `Authorization` for a push service.
    pub fn authorization(&self, origin: &str, now: Timestamp) -> String {
        let now_s = now.as_second();
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = tokens.get(origin)
            && (token.signed_at_s..token.signed_at_s + USED_S).contains(&now_s)
        {
            return token.header.clone();
        }
        if tokens.len() >= ORIGINS_MAX {
            tokens.clear();
        }
        let header = format!("vapid t={}, k={}", self.token(origin, now_s), self.key.public());
        tokens.insert(origin.to_owned(), Token { header: header.clone(), signed_at_s: now_s });
        header
    }

    fn token(&self, origin: &str, now_s: i64) -> String {
        let mut claims = json!({ "aud": origin, "exp": now_s + LASTS_S });
        if let Some(contact) = &self.contact {
            claims["sub"] = contact.as_str().into();
        }
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(json!({ "typ": "JWT", "alg": "ES256" })), part(claims));
        format!("{signed}.{}", self.key.sign(&signed))
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Verifier as _;
    use p256::ecdsa::{Signature, VerifyingKey};
    use serde_json::Value;

    use super::*;

    const SERVICE: &str = "https://updates.push.services.mozilla.com";

    fn vapid() -> Vapid {
        Vapid::new(VapidKey::new(&[7; 32]).unwrap(), Some("mailto:push@rooms.example".to_owned()))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// What a push service reads: the claims, if the key that is named beside them has signed them.
    fn claims(authorization: &str) -> Value {
        let (token, key) = authorization.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let key = VerifyingKey::from_sec1_bytes(&bytes(key)).unwrap();
        key.verify(signed.as_bytes(), &Signature::from_slice(&bytes(signature)).unwrap()).unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let header: Value = serde_json::from_slice(&bytes(header)).unwrap();
        assert_eq!(header, json!({ "typ": "JWT", "alg": "ES256" }));
        serde_json::from_slice(&bytes(claims)).unwrap()
    }

    #[test]
    fn token_names_the_service_its_end_and_whom_to_write_to() {
        let claims = claims(&vapid().authorization(SERVICE, at(1_000)));
        assert_eq!(
            claims,
            json!({ "aud": SERVICE, "exp": 1_000 + LASTS_S, "sub": "mailto:push@rooms.example" })
        );
    }

    #[test]
    fn token_is_signed_once_for_hours_and_never_near_its_end() {
        let vapid = vapid();
        let first = vapid.authorization(SERVICE, at(1_000));
        assert_eq!(vapid.authorization(SERVICE, at(1_000 + USED_S - 1)), first);
        let second = vapid.authorization(SERVICE, at(1_000 + USED_S));
        assert_ne!(first, second);
        assert_eq!(claims(&second)["exp"], 1_000 + USED_S + LASTS_S);
        assert_ne!(vapid.authorization("https://web.push.apple.com", at(1_000)), first);
        // A clock that was put back: the token would outlast the day that a service allows.
        assert_eq!(claims(&vapid.authorization(SERVICE, at(500)))["exp"], 500 + LASTS_S);
    }

    #[test]
    fn services_without_end_take_no_memory_without_end() {
        let vapid = vapid();
        for number in 0..3 * ORIGINS_MAX {
            vapid.authorization(&format!("https://{number}.notify.windows.com"), at(1_000));
        }
        assert!(vapid.tokens.lock().unwrap().len() <= ORIGINS_MAX);
    }
}
