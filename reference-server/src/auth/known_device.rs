//! Browsers that an account has signed in from before. A long-lived cookie says so, and nothing else: a random number,
//! and a MAC over it and the account, which only this database's servers can make. With it one's own slips are counted
//! apart from everybody's guesses, so that nobody can lock an account's owner out by guessing.

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::client_address::ClientAddress;
use crate::problem::Problem;
use crate::state::AppState;

/// 128 bits: no two browsers share a count.
const NUMBER_BYTES: usize = 16;
/// How long a browser is remembered after its last sign-in.
const REMEMBERED_S: i64 = 365 * 24 * 3600;

/// Makes the cookies, and reads them.
#[derive(Clone)]
pub struct KnownDevices {
    mac: Hmac<Sha256>,
    secure: bool,
}

/// The number of a browser that an account has signed in from; whoever has no cookie of ours has none.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct KnownDevice([u8; NUMBER_BYTES]);

/// Who types a password: from which address, and with which cookies.
#[derive(Debug)]
pub struct Guesser {
    /// From where.
    pub client: ClientAddress,
    jar: CookieJar,
}

impl KnownDevices {
    /// With a secret that all servers of a database share; `secure` when the public URL is https.
    pub fn new(secret: &[u8], secure: bool) -> Self {
        // A key of any length does.
        let mut mac = Hmac::new_from_slice(secret).unwrap_or_else(|_| Hmac::new(&Default::default()));
        mac.update(b"kotha known device\0");
        Self { mac, secure }
    }

    /// The cookie's name.
    pub fn name(&self) -> &'static str {
        if self.secure { "__Host-kotha_device" } else { "kotha_device" }
    }

    /// The browser, when this account has signed in from it.
    pub fn known(&self, jar: &CookieJar, user: Uuid) -> Option<KnownDevice> {
        let (number, tag) = jar.get(self.name())?.value().split_once('.')?;
        let number: [u8; NUMBER_BYTES] = URL_SAFE_NO_PAD.decode(number).ok()?.try_into().ok()?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        self.mac_of(number, user).verify_slice(&tag).ok()?;
        Some(KnownDevice(number))
    }

    /// What has the browser remember that the account signed in from it, as a `Set-Cookie`.
    ///
    /// # Errors
    ///
    /// The system has no randomness.
    pub fn remember(&self, jar: &CookieJar, user: Uuid) -> Result<HeaderValue, Problem> {
        let number = match self.known(jar, user) {
            Some(KnownDevice(number)) => number,
            None => {
                let mut number = [0; NUMBER_BYTES];
                getrandom::fill(&mut number).map_err(Problem::internal)?;
                number
            }
        };
        let tag = self.mac_of(number, user).finalize().into_bytes();
        let (number, tag) = (URL_SAFE_NO_PAD.encode(number), URL_SAFE_NO_PAD.encode(tag));
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!(
            "{}={number}.{tag}; Path=/; HttpOnly; SameSite=Lax; Max-Age={REMEMBERED_S}{secure}",
            self.name()
        );
        HeaderValue::try_from(text).map_err(Problem::internal)
    }

    fn mac_of(&self, number: [u8; NUMBER_BYTES], user: Uuid) -> Hmac<Sha256> {
        self.mac.clone().chain_update(number).chain_update(user.as_bytes())
    }
}

impl KnownDevice {
    /// As a count is named.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Guesser {
    /// The browser, when this account has signed in from it.
    pub fn known_device(&self, state: &AppState, user: Uuid) -> Option<KnownDevice> {
        state.known_devices.known(&self.jar, user)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Guesser {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let client = ClientAddress::from_request_parts(parts, state).await?;
        Ok(Self { client, jar: CookieJar::from_headers(&parts.headers) })
    }
}

impl std::fmt::Debug for KnownDevices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KnownDevices").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for KnownDevice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KnownDevice(…)")
    }
}

#[cfg(test)]
mod tests {
    use axum_extra::extract::cookie::Cookie;

    use super::*;

    /// A browser that keeps what it is told to.
    fn jar(set_cookie: &HeaderValue) -> CookieJar {
        let text = set_cookie.to_str().expect("text").to_owned();
        CookieJar::new().add(Cookie::parse(text).expect("a cookie"))
    }

    fn user(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn cookie_is_known_for_its_account_and_its_database_only() {
        let devices = KnownDevices::new(b"one", false);
        let remember = |known: &CookieJar, user| jar(&devices.remember(known, user).expect("a cookie"));
        let jar = remember(&CookieJar::new(), user(1));
        let known = devices.known(&jar, user(1)).expect("known");
        assert!(devices.known(&jar, user(2)).is_none());
        assert!(KnownDevices::new(b"two", false).known(&jar, user(1)).is_none());
        let again = remember(&jar, user(1));
        assert!(devices.known(&again, user(1)) == Some(known), "the same browser");
        let other = remember(&again, user(2));
        assert!(devices.known(&other, user(1)).is_none(), "the browser is the last one's");
    }

    #[test]
    fn cookie_that_was_touched_is_none() {
        let devices = KnownDevices::new(b"one", false);
        let jar = jar(&devices.remember(&CookieJar::new(), user(1)).expect("a cookie"));
        let value = jar.get("kotha_device").expect("a cookie").value().to_owned();
        let (number, tag) = value.split_once('.').expect("two parts");
        let other = URL_SAFE_NO_PAD.encode([7; NUMBER_BYTES]);
        for touched in [
            String::new(),
            ".".to_owned(),
            number.to_owned(),
            format!("{other}.{tag}"),
            format!("{number}."),
            format!("{number}.{number}"),
        ] {
            let jar = CookieJar::new().add(Cookie::new("kotha_device", touched.clone()));
            assert!(devices.known(&jar, user(1)).is_none(), "{touched}");
        }
    }
}
