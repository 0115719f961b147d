//! `GET /account/`: one's own account: sessions, password, deletion.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::shell::{field_errors, layout, notify_switch, to_login};
use crate::auth::{Guesser, MaybeUser, Role, sign_out};
use crate::db::users::User;
use crate::http::accounts::delete::{Deletion, delete_account};
use crate::http::accounts::password::{PasswordChange, change_password};
use crate::http::accounts::sessions::{end_all_but_this, end_one, sessions_of};
use crate::http::body::{FormBody, PathId, QueryOf};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::my_account::{AccountPage, Facts, SessionLine};
use crate::ui::{self, FieldErrors, Here, time};

/// What was done just now.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Came {
    done: String,
}

/// The page.
pub async fn show(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    jar: CookieJar,
    QueryOf(came): QueryOf<Came>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/account/")) };
    let page = page(&state, &jar, &user, &FieldErrors::default()).await?;
    let done = match came.done.as_str() {
        "password" => Some(t!("account-done-password")),
        "session" => Some(t!("account-done-session")),
        "others" => Some(t!("account-done-others")),
        _ => None,
    };
    Ok(ui::page(StatusCode::OK, &AccountPage { done, ..page }))
}

/// Changes the password, or says what has to be mended.
pub async fn password(
    State(state): State<AppState>,
    guesser: Guesser,
    MaybeUser(user): MaybeUser,
    jar: CookieJar,
    FormBody(typed): FormBody<PasswordChange>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/account/")) };
    match change_password(&state, &guesser, &jar, &user, &typed).await {
        Ok(()) => Ok(Redirect::to("/account/?done=password").into_response()),
        Err(problem) => refused(&state, &jar, &user, problem).await,
    }
}

/// Ends one session.
pub async fn end_session(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    PathId(id): PathId,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/account/")) };
    end_one(&state, &user, id).await?;
    Ok(Redirect::to("/account/?done=session").into_response())
}

/// Ends all sessions but this one.
pub async fn end_others(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    jar: CookieJar,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/account/")) };
    end_all_but_this(&state, &jar, &user).await?;
    Ok(Redirect::to("/account/?done=others").into_response())
}

/// Deletes the account, or says what has to be mended.
pub async fn delete(
    State(state): State<AppState>,
    guesser: Guesser,
    MaybeUser(user): MaybeUser,
    jar: CookieJar,
    FormBody(typed): FormBody<Deletion>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/account/")) };
    match delete_account(&state, &guesser, &user, &typed).await {
        Ok(()) => Ok((sign_out(&state, jar).await?, Redirect::to("/")).into_response()),
        Err(problem) => refused(&state, &jar, &user, problem).await,
    }
}

async fn refused(
    state: &AppState,
    jar: &CookieJar,
    user: &User,
    problem: Problem,
) -> Result<Response, Problem> {
    if problem.errors().is_empty() {
        return Err(problem);
    }
    let page = page(state, jar, user, &field_errors(&problem)).await?;
    Ok(ui::page(problem.status(), &page))
}

/// What [`Device`](crate::auth::Device) wrote down at the log-in, in the reader's language.
fn device(name: &str) -> String {
    match name.split_once(" on ") {
        Some((browser, system)) => t!("account-device", browser = browser, system = system),
        None => name.to_owned(),
    }
}

async fn page(
    state: &AppState,
    jar: &CookieJar,
    user: &User,
    errors: &FieldErrors,
) -> Result<AccountPage, Problem> {
    let now = state.clock.now();
    let sessions = sessions_of(state, jar, user).await?.into_iter().map(|session| SessionLine {
        id: session.id.to_string(),
        device: device(&session.device),
        since: time::moment(session.created_at, now),
        datetime: session.created_at.to_string(),
        current: session.current,
    });
    let layout = layout(state, t!("account-title"), Some(user), Here::Account).await?;
    let role = match user.role {
        Role::Client => t!("account-role-client"),
        Role::Owner => t!("account-role-owner"),
        Role::Admin => t!("account-role-admin"),
    };
    let deletable = user.role != Role::Admin;
    let notify = notify_switch(state, jar).await?;
    let facts = Facts { phone: user.phone.clone(), role, sessions: sessions.collect(), deletable, notify };
    Ok(AccountPage::new(layout, facts, errors))
}
