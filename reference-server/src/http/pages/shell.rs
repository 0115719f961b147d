//! What every page handler does first: who is looking, and what stands in the page's head.

use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use crate::auth::Role;
use crate::chat::unread_total;
use crate::db::push_subscriptions;
use crate::db::users::{DELETED_NAME, User};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::next::local_path;
use crate::ui::notify::NotifySwitch;
use crate::ui::{FieldErrors, Here, Layout, Viewer};

/// The layout for whoever looks.
pub async fn layout(
    state: &AppState,
    title: impl Into<String>,
    user: Option<&User>,
    here: Here,
) -> Result<Layout, Problem> {
    let viewer = match user {
        None => None,
        Some(user) => Some(Viewer {
            name: user.name.clone(),
            is_owner: user.role == Role::Owner,
            is_admin: user.role == Role::Admin,
            unread: unread_total(state, user).await?,
        }),
    };
    Ok(Layout::new(title, viewer, here))
}

/// The switch "Tell me about new messages", as the session has it.
pub async fn notify_switch(state: &AppState, jar: &CookieJar) -> Result<NotifySwitch, Problem> {
    let subscriptions = match state.session_cookie.token(jar) {
        Some(session) => push_subscriptions::of_session(&state.db, &session).await?,
        None => Vec::new(),
    };
    Ok(NotifySwitch { public_key: state.push.vapid().key().public().to_owned(), subscriptions })
}

/// A person's name as it is shown: their own words, but for somebody who has left.
pub fn shown_name(name: impl Into<String>) -> String {
    let name = name.into();
    if name == DELETED_NAME { t!("account-deleted") } else { name }
}

/// Asks for a log-in that comes back to `path`.
pub fn to_login(path: &str) -> Response {
    Redirect::to(&format!("/login/?next={}", in_query(path))).into_response()
}

/// `text` as the value of a query's parameter.
pub fn in_query(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The field errors of a problem, for the form to show beside the fields.
pub fn field_errors(problem: &Problem) -> FieldErrors {
    FieldErrors::new(problem.errors().iter().map(|error| (error.field.to_owned(), error.message.clone())))
}

/// The parameter that says where a person goes on after logging in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Next {
    /// A path of this site; anything else leads to the start page.
    pub next: String,
}

/// Where to go on: `next`, when it stays on this site.
pub fn on(next: &str) -> &str {
    local_path(next).unwrap_or("/")
}
