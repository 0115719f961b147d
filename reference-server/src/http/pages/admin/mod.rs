//! The pages of administrators: figures, payments, people, rooms, reports, and the log of what was done. For anybody else
//! who is signed in there is nothing here; who is not signed in may do so, since that these pages exist is no secret.

mod acts;
mod figures;
mod payment;
mod payments;
mod people;
mod person;
mod report;
mod reports;
mod room;
mod rooms;

use axum::Router;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use super::shell::to_login;
use crate::auth::{Role, viewer_of};
use crate::db::users::User;
use crate::http::admin::{export, reports as reports_api};
use crate::middleware::wants_html;
use crate::problem::Problem;
use crate::state::AppState;

/// The routes.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin", get(figures::figures))
        .route("/admin/payments", get(payments::payments))
        .route("/admin/payments/export", get(export::export))
        .route("/admin/payments/{transaction_id}", get(payment::show))
        .route("/admin/payments/{transaction_id}/recheck", post(payment::recheck))
        .route("/admin/payments/{transaction_id}/resolve", post(payment::resolve))
        .route("/admin/payments/{transaction_id}/refund", post(payment::refund))
        .route("/admin/users", get(people::people))
        .route("/admin/users/{id}", get(person::show))
        .route("/admin/users/{id}/suspend", post(person::suspend))
        .route("/admin/users/{id}/lift", post(person::lift))
        .route("/admin/rooms", get(rooms::rooms))
        .route("/admin/rooms/{id}", get(room::show))
        .route("/admin/rooms/{id}/suspend", post(room::suspend))
        .route("/admin/rooms/{id}/lift", post(room::lift))
        .route("/admin/reports", get(reports::reports))
        .route("/admin/reports/{id}", get(report::show))
        .route("/admin/reports/{id}/image", get(reports_api::image::image))
        .route("/admin/reports/{id}/decide", post(report::decide))
        .route("/admin/acts", get(acts::acts))
        .method_not_allowed_fallback(to_its_page)
}

/// An administrator at a page. A browser of nobody is asked to log in; for everybody else there is nothing here.
#[derive(Debug, Clone)]
pub(super) struct AdminPage(pub User);

impl FromRequestParts<AppState> for AdminPage {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        match viewer_of(state, parts).await.map_err(Problem::into_response)? {
            Some(user) if user.role == Role::Admin => Ok(Self(user)),
            None if parts.method == Method::GET && wants_html(&parts.headers) => {
                let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
                Err(to_login(uri.path_and_query().map_or("/admin/", |path| path.as_str())))
            }
            Some(_) | None => Err(Problem::not_found().into_response()),
        }
    }
}

/// Where a form is posted to is no page: whoever asks for it gets the page that has the form.
async fn to_its_page(_: AdminPage, method: Method, uri: Uri) -> Result<Redirect, Problem> {
    let page = uri.path().trim_end_matches('/').rsplit_once('/').map(|(page, _)| format!("{page}/"));
    page.filter(|_| method == Method::GET).map(|page| Redirect::to(&page)).ok_or_else(Problem::not_found)
}

/// The same list at another place, with the filter kept.
fn list_url(path: &str, typed: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(typed.iter().filter(|(_, value)| !value.is_empty()));
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_page_keeps_the_filter() {
        let typed = [("review", "1"), ("q", "a&b"), ("from", ""), ("cursor", "1_a")];
        assert_eq!(list_url("/x/", &typed), "/x/?review=1&q=a%26b&cursor=1_a");
        assert_eq!(list_url("/x/", &[]), "/x/");
    }
}
