//! `GET /admin/payments/{transaction_id}/`, and the forms on it: ask eSewa, decide a review, record a refund.

use axum::extract;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use paygate::{Access, Observation, Payment, Source, State};
use serde::Deserialize;

use super::AdminPage;
use super::acts::line;
use super::payments::names;
use crate::db::users::{self, User};
use crate::http::admin::recheck::ask;
use crate::http::admin::refund::{RefundForm, order};
use crate::http::admin::resolve::{Ruling, rule};
use crate::http::admin::show::{File, file};
use crate::http::body::{FormBody, PathText, QueryOf};
use crate::http::pages::shell::{field_errors, layout, shown_name};
use crate::payments::wire::Status;
use crate::payments::{room_of, undelivered, user_of};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{
    AdminPaymentPage, Done, Fact, Mark, RefundPart, ResolvePart, SeenLine, review_words, seen_words,
    state_words,
};
use crate::ui::{self, AdminTab, FieldErrors, Here, Lang, money, time};

/// Which act led here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Came {
    done: String,
}

/// The refund's form: unlike JSON it always has every field.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TypedRefund {
    amount: String,
    reason: String,
}

/// What was typed into one of the forms.
enum Typed<'t> {
    Nothing,
    Ruling(&'t Ruling),
    Refund(&'t TypedRefund),
}

/// The page.
pub async fn show(
    extract::State(state): extract::State<AppState>,
    AdminPage(admin): AdminPage,
    PathText(transaction_id): PathText,
    QueryOf(came): QueryOf<Came>,
) -> Result<Response, Problem> {
    let file = file(&state, &transaction_id).await?;
    let done = done(&came.done, &file.payment);
    page(&state, &admin, file, done, (Typed::Nothing, &FieldErrors::default(), StatusCode::OK)).await
}

/// Asks eSewa.
pub async fn recheck(
    extract::State(state): extract::State<AppState>,
    AdminPage(admin): AdminPage,
    PathText(transaction_id): PathText,
) -> Result<Response, Problem> {
    let payment = ask(&state, &admin, &transaction_id).await?;
    Ok(back(&payment, "recheck"))
}

/// Takes a verdict, or shows what has to be mended.
pub async fn resolve(
    extract::State(state): extract::State<AppState>,
    AdminPage(admin): AdminPage,
    PathText(transaction_id): PathText,
    FormBody(typed): FormBody<Ruling>,
) -> Result<Response, Problem> {
    match rule(&state, &admin, &transaction_id, &typed).await {
        Ok(payment) => Ok(back(&payment, "resolve")),
        Err(problem) => refused(&state, &admin, &transaction_id, problem, Typed::Ruling(&typed)).await,
    }
}

/// Records a refund, or shows what has to be mended.
pub async fn refund(
    extract::State(state): extract::State<AppState>,
    AdminPage(admin): AdminPage,
    PathText(transaction_id): PathText,
    FormBody(typed): FormBody<TypedRefund>,
) -> Result<Response, Problem> {
    let form = RefundForm { amount: Some(typed.amount.clone()), reason: typed.reason.clone() };
    match order(&state, &admin, &transaction_id, &form).await {
        Ok(payment) => Ok(back(&payment, "refund")),
        Err(problem) => refused(&state, &admin, &transaction_id, problem, Typed::Refund(&typed)).await,
    }
}

fn back(payment: &Payment, done: &str) -> Response {
    Redirect::to(&format!("/admin/payments/{}/?done={done}", payment.intent.id)).into_response()
}

async fn refused(
    state: &AppState,
    admin: &User,
    transaction_id: &str,
    problem: Problem,
    typed: Typed<'_>,
) -> Result<Response, Problem> {
    if problem.errors().is_empty() {
        return Err(problem);
    }
    let file = file(state, transaction_id).await?;
    page(state, admin, file, None, (typed, &field_errors(&problem), problem.status())).await
}

/// The address is only the occasion: what came of the act is read from the record.
fn done(word: &str, payment: &Payment) -> Option<Done> {
    match word {
        "recheck" => Some(Done::Rechecked),
        "resolve" if payment.review.is_none() => Some(Done::Resolved),
        "refund" if payment.state == State::Refunded => Some(Done::Refunded),
        "refund" if payment.state == State::PartlyRefunded => Some(Done::PartlyRefunded),
        "refund" if payment.paid_at.is_some() => Some(Done::RefundOrdered),
        _ => None,
    }
}

async fn page(
    state: &AppState,
    admin: &User,
    file: File,
    done: Option<Done>,
    (typed, errors, status): (Typed<'_>, &FieldErrors, StatusCode),
) -> Result<Response, Problem> {
    let payment = &file.payment;
    let (payer, room_title) = names(state, payment).await?;
    let none = FieldErrors::default();
    let resolve = payment.review.map(|_| match typed {
        Typed::Ruling(typed) => ResolvePart::new(&typed.verdict, &typed.reference, &typed.reason, errors),
        _ => ResolvePart::new("", "", "", &none),
    });
    let price = payment.intent.offer.price.decimal_text();
    let refundable = payment.paid_at.is_some() && payment.state != State::Refunded;
    let refund = refundable.then(|| match typed {
        Typed::Refund(typed) => RefundPart::new(&typed.amount, &typed.reason, errors),
        _ => RefundPart::new(&price, "", &none),
    });
    let mut trail = Vec::with_capacity(file.trail.len());
    for seen in file.trail {
        trail.push(seen_line(state, seen).await?);
    }
    let page = AdminPaymentPage {
        layout: layout(state, t!("payment-title"), Some(admin), Here::Admin(AdminTab::Payments)).await?,
        transaction_id: payment.intent.id.as_str().to_owned(),
        amount: money::rupees(payment.intent.offer.price.minor),
        mark: Mark::of_status(Status::from(payment).as_str()),
        review: payment.review.map(|anomaly| review_words(anomaly.code())),
        done,
        facts: facts(state, payment, &file.access, (payer, room_title)).await?,
        trail,
        acts: file.acts.into_iter().map(line).collect(),
        resolve,
        refund,
    };
    Ok(ui::page(status, &page))
}

async fn facts(
    state: &AppState,
    payment: &Payment,
    access: &Access,
    (payer, room_title): (String, String),
) -> Result<Vec<Fact>, Problem> {
    let fact = |name, value: String| Fact { name, value, url: None };
    let payer_id = user_of(&payment.intent.subject);
    let url = payer_id.map(|id| format!("/admin/users/{id}/"));
    let mut facts = vec![Fact { name: t!("admin-payer"), value: payer, url }];
    if let Some(id) = payer_id
        && let Some(user) = users::lookup(&state.db, id).await?
    {
        let url = format!("/admin/payments/?q={}", user.phone);
        facts.push(Fact { name: t!("phone"), value: user.phone, url: Some(url) });
    }
    let room = room_of(&payment.intent.offer.resource).map(|room| format!("/admin/rooms/{room}/"));
    facts.push(Fact { name: t!("admin-room"), value: room_title, url: room });
    facts.push(fact(t!("admin-transaction"), payment.intent.id.as_str().to_owned()));
    let access = match access {
        Access::Granted(grant) if grant.payment == payment.intent.id => t!("admin-access-open"),
        Access::Granted(_) => t!("admin-access-other"),
        Access::InFlight(_) => t!("admin-access-waiting"),
        Access::Locked => t!("admin-access-closed"),
    };
    facts.push(fact(t!("admin-access"), access));
    if let Some(reference) = &payment.reference {
        facts.push(fact(t!("receipt-reference"), reference.as_str().to_owned()));
    }
    let times = [
        (t!("receipt-started-at"), Some(payment.intent.created_at)),
        (t!("admin-offered-until"), Some(payment.intent.expires_at)),
        (t!("admin-found-paid"), payment.paid_at),
        (t!("admin-refund-seen"), payment.refunded_at),
        (t!("admin-asked-next"), payment.next_check_at),
    ];
    facts.extend(times.into_iter().filter_map(|(name, at)| Some(fact(name, time::exact_to_compare(at?)))));
    Ok(facts)
}

async fn seen_line(state: &AppState, seen: Observation) -> Result<SeenLine, Problem> {
    let who = match &seen.source {
        Source::Callback => t!("admin-who-callback"),
        Source::Recheck => t!("admin-who-recheck"),
        Source::Reconcile => t!("admin-who-reconcile"),
        Source::Start => t!("admin-who-start"),
        source => match source.actor() {
            Some(actor) => admin_name(state, actor.as_str()).await?,
            None => source.code().to_owned(),
        },
    };
    let again = || {
        let times = Lang::current().digits(seen.times);
        t!("admin-again", times = times, when = time::exact(seen.last_at))
    };
    Ok(SeenLine {
        who,
        seen: seen_words(&seen.seen),
        state: state_words(&seen.state),
        datetime: seen.first_at.to_string(),
        when: time::exact(seen.first_at),
        again: (seen.times > 1).then(again),
    })
}

/// The name behind `admin:{id}`.
async fn admin_name(state: &AppState, actor: &str) -> Result<String, Problem> {
    let id = actor.strip_prefix("admin:").and_then(|id| uuid::Uuid::try_parse(id).ok());
    let user = match id {
        Some(id) => users::lookup(&state.db, id).await?,
        None => None,
    };
    let other = || if actor == undelivered::ACTOR { t!("admin-who-server") } else { actor.to_owned() };
    Ok(user.map_or_else(other, |user| shown_name(user.name)))
}
