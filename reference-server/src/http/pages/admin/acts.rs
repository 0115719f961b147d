//! `GET /admin/acts/`: the log of what administrators did, with a filter. What is wrong with it stands beside its field.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{AdminPage, list_url};
use crate::auth::Role;
use crate::db::admin_acts::Act;
use crate::db::people::{self, PeopleFilter};
use crate::http::admin::acts::{ACTS, ActsQuery, page};
use crate::http::body::QueryOf;
use crate::http::pages::shell::{field_errors, layout};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{ActFilter, ActLine, ActsPage, act_words, outcome_words, reason_words};
use crate::ui::{self, AdminTab, FieldErrors, Here, time};

/// Administrators to choose from, the newest ones.
const ADMINS_MAX: u32 = 100;

/// The route.
pub async fn acts(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    QueryOf(query): QueryOf<ActsQuery>,
) -> Result<Response, Problem> {
    let ((acts, next), errors, status) = match page(&state, &query).await {
        Ok(found) => (found, FieldErrors::default(), StatusCode::OK),
        Err(problem) if !problem.errors().is_empty() => {
            ((Vec::new(), None), field_errors(&problem), problem.status())
        }
        Err(problem) => return Err(problem),
    };
    let layout = layout(&state, t!("admin-log"), Some(&admin), Here::Admin(AdminTab::Acts)).await?;
    let next_url = next.map(|cursor| url(&query, &cursor.to_string()));
    let page = ActsPage {
        acts: acts.into_iter().map(with_subject).collect(),
        next_url,
        ..ActsPage::new(layout, filter(&state, query).await?, &errors)
    };
    Ok(ui::page(status, &page))
}

async fn filter(state: &AppState, query: ActsQuery) -> Result<ActFilter, Problem> {
    let admins = PeopleFilter { role: Some(Role::Admin), ..PeopleFilter::default() };
    let admins = people::search(&state.db, &admins, ADMINS_MAX).await?;
    Ok(ActFilter {
        act: query.act,
        admin: query.admin,
        q: query.q,
        from: query.from,
        to: query.to,
        acts: ACTS.map(|act| (act, act_words(act))).into(),
        admins: admins.into_iter().map(|admin| (admin.user.id.to_string(), admin.user.name)).collect(),
    })
}

fn url(query: &ActsQuery, cursor: &str) -> String {
    let typed = [
        ("act", &*query.act),
        ("admin", &query.admin),
        ("q", &query.q),
        ("from", &query.from),
        ("to", &query.to),
        ("cursor", cursor),
    ];
    list_url("/admin/acts/", &typed)
}

fn with_subject(act: Act) -> ActLine {
    let subject = &act.subject;
    let on = match act.act.as_str() {
        "export" if subject.is_empty() => None,
        "export" => Some(format!("/admin/payments/?{subject}")),
        "suspend_user" | "lift_user" | "add_admin" => Some(format!("/admin/users/{subject}/")),
        "suspend_room" | "lift_room" => Some(format!("/admin/rooms/{subject}/")),
        "open_report" | "decide_report" => Some(format!("/admin/reports/{subject}/")),
        _ => Some(format!("/admin/payments/{subject}/")),
    };
    let on = on.map(|url| (subject.clone(), url));
    ActLine { on, ..line(act) }
}

/// An act in words, without its subject.
pub fn line(act: Act) -> ActLine {
    ActLine {
        who: act.admin_name,
        act: act_words(&act.act),
        on: None,
        reason: reason_words(&act.act, &act.reason),
        outcome: act.outcome.as_deref().map_or_else(|| t!("admin-outcome-none"), outcome_words),
        datetime: act.at.to_string(),
        when: time::exact(act.at),
    }
}
