//! Where forms are posted to: no page by itself, but an address that a browser has when the answer was a page, and so one
//! that is reloaded, kept, and gone back to.

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Redirect;

use crate::middleware::wants_html;
use crate::problem::Problem;

/// Leads to the page that has the form.
pub async fn to_its_page(method: Method, uri: Uri, headers: HeaderMap) -> Result<Redirect, Problem> {
    match method == Method::GET && wants_html(&headers) {
        true => Ok(Redirect::to(&page_of(uri.path()))),
        false => Err(Problem::method_not_allowed()),
    }
}

fn page_of(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["account", ..] => "/account/".to_owned(),
        ["rooms", room, "photos", ..] => format!("/rooms/{room}/edit/"),
        ["rooms", .., "unblock"] | ["rooms" | "payments", _, _] => {
            format!("/{}/", parts[..parts.len() - 1].join("/"))
        }
        _ => "/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_a_page() {
        for (path, page) in [
            ("/account/password", "/account/"),
            ("/account/delete/", "/account/"),
            ("/account/sessions/1/end", "/account/"),
            ("/rooms/r1/photos", "/rooms/r1/edit/"),
            ("/rooms/r1/photos/p1/remove", "/rooms/r1/edit/"),
            ("/rooms/r1/unlock", "/rooms/r1/"),
            ("/rooms/r1/remove", "/rooms/r1/"),
            ("/rooms/r1/chat/unblock", "/rooms/r1/chat/"),
            ("/rooms/r1/chat/c1/unblock/", "/rooms/r1/chat/c1/"),
            ("/payments/p1/check", "/payments/p1/"),
            ("/logout", "/"),
            ("/language", "/"),
        ] {
            assert_eq!(page_of(path), page, "{path}");
        }
    }
}
