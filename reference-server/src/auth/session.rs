//! Signing in and out: a random token in a cookie, its SHA-256 in the database.

use std::convert::Infallible;
use std::fmt;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponseParts, ResponseParts};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Device;
use crate::db::sessions::{self, NewSession};
use crate::problem::Problem;
use crate::state::AppState;

/// 256 bits: not to be guessed.
const TOKEN_BYTES: usize = 32;
/// How long a browser stays signed in.
const SESSION_HOURS: i64 = 30 * 24;

/// How the session cookie is named and guarded; it follows from the public URL.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie {
    secure: bool,
}

/// What the database knows of a token.
pub struct TokenHash([u8; 32]);

impl SessionCookie {
    /// `secure` when the public URL is https.
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// Over https the `__Host-` prefix keeps a sibling domain from setting it.
    pub fn name(self) -> &'static str {
        if self.secure { "__Host-kotha_session" } else { "kotha_session" }
    }

    /// The hash of the token that the request brought.
    pub fn token(self, jar: &CookieJar) -> Option<TokenHash> {
        jar.get(self.name()).map(|cookie| TokenHash::of(cookie.value()))
    }

    /// As text, since the cookie crate would bring a time library of its own into ours.
    fn holding(self, token: &str, max_age_s: i64) -> Cookie<'static> {
        let secure = if self.secure { "; Secure" } else { "" };
        let text =
            format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}", self.name());
        Cookie::parse(text).unwrap_or_else(|_| Cookie::from(self.name()))
    }
}

impl TokenHash {
    fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// As it is stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// The cookies of somebody who signed in: the session's first, since not every program reads more than one.
#[derive(Debug)]
pub struct SignedIn {
    jar: CookieJar,
    device: HeaderValue,
}

impl IntoResponseParts for SignedIn {
    type Error = Infallible;

    fn into_response_parts(self, answer: ResponseParts) -> Result<ResponseParts, Infallible> {
        let mut answer = self.jar.into_response_parts(answer)?;
        answer.headers_mut().append(header::SET_COOKIE, self.device);
        Ok(answer)
    }
}

/// Starts a session for the account, and has the browser remember that it was there; a session that it had is ended.
pub async fn sign_in(
    state: &AppState,
    jar: CookieJar,
    device: &Device,
    user: Uuid,
) -> Result<SignedIn, Problem> {
    let jar = sign_out(state, jar).await?;
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(Problem::internal)?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let now = state.clock.now();
    let lasts = SignedDuration::from_hours(SESSION_HOURS);
    let until = now.checked_add(lasts).map_err(Problem::internal)?;
    let hash = TokenHash::of(&token);
    let new = NewSession { id: state.ids.next_id(), token: &hash, user, device: &device.0, until };
    sessions::add(&state.db, &new, now).await?;
    let device = state.known_devices.remember(&jar, user)?;
    Ok(SignedIn { jar: jar.add(state.session_cookie.holding(&token, lasts.as_secs())), device })
}

/// Ends the session of the request, if it has one.
pub async fn sign_out(state: &AppState, jar: CookieJar) -> Result<CookieJar, Problem> {
    let Some(token) = state.session_cookie.token(&jar) else { return Ok(jar) };
    let user = sessions::lookup_user(&state.db, &token, state.clock.now()).await?;
    sessions::end(&state.db, &token, state.clock.now()).await?;
    if let Some(user) = user {
        sessions_ended(state, user.id);
    }
    Ok(jar.add(state.session_cookie.holding("", 0)))
}

/// Sockets that were opened with a session end with it.
pub fn sessions_ended(state: &AppState, user: Uuid) {
    state.chat.recheck(user);
    state.users.session_ended(user);
}
