//! `GET /admin/users/`: who there is, with a filter. What is wrong with the filter stands beside its field.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::{AdminPage, list_url};
use crate::auth::Role;
use crate::db::people::Person;
use crate::http::admin::users::list::{PeopleQuery, find};
use crate::http::body::QueryOf;
use crate::http::pages::shell::{field_errors, layout, shown_name};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{Mark, PeopleFilter, PeoplePage, PersonLine};
use crate::ui::{self, AdminTab, FieldErrors, Here, time};

/// The route.
pub async fn people(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    QueryOf(query): QueryOf<PeopleQuery>,
) -> Result<Response, Problem> {
    let ((found, next), errors, status) = match find(&state, &query).await {
        Ok(found) => (found, FieldErrors::default(), StatusCode::OK),
        Err(problem) if !problem.errors().is_empty() => {
            ((Vec::new(), None), field_errors(&problem), problem.status())
        }
        Err(problem) => return Err(problem),
    };
    let layout = layout(&state, t!("admin-people"), Some(&admin), Here::Admin(AdminTab::People)).await?;
    let now = state.clock.now();
    let next_url = next.map(|cursor| {
        let cursor = cursor.to_string();
        let typed =
            [("q", &*query.q), ("role", &query.role), ("standing", &query.standing), ("cursor", &cursor)];
        list_url("/admin/users/", &typed)
    });
    let filter = PeopleFilter { q: query.q, role: query.role, standing: query.standing };
    let page = PeoplePage {
        people: found.into_iter().map(|person| line(person, now)).collect(),
        next_url,
        ..PeoplePage::new(layout, &filter, &errors)
    };
    Ok(ui::page(status, &page))
}

fn line(person: Person, now: Timestamp) -> PersonLine {
    let deleted = person.erased_at.is_some();
    PersonLine {
        url: format!("/admin/users/{}/", person.user.id),
        name: shown_name(person.user.name),
        phone: if deleted { String::new() } else { person.user.phone },
        role: role(person.user.role),
        mark: Mark::of_person(person.suspended_at.is_some(), deleted),
        datetime: person.created_at.to_string(),
        since: time::day(person.created_at, now),
    }
}

/// A role in words.
pub fn role(role: Role) -> String {
    match role {
        Role::Client => t!("admin-role-client"),
        Role::Owner => t!("owner"),
        Role::Admin => t!("admin-role-admin"),
    }
}
