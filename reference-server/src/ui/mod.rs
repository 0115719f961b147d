//! What a person sees: typed contexts for the server-rendered pages, and the files the pages load.
//!
//! A page is a struct with the template beside it, checked at compile time and escaped by default. The
//! structs hold finished facts (names, money, times, links) and know neither database nor session, so that
//! every page can be rendered in a test from its `sample()`. Handlers fill them in `http::pages`.
//!
//! Not promised here: access. Whoever builds a context decides what its reader may know; a context without
//! contact details cannot leak any.

// Before the others, for its macro of texts.
#[macro_use]
pub mod lang;

pub mod account;
pub mod admin;
pub mod assets;
pub mod chart;
pub mod chat;
pub mod chat_block;
pub mod chat_report;
pub mod chats;
pub mod checkout;
pub mod choice;
pub mod docs;
pub mod earnings;
pub mod field;
pub mod layout;
pub mod live;
pub mod money;
pub mod my;
pub mod my_account;
pub mod my_payments;
pub mod my_rooms;
pub mod next;
pub mod notify;
pub mod offline;
pub mod problem;
pub mod qr;
pub mod room;
pub mod room_form;
pub mod rooms;
pub mod time;

#[cfg(test)]
mod render_tests;

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

pub use choice::Choice;
pub use field::{Field, FieldErrors};
pub use lang::Lang;
pub use layout::{AdminTab, Here, Layout, Viewer};

/// The routes of the files that pages load.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    assets::router()
}

/// Renders `template` as the answer to a page request.
///
/// Pages are made for one reader at one moment, so nothing may keep them: after a log-out, the back button
/// on a shared phone must not show an address.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::VARY, HeaderValue::from_static("Accept, Accept-Language, Cookie")),
                (header::CONTENT_LANGUAGE, HeaderValue::from_static(Lang::current().code())),
            ];
            (status, headers, html).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be shown. Please try again.")
                .into_response()
        }
    }
}
