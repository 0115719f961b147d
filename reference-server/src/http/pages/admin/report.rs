//! `GET /admin/reports/{id}/`: a report with the words that it is about, and the form that decides it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use chat_core::Message;

use super::AdminPage;
use super::acts::line;
use super::person::Came;
use crate::db::reports::{Case, Verdict, Words};
use crate::db::users::User;
use crate::http::admin::reports::decide::{Decision, rule};
use crate::http::admin::reports::show::{File, file};
use crate::http::body::{FormBody, PathId, QueryOf};
use crate::http::pages::shell::{field_errors, layout, shown_name};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{AsReported, DecidePart, Fact, Mark, ReportPage, WordsLine};
use crate::ui::{self, AdminTab, FieldErrors, Here, time};

/// The page.
pub async fn show(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    PathId(id): PathId,
    QueryOf(came): QueryOf<Came>,
) -> Result<Response, Problem> {
    let file = file(&state, &admin, id).await?;
    let decided = came.done == "decide" && file.case.verdict.is_some();
    let page = page(&state, &admin, file, (&Decision::default(), &FieldErrors::default())).await?;
    Ok(ui::page(StatusCode::OK, &ReportPage { decided, ..page }))
}

/// Takes a verdict, or shows what has to be mended.
pub async fn decide(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    PathId(id): PathId,
    FormBody(typed): FormBody<Decision>,
) -> Result<Response, Problem> {
    match rule(&state, &admin, id, &typed).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/reports/{id}/?done=decide")).into_response()),
        Err(problem) if !problem.errors().is_empty() => {
            let file = file(&state, &admin, id).await?;
            let page = page(&state, &admin, file, (&typed, &field_errors(&problem))).await?;
            Ok(ui::page(problem.status(), &page))
        }
        Err(problem) => Err(problem),
    }
}

async fn page(
    state: &AppState,
    admin: &User,
    file: File,
    (typed, errors): (&Decision, &FieldErrors),
) -> Result<ReportPage, Problem> {
    let File { case, messages, as_reported, acts } = file;
    let decide = case.verdict.is_none().then(|| DecidePart::new(&typed.verdict, &typed.reason, errors));
    Ok(ReportPage {
        layout: layout(state, t!("admin-report"), Some(admin), Here::Admin(AdminTab::Reports)).await?,
        id: case.report.id.to_string(),
        reporter: shown_name(case.name_of(case.report.reporter_id)),
        reported: shown_name(case.name_of(case.reported())),
        mark: Mark::of_report(case.verdict.map(Verdict::as_str)),
        decided: false,
        reason: case.report.reason.clone(),
        facts: facts(&case),
        is_of_all: case.report.message_id.is_none(),
        words: messages.into_iter().map(|message| words(&case, message, as_reported.as_ref())).collect(),
        acts: acts.into_iter().map(line).collect(),
        decide,
        person_url: format!("/admin/users/{}/", case.reported()),
        room_url: format!("/admin/rooms/{}/", case.pairing.room_id),
    })
}

fn facts(case: &Case) -> Vec<Fact> {
    let link = |name, value: &str, url| Fact { name, value: value.to_owned(), url: Some(url) };
    let person = |name, id| link(name, &shown_name(case.name_of(id)), format!("/admin/users/{id}/"));
    let mut facts = vec![
        person(t!("admin-reported-by"), case.report.reporter_id),
        person(t!("admin-reported-person"), case.reported()),
        link(t!("admin-room"), &case.room_title, format!("/admin/rooms/{}/", case.pairing.room_id)),
        Fact { name: t!("admin-reported"), value: time::exact(case.created_at), url: None },
    ];
    if let Some(at) = case.decided_at {
        facts.push(Fact { name: t!("admin-decided"), value: time::exact(at), url: None });
    }
    facts
}

fn words(case: &Case, message: Message, as_reported: Option<&Words>) -> WordsLine {
    let reported = Some(message.id.0) == case.report.message_id;
    let has_image = message.image.is_some();
    let image = || format!("/admin/reports/{}/image/", case.report.id);
    let as_reported = as_reported.filter(|_| reported).map(|words| AsReported {
        content: words.content.clone(),
        image: (words.image.is_some() && !has_image).then(image),
    });
    WordsLine {
        who: shown_name(case.name_of(message.sender.0)),
        content: message.content,
        image: (reported && has_image).then(image),
        has_image,
        edited: message.edited_at.is_some(),
        deleted: message.deleted,
        reported,
        as_reported,
        datetime: message.posted_at.to_string(),
        when: time::exact(message.posted_at),
    }
}
