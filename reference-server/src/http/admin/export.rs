//! `GET /api/admin/payments/export/`: the payments of a filter as CSV, for the books. No name and no phone number is
//! in it.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use paygate::Payment;

use super::acts::{Deed, logged};
use super::find::{Asked, search};
use crate::auth::{AdminUser, Phone};
use crate::db::users;
use crate::http::body::QueryOf;
use crate::payments::wire::PaymentBody;
use crate::payments::{subject_of_user, user_of};
use crate::problem::{FieldError, Problem};
use crate::state::AppState;
use crate::ui::Lang;
use crate::ui::lang::latin_digits;

/// Rows of a file. More is refused rather than cut: books with a hole in them are worse than none.
const ROWS_MAX: u32 = 5_000;

/// What the log has in the place of a number that nobody has, or that was typed wrong.
const NOBODYS_NUMBER: &str = "number";
/// Digits alone, of which there are so many, may be a phone number with a slip in it.
const NUMBER_DIGITS_MIN: usize = 8;

const HEAD: &str = "transaction_id,created_at,status,amount,currency,esewa_ref_id,paid_at,refunded_at,review,room_id,\
                    user_id\r\n";

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/payments/export",
    operation_id = "admin_export",
    tag = "admin",
    summary = "The payments of a filter as CSV",
    security(("session" = [])),
    params(Asked),
    responses(
        (status = 200, description = "The file", body = String, content_type = "text/csv"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn export(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    QueryOf(asked): QueryOf<Asked>,
) -> Result<Response, Problem> {
    let subject = subject(&state, &asked).await?;
    let shared = state.clone();
    let reading = async move { Box::pin(rows(&shared, &asked)).await };
    let outcome = |rows: &Vec<Payment>| format!("{} rows", rows.len());
    let deed = Deed { act: "export", subject, reason: String::new() };
    let rows = logged(&state, &admin, deed, reading, outcome).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"kotha-payments.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, csv(&rows)).into_response())
}

/// The filter for the log, which outlives accounts: in the place of a phone number stands whose it is.
async fn subject(state: &AppState, asked: &Asked) -> Result<String, Problem> {
    let mut asked = asked.clone();
    if let Ok(phone) = Phone::parse(&asked.q) {
        let known = users::lookup_by_phone(&state.db, phone.as_str()).await?;
        asked.q = match known {
            Some((user, _)) => subject_of_user(user.id)?.as_str().to_owned(),
            None => NOBODYS_NUMBER.to_owned(),
        };
    } else if latin_digits(&asked.q).chars().filter(char::is_ascii_digit).count() >= NUMBER_DIGITS_MIN
        && !asked.q.contains(|c: char| c.is_ascii_alphabetic())
    {
        asked.q = NOBODYS_NUMBER.to_owned();
    }
    serde_urlencoded::to_string(&asked).map_err(Problem::internal)
}

async fn rows(state: &AppState, asked: &Asked) -> Result<Vec<Payment>, Problem> {
    let rows = search(state, asked, None, ROWS_MAX + 1).await?;
    if rows.len() > ROWS_MAX as usize {
        let message = t!("wrong-too-many-rows", max = Lang::current().digits(ROWS_MAX));
        return Err(Problem::invalid_fields(vec![FieldError { field: "to", message }]));
    }
    Ok(rows)
}

fn csv(payments: &[Payment]) -> String {
    let mut text = String::from(HEAD);
    for payment in payments {
        row(&mut text, payment);
    }
    text
}

fn row(text: &mut String, payment: &Payment) {
    let body = PaymentBody::from(payment);
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let cells = [
        body.transaction_id,
        body.created_at.to_string(),
        body.status.as_str().to_owned(),
        body.amount,
        body.currency.to_owned(),
        body.esewa_ref_id.unwrap_or_default(),
        at(body.paid_at),
        at(payment.refunded_at),
        payment.review.map(|anomaly| anomaly.code().to_owned()).unwrap_or_default(),
        body.room_id.map(|id| id.to_string()).unwrap_or_default(),
        user_of(&payment.intent.subject).map(|id| id.to_string()).unwrap_or_default(),
    ];
    for (place, cell) in cells.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        // Writing to a string can't fail.
        let _ = write!(text, "{comma}{}", quoted(cell));
    }
    text.push_str("\r\n");
}

/// A cell that every spreadsheet takes for text: a quote doubled, and what would begin a formula begins with an
/// apostrophe. eSewa's reference is the one cell that comes from outside.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    if guard.is_empty() && !cell.contains(['"', ',', '\r', '\n']) {
        return cell.to_owned();
    }
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_breaks_out_of_its_place() {
        for (cell, written) in [
            ("0007G36", "0007G36"),
            ("=HYPERLINK(\"http://evil\")", "\"'=HYPERLINK(\"\"http://evil\"\")\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@x", "\"'@x\""),
            ("\t=1", "\"'\t=1\""),
            ("a,b", "\"a,b\""),
            ("a\r\nb", "\"a\r\nb\""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
