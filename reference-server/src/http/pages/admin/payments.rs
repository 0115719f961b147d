//! `GET /admin/payments/`: everybody's payments, with a filter. What is wrong with the filter stands beside its field.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use paygate::Payment;

use super::{AdminPage, list_url};
use crate::db::{rooms, users};
use crate::http::admin::find::{Asked, Found, find};
use crate::http::body::QueryOf;
use crate::http::pages::shell::{field_errors, layout, shown_name};
use crate::payments::wire::Status;
use crate::payments::{room_of, user_of};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{Filter, Mark, PaymentLine, PaymentsPage, review_words};
use crate::ui::{self, AdminTab, FieldErrors, Here, money, time};

/// The route.
pub async fn payments(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    QueryOf(asked): QueryOf<Asked>,
) -> Result<Response, Problem> {
    let (found, errors, status) = match find(&state, &asked).await {
        Ok(found) => (found, FieldErrors::default(), StatusCode::OK),
        Err(problem) if !problem.errors().is_empty() => {
            let nothing = Found { payments: Vec::new(), next_cursor: None };
            (nothing, field_errors(&problem), problem.status())
        }
        Err(problem) => return Err(problem),
    };
    let mut lines = Vec::with_capacity(found.payments.len());
    for payment in &found.payments {
        lines.push(line(&state, payment).await?);
    }
    let layout = layout(&state, t!("my-payments"), Some(&admin), Here::Admin(AdminTab::Payments)).await?;
    let page = PaymentsPage {
        payments: lines,
        next_url: found.next_cursor.map(|cursor| url("/admin/payments/", &asked, &cursor)),
        export_url: url("/admin/payments/export/", &asked, ""),
        ..PaymentsPage::new(layout, &filter(&asked), &errors)
    };
    Ok(ui::page(status, &page))
}

async fn line(state: &AppState, payment: &Payment) -> Result<PaymentLine, Problem> {
    let (payer, room_title) = names(state, payment).await?;
    let created_at = payment.intent.created_at;
    Ok(PaymentLine {
        url: format!("/admin/payments/{}/", payment.intent.id),
        payer,
        room_title,
        amount: money::rupees(payment.intent.offer.price.minor),
        mark: Mark::of_status(Status::from(payment).as_str()),
        review: payment.review.map(|anomaly| review_words(anomaly.code())),
        datetime: created_at.to_string(),
        when: time::moment(created_at, state.clock.now()),
    })
}

/// Who pays, and for what.
pub async fn names(state: &AppState, payment: &Payment) -> Result<(String, String), Problem> {
    let payer = match user_of(&payment.intent.subject) {
        Some(id) => users::lookup(&state.db, id).await?.map(|user| shown_name(user.name)),
        None => None,
    };
    let room = match room_of(&payment.intent.offer.resource) {
        Some(id) => rooms::lookup_ever(&state.db, id).await?.map(|room| room.title),
        None => None,
    };
    let intent = &payment.intent;
    Ok((
        payer.unwrap_or_else(|| intent.subject.as_str().to_owned()),
        room.unwrap_or_else(|| intent.offer.resource.as_str().to_owned()),
    ))
}

fn filter(asked: &Asked) -> Filter {
    Filter {
        status: asked.status.clone(),
        in_review: asked.review == "1",
        q: asked.q.clone(),
        from: asked.from.clone(),
        to: asked.to.clone(),
    }
}

/// The same filter at another place.
fn url(path: &str, asked: &Asked, cursor: &str) -> String {
    let typed = [
        ("status", &*asked.status),
        ("review", &asked.review),
        ("q", &asked.q),
        ("from", &asked.from),
        ("to", &asked.to),
        ("cursor", cursor),
    ];
    list_url(path, &typed)
}
