//! `GET /admin/rooms/{id}/`, and the form on it that suspends, or lifts that.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use uuid::Uuid;

use super::AdminPage;
use super::acts::line;
use super::person::Came;
use super::rooms::mark;
use crate::db::users::User;
use crate::http::admin::rooms::show::{File, file};
use crate::http::admin::rooms::suspend::{lift_room, suspend_room};
use crate::http::admin::suspension::Reason;
use crate::http::body::{FormBody, PathId, QueryOf};
use crate::http::pages::shell::{field_errors, layout, shown_name};
use crate::http::photos::small;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{AdminRoomPage, Changed, Fact, SuspensionPart};
use crate::ui::rooms::place;
use crate::ui::{self, AdminTab, FieldErrors, Here, Lang, money, time};

/// The page.
pub async fn show(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    PathId(id): PathId,
    QueryOf(came): QueryOf<Came>,
) -> Result<Response, Problem> {
    let file = file(&state, id).await?;
    let changed = Changed::of(&came.done, file.room.suspended_at.is_some());
    let page = page(&state, &admin, file, ("", &FieldErrors::default())).await?;
    Ok(ui::page(StatusCode::OK, &AdminRoomPage { changed, ..page }))
}

/// Suspends, or shows what has to be mended.
pub async fn suspend(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    PathId(id): PathId,
    FormBody(typed): FormBody<Reason>,
) -> Result<Response, Problem> {
    match suspend_room(&state, &admin, id, &typed).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/rooms/{id}/?done=suspend")).into_response()),
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
    match lift_room(&state, &admin, id, &typed).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/rooms/{id}/?done=lift")).into_response()),
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
) -> Result<AdminRoomPage, Problem> {
    let url = format!("/admin/rooms/{}/", file.room.id);
    let suspended = file.room.suspended_at.is_some();
    let suspension = (!file.room.removed).then(|| SuspensionPart::new(&url, suspended, typed, errors));
    let facts = facts(&file);
    let File { room, acts, .. } = file;
    Ok(AdminRoomPage {
        layout: layout(state, &room.title, Some(admin), Here::Admin(AdminTab::Rooms)).await?,
        mark: mark(&room),
        changed: None,
        facts,
        acts: acts.into_iter().map(line).collect(),
        suspension,
        photos: room.photos.iter().map(|url| small(url)).collect(),
        description: room.description,
        title: room.title,
    })
}

fn facts(file: &File) -> Vec<Fact> {
    let room = &file.room;
    let fact = |name, value: String| Fact { name, value, url: None };
    let link = |name, value: String, url| Fact { name, value, url: Some(url) };
    let mut facts = vec![
        link(t!("owner"), shown_name(&room.owner_name), format!("/admin/users/{}/", room.owner_id)),
        fact(t!("admin-place"), place(&room.area, &room.city)),
        fact(t!("field-rent"), money::rent(room.rent_paisa)),
        fact(t!("admin-unlocks"), Lang::current().digits(file.unlocks)),
        link(t!("my-payments"), t!("admin-payments-for-room"), format!("/admin/payments/?q={}", room.id)),
        fact(t!("admin-id"), room.id.to_string()),
        fact(t!("admin-listed-at"), time::exact(room.created_at)),
    ];
    if let Some(at) = room.suspended_at {
        facts.push(fact(t!("room-suspended"), time::exact(at)));
    }
    if room.listed {
        let own = format!("/rooms/{}/", room.id);
        facts.push(link(t!("admin-own-page"), t!("admin-as-everybody-sees"), own));
    }
    facts
}
