//! `GET /admin/acts/`: the log of what administrators did.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::auth::AdminUser;
use crate::db::admin_acts::Act;
use crate::http::admin::acts::{ActsQuery, page};
use crate::http::body::QueryOf;
use crate::http::pages::shell::layout;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{ActLine, ActsPage};
use crate::ui::{self, Here, time};

/// The route.
pub async fn acts(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    QueryOf(query): QueryOf<ActsQuery>,
) -> Result<Response, Problem> {
    let (acts, next) = page(&state, &query).await?;
    let page = ActsPage {
        layout: layout(&state, "Log of acts", Some(&admin), Here::Admin).await?,
        acts: acts.into_iter().map(with_subject).collect(),
        next_url: next.map(|cursor| format!("/admin/acts/?cursor={cursor}")),
    };
    Ok(ui::page(StatusCode::OK, &page))
}

fn with_subject(act: Act) -> ActLine {
    let on = match act.act.as_str() {
        "export" if act.subject.is_empty() => None,
        "export" => Some((act.subject.clone(), format!("/admin/payments/?{}", act.subject))),
        _ => Some((act.subject.clone(), format!("/admin/payments/{}/", act.subject))),
    };
    ActLine { on, ..line(act) }
}

/// An act in words, without its subject.
pub fn line(act: Act) -> ActLine {
    let words = match act.act.as_str() {
        "recheck" => "Asked eSewa again",
        "resolve" => "Decided a review",
        "refund" => "Recorded a refund",
        "export" => "Downloaded payments",
        other => other,
    };
    ActLine {
        who: act.admin_name,
        act: words.to_owned(),
        on: None,
        reason: act.reason,
        outcome: act.outcome.unwrap_or_else(|| "begun, and its end is not known".to_owned()),
        datetime: act.at.to_string(),
        when: time::exact(act.at),
    }
}
