//! `GET` and `POST /register/`: make an account.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::shell::{Next, field_errors, on};
use crate::auth::{Device, MaybeUser, sign_in};
use crate::client_address::ClientAddress;
use crate::http::accounts::register::{Registration, open_account};
use crate::http::body::{FormBody, QueryOf};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::account::{RegisterPage, Registration as Shown};
use crate::ui::{self, FieldErrors};

/// What the form posts.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Posted {
    role: String,
    name: String,
    phone: String,
    password: String,
    next: String,
}

/// The empty form; who is signed in has no use for it.
pub async fn show(MaybeUser(user): MaybeUser, QueryOf(Next { next }): QueryOf<Next>) -> Response {
    match user {
        Some(_) => Redirect::to(on(&next)).into_response(),
        None => {
            let shown = Shown { next, ..Shown::default() };
            ui::page(StatusCode::OK, &RegisterPage::new(&shown, &FieldErrors::default()))
        }
    }
}

/// Makes the account and signs in, or shows what has to be mended.
pub async fn submit(
    State(state): State<AppState>,
    client: ClientAddress,
    device: Device,
    jar: CookieJar,
    FormBody(posted): FormBody<Posted>,
) -> Result<Response, Problem> {
    let Posted { role, name, phone, password, next } = posted;
    let typed = Registration { role, name, phone, password };
    match open_account(&state, client, &typed).await {
        Ok(user) => {
            let jar = sign_in(&state, jar, &device, user.id).await?;
            Ok((jar, Redirect::to(on(&next))).into_response())
        }
        Err(problem) if !problem.errors().is_empty() => {
            let shown = Shown { role: typed.role, name: typed.name, phone: typed.phone, next };
            Ok(ui::page(problem.status(), &RegisterPage::new(&shown, &field_errors(&problem))))
        }
        Err(problem) => Err(problem),
    }
}

/// Silent about its content: a password must not end in a log by way of `{:?}`.
impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Posted").finish_non_exhaustive()
    }
}
