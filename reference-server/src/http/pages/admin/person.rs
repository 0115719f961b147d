//! `GET /admin/users/{id}/`, and the form on it that suspends, or lifts that.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::acts::line;
use super::people::role;
use super::{AdminPage, reports};
use crate::auth::Role;
use crate::db::people::Person;
use crate::db::users::User;
use crate::http::admin::suspension::Reason;
use crate::http::admin::users::show::{File, file};
use crate::http::admin::users::suspend::{lift_person, suspend_person};
use crate::http::body::{FormBody, PathId, QueryOf};
use crate::http::pages::shell::{field_errors, layout, shown_name};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{Changed, Fact, Mark, PersonPage, SuspensionPart};
use crate::ui::{self, AdminTab, FieldErrors, Here, time};

/// Which act led here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Came {
    pub(super) done: String,
}

/// The page.
pub async fn show(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    PathId(id): PathId,
    QueryOf(came): QueryOf<Came>,
) -> Result<Response, Problem> {
    let file = file(&state, id).await?;
    let changed = Changed::of(&came.done, file.person.suspended_at.is_some());
    let page = page(&state, &admin, file, ("", &FieldErrors::default())).await?;
    Ok(ui::page(StatusCode::OK, &PersonPage { changed, ..page }))
}

/// Suspends, or shows what has to be mended.
pub async fn suspend(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    PathId(id): PathId,
    FormBody(typed): FormBody<Reason>,
) -> Result<Response, Problem> {
    match suspend_person(&state, &admin, id, &typed).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/users/{id}/?done=suspend")).into_response()),
        Err(problem) => refused(&state, &admin, id, problem, &typed).await,
    }
}

/// Lifts, or shows what has to be mended.
pub async fn lift(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    PathId(id): PathId,
    FormBody(typed): FormBody<Reason>,
) -> Result<Response, Problem> {
    match lift_person(&state, &admin, id, &typed).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/users/{id}/?done=lift")).into_response()),
        Err(problem) => refused(&state, &admin, id, problem, &typed).await,
    }
}

async fn refused(
    state: &AppState,
    admin: &User,
    id: Uuid,
    problem: Problem,
    typed: &Reason,
) -> Result<Response, Problem> {
    if problem.errors().is_empty() {
        return Err(problem);
    }
    let page = page(state, admin, file(state, id).await?, (&typed.reason, &field_errors(&problem))).await?;
    Ok(ui::page(problem.status(), &page))
}

async fn page(
    state: &AppState,
    admin: &User,
    file: File,
    (typed, errors): (&str, &FieldErrors),
) -> Result<PersonPage, Problem> {
    let File { person, reports, acts } = file;
    let now = state.clock.now();
    let suspended = person.suspended_at.is_some();
    let url = format!("/admin/users/{}/", person.user.id);
    let can_be = person.user.role != Role::Admin && person.erased_at.is_none();
    Ok(PersonPage {
        layout: layout(state, shown_name(&person.user.name), Some(admin), Here::Admin(AdminTab::People))
            .await?,
        role: role(person.user.role),
        mark: Mark::of_person(suspended, person.erased_at.is_some()),
        changed: None,
        facts: facts(&person),
        reports: reports.into_iter().map(|case| reports::line(case, now)).collect(),
        acts: acts.into_iter().map(line).collect(),
        suspension: can_be.then(|| SuspensionPart::new(&url, suspended, typed, errors)),
        name: shown_name(person.user.name),
    })
}

fn facts(person: &Person) -> Vec<Fact> {
    let fact = |name, value: String| Fact { name, value, url: None };
    let link = |name, value, url| Fact { name, value, url: Some(url) };
    let user = &person.user;
    let mut facts = Vec::new();
    if person.erased_at.is_none() {
        facts.push(fact(t!("phone"), user.phone.clone()));
    }
    facts.push(fact(t!("admin-id"), user.id.to_string()));
    facts.push(fact(t!("admin-registered"), time::exact(person.created_at)));
    if let Some(at) = person.suspended_at {
        facts.push(fact(t!("room-suspended"), time::exact(at)));
    }
    if let Some(at) = person.erased_at {
        facts.push(fact(t!("admin-deleted"), time::exact(at)));
    }
    match user.role {
        Role::Client if person.erased_at.is_none() => {
            let url = format!("/admin/payments/?q={}", user.phone);
            facts.push(link(t!("my-payments"), t!("admin-payments-of-person"), url));
        }
        Role::Owner => {
            facts.push(link(
                t!("rooms"),
                t!("admin-rooms-of-person"),
                format!("/admin/rooms/?q={}", user.id),
            ));
        }
        Role::Client | Role::Admin => {}
    }
    facts
}
