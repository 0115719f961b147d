//! The page that says to a person what a problem document says to a program.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};

use crate::auth::{Role, viewer_of};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::problem::{ProblemPage, words};
use crate::ui::{self, Here, Lang, Layout, Viewer};

/// The page, with the problem's own status.
pub async fn answer(state: &AppState, who: &Parts, problem: &Problem) -> Response<Body> {
    // While the database is down nobody is known, and the page must come all the same.
    let user = viewer_of(state, who).await.ok().flatten();
    let viewer = user.map(|user| Viewer {
        is_owner: user.role == Role::Owner,
        is_admin: user.role == Role::Admin,
        name: user.name,
        unread: 0,
    });
    let (title, detail) = words(problem.code(), problem.title(), &detail(problem));
    let layout = Layout::new(&title, viewer, Here::Elsewhere);
    let page = ProblemPage::new(layout, problem.status().as_u16(), title, detail);
    let page = match problem.status() {
        StatusCode::UNAUTHORIZED => page.with_way_on(login_url(who), t!("log-in")),
        StatusCode::PAYMENT_REQUIRED | StatusCode::CONFLICT => match room_url(who) {
            Some(room) => page.with_way_on(room, t!("to-this-room")),
            None => page,
        },
        _ => page,
    };
    ui::page(problem.status(), &page)
}

/// What is wrong with fields, without their names, which are English: a message of Nepali stands by itself.
fn detail(problem: &Problem) -> Cow<'_, str> {
    let messages = || problem.errors().iter().map(|error| &*error.message).collect::<Vec<_>>().join(" ");
    match Lang::current() {
        Lang::Ne if !problem.errors().is_empty() => messages().into(),
        Lang::Ne | Lang::En => problem.detail().into(),
    }
}

/// The log-in page, which comes back to where the visitor wanted to go.
fn login_url(who: &Parts) -> String {
    let next: String = url::form_urlencoded::byte_serialize(who.uri.path().as_bytes()).collect();
    format!("/login/?next={next}")
}

/// The page of the room that the address is about: there it can be unlocked, or its payment followed.
fn room_url(who: &Parts) -> Option<String> {
    let id = who.uri.path().strip_prefix("/rooms/")?.split('/').next()?;
    uuid::Uuid::try_parse(id).ok().map(|id| format!("/rooms/{id}/"))
}
