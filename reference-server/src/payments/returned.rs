//! Which payment a browser has just come back from: what the next page says is read from our record, not from its
//! address, which anybody can write.

use axum_extra::extract::cookie::{Cookie, CookieJar};
use paygate::Payment;

use crate::state::AppState;

const NAME: &str = "kotha_returned";
/// How long the page may be looked at again.
const MAX_AGE_S: u32 = 600;

/// The cookie to set as the browser is sent on to the room's page. It is no session: it only names a payment, which
/// whoever holds it has just seen at eSewa.
pub fn remember(state: &AppState, payment: &Payment) -> String {
    let id = payment.intent.id.as_str();
    let secure = state.secure_attribute();
    format!("{NAME}={id}; Path=/rooms; HttpOnly; SameSite=Lax; Max-Age={MAX_AGE_S}{secure}")
}

/// The id of the payment that the browser came back from, as it claims.
pub fn claimed(jar: &CookieJar) -> Option<&str> {
    jar.get(NAME).map(Cookie::value)
}
