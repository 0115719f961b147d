//! `POST /api/register/`: make an account and be signed in.

use std::ops::RangeInclusive;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::UserBody;
use crate::auth::{Device, PasswordError, Role, SignedIn, sign_in};
use crate::client_address::ClientAddress;
use crate::db::users::{self, NewUser, User};
use crate::http::body::JsonBody;
use crate::http::fields::Fields;
use crate::metrics::LimitedBy;
use crate::problem::{FieldError, Problem};
use crate::rate_limits::RouteClass;
use crate::state::AppState;

/// How long a person's name may be.
pub const NAME_CHARS: RangeInclusive<usize> = 1..=80;

/// What a person types; a missing field is an empty one, which is refused by name.
#[derive(Deserialize, ToSchema)]
pub struct Registration {
    /// `client` or `owner`.
    #[serde(default)]
    pub role: String,
    /// Shown to others.
    #[serde(default)]
    pub name: String,
    /// The log-in name: ten digits, Latin or Nepali, starting with 9.
    #[serde(default)]
    pub phone: String,
    /// Never stored.
    #[serde(default)]
    pub password: String,
}

/// The route.
#[utoipa::path(
    post,
    path = "/api/register",
    operation_id = "register",
    tag = "accounts",
    summary = "Make an account and be signed in",
    request_body = Registration,
    responses(
        (status = 201, description = "The account; the session is in `Set-Cookie`", body = UserBody),
        (status = 409, description = "The number has an account"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn register(
    State(state): State<AppState>,
    client: ClientAddress,
    device: Device,
    jar: CookieJar,
    JsonBody(registration): JsonBody<Registration>,
) -> Result<(StatusCode, SignedIn, Json<UserBody>), Problem> {
    let user = open_account(&state, client, &registration).await?;
    let signed_in = sign_in(&state, jar, &device, user.id).await?;
    Ok((StatusCode::CREATED, signed_in, Json(user.into())))
}

/// Checks what was typed, and makes the account. Whether a number has one already takes as long to say as making one,
/// and is said a few times only.
pub async fn open_account(
    state: &AppState,
    client: ClientAddress,
    typed: &Registration,
) -> Result<User, Problem> {
    let mut fields = Fields::default();
    let role = match typed.role.parse() {
        Ok(role @ (Role::Client | Role::Owner)) => role,
        // Also for `admin`: admins are made by the command line only.
        _ => {
            fields.refuse("role", t!("wrong-role"));
            Role::Client
        }
    };
    let name = fields.line("name", &typed.name, NAME_CHARS);
    let phone = fields.phone("phone", &typed.phone);
    let password_hash = match state.passwords.hash(&typed.password).await {
        Ok(hash) => hash,
        Err(error @ (PasswordError::TooShort | PasswordError::TooLong)) => {
            fields.refuse("password", error.to_string());
            String::new()
        }
        Err(error) => return Err(Problem::internal(error)),
    };
    fields.finish()?;
    let id = state.ids.next_id();
    let new = NewUser { id, role, name: &name, phone: &phone, password_hash: &password_hash };
    let now = state.clock.now();
    let counted = state.rate_limits.probe(client, now).await;
    counted.inspect_err(|_| state.metrics.rate_limited(RouteClass::Register, LimitedBy::Guess))?;
    if !users::add(&state.db, &new, now).await? {
        return Err(phone_taken());
    }
    state.rate_limits.no_probe(client, now).await;
    Ok(User { id, role, name, phone })
}

fn phone_taken() -> Problem {
    let message = t!("wrong-phone-taken");
    Problem::conflict("This phone number has an account already; log in.")
        .with_errors(vec![FieldError { field: "phone", message }])
}

impl std::fmt::Debug for Registration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registration").field("role", &self.role).finish_non_exhaustive()
    }
}
