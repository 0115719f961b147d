//! `POST /api/account/delete/`: the account's person leaves. What the law of books asks for stays, payments with amounts,
//! times and ids; what says who it was goes: name, number, password, devices, contact details, descriptions and photos of
//! rooms. What was said to others stays with them, from "Deleted account".

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use utoipa::ToSchema;

use super::login::confirm;
use super::password::refused;
use crate::auth::{CurrentUser, Guesser, Role, sessions_ended, sign_out};
use crate::db::rooms::photos::Photo;
use crate::db::rooms::{self, photos};
use crate::db::users::{self, User};
use crate::db::{photo_leftovers, sessions};
use crate::http::body::JsonBody;
use crate::http::photos::discard;
use crate::photos::{Audience, PhotoName};
use crate::problem::Problem;
use crate::state::AppState;

/// What a person types.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Deletion {
    /// The account's password, once more.
    pub password: String,
}

/// The route.
#[utoipa::path(
    post,
    path = "/api/account/delete",
    operation_id = "delete_account",
    tag = "accounts",
    summary = "Delete the account; payments stay in the books, without a name",
    security(("session" = [])),
    request_body = Deletion,
    responses(
        (status = 204, description = "Deleted, and signed out everywhere"),
        (status = 403, description = "Administrators are not deleted: the log of acts names them"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn delete(
    State(state): State<AppState>,
    guesser: Guesser,
    CurrentUser(user): CurrentUser,
    jar: CookieJar,
    JsonBody(typed): JsonBody<Deletion>,
) -> Result<(StatusCode, CookieJar), Problem> {
    delete_account(&state, &guesser, &user, &typed).await?;
    Ok((StatusCode::NO_CONTENT, sign_out(&state, jar).await?))
}

/// Checks the password, and erases. The account itself goes last: what breaks off before can be done again.
pub async fn delete_account(
    state: &AppState,
    guesser: &Guesser,
    user: &User,
    typed: &Deletion,
) -> Result<(), Problem> {
    if user.role == Role::Admin {
        return Err(Problem::forbidden("Administrators are not deleted: the log of acts names them."));
    }
    if confirm(state, guesser, user, &typed.password).await?.is_none() {
        return Err(refused("password", &t!("wrong-password")));
    }
    let (shared, id) = (state.clone(), user.id);
    // To its end, even if the caller hangs up.
    let erasing = async move { erase(&shared, id).await };
    state.tasks.spawn(erasing).await.map_err(Problem::internal)?
}

async fn erase(state: &AppState, id: uuid::Uuid) -> Result<(), Problem> {
    let now = state.clock.now();
    rooms::erase_all(&state.db, id, now).await?;
    // Noted before their rows go: what is cut off in between is swept up.
    for (name, audience) in photos::of_owner(&state.db, id).await?.iter().filter_map(file_of) {
        photo_leftovers::note(&state.db, &name, audience, now).await?;
    }
    for (name, audience) in photos::remove_all(&state.db, id).await?.iter().filter_map(file_of) {
        discard(state, &name, audience).await;
    }
    sessions::end_all(&state.db, id, now).await?;
    users::erase(&state.db, id, now).await?;
    sessions_ended(state, id);
    Ok(())
}

/// The files of a photo, and in whose folder they are; nothing for one that came with the program.
fn file_of(photo: &Photo) -> Option<(PhotoName, Audience)> {
    Some((photo.name.as_deref()?.parse().ok()?, photo.audience()))
}

impl std::fmt::Debug for Deletion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deletion").finish_non_exhaustive()
    }
}
