//! `GET` and `POST /login/`: start a session and go on to where one wanted to be.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::shell::{Next, on};
use crate::auth::{Device, Guesser, MaybeUser, sign_in};
use crate::http::accounts::login::{Credentials, authenticate};
use crate::http::body::{FormBody, QueryOf};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui;
use crate::ui::account::LoginPage;
use crate::ui::problem::words;

/// What the form posts.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Posted {
    phone: String,
    password: String,
    next: String,
}

/// The empty form; who is signed in has no use for it.
pub async fn show(MaybeUser(user): MaybeUser, QueryOf(Next { next }): QueryOf<Next>) -> Response {
    match user {
        Some(_) => Redirect::to(on(&next)).into_response(),
        None => ui::page(StatusCode::OK, &LoginPage::new("", &next, None)),
    }
}

/// Signs in, or says that number and password do not go together.
pub async fn submit(
    State(state): State<AppState>,
    guesser: Guesser,
    device: Device,
    jar: CookieJar,
    FormBody(Posted { phone, password, next }): FormBody<Posted>,
) -> Result<Response, Problem> {
    let typed = Credentials { phone, password };
    match authenticate(&state, &guesser, &typed).await {
        Ok(user) => {
            let jar = sign_in(&state, jar, &device, user.id).await?;
            Ok((jar, Redirect::to(on(&next))).into_response())
        }
        Err(problem) if matches!(problem.code(), "bad_credentials" | "account_suspended") => {
            let (_, refused) = words(problem.code(), problem.title(), problem.detail());
            let page = LoginPage::new(&typed.phone, &next, Some(refused));
            Ok(ui::page(problem.status(), &page))
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
