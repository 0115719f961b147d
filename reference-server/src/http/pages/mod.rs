//! The pages for people: one file a page, each a typed context filled from the same services as the API.

pub mod account;
pub mod admin;
pub mod chat;
pub mod chat_block;
pub mod chat_report;
pub mod chats;
pub mod check;
pub mod docs;
pub mod earnings;
mod forms;
pub mod language;
pub mod login;
pub mod logout;
pub mod my;
pub mod my_payments;
pub mod my_rooms;
pub mod pay;
pub mod payment;
pub mod problem;
pub mod receipt;
pub mod register;
pub mod robots;
pub mod room;
pub mod room_edit;
pub mod room_new;
pub mod rooms;
pub mod shell;
pub mod sitemap;
pub mod unlock;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::http::pwa;
use crate::state::AppState;

/// The routes, without their trailing slash as all others.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(rooms::rooms))
        .route("/rooms/new", get(room_new::show).post(room_new::submit))
        .route("/rooms/{id}", get(room::room))
        .route("/rooms/{id}/edit", get(room_edit::show).post(room_edit::submit))
        .route("/rooms/{id}/photos", post(room_edit::add_photo).layer(DefaultBodyLimit::disable()))
        .route("/rooms/{id}/photos/{file}/remove", post(room_edit::remove_photo))
        .route("/rooms/{id}/photos/{file}/audience", post(room_edit::show_photo_to))
        .route("/rooms/{id}/remove", post(my_rooms::remove))
        .route("/my", get(my::my))
        .route("/my/payments", get(my_payments::payments))
        .route("/my/earnings", get(earnings::earnings))
        .route("/my-rooms", get(my_rooms::show))
        .route("/rooms/{id}/unlock", post(unlock::unlock))
        // They read pictures in pieces and count for themselves.
        .route("/rooms/{id}/chat", get(chat::show).post(chat::send).layer(DefaultBodyLimit::disable()))
        .route(
            "/rooms/{id}/chat/{client_id}",
            get(chat::show).post(chat::send).layer(DefaultBodyLimit::disable()),
        )
        .merge(chat_acts("/rooms/{id}/chat"))
        .merge(chat_acts("/rooms/{id}/chat/{client_id}"))
        .route("/payments/{transaction_id}", get(payment::payment))
        .route("/payments/{transaction_id}/receipt", get(receipt::receipt))
        .route("/payments/{transaction_id}/check", post(check::check))
        .route("/pay/{transaction_id}", get(pay::pay))
        .route("/docs", get(docs::docs))
        .route("/account", get(account::show))
        .route("/account/password", post(account::password))
        .route("/account/sessions/{id}/end", post(account::end_session))
        .route("/account/sessions/end-others", post(account::end_others))
        .route("/account/delete", post(account::delete))
        .route("/chats", get(chats::chats))
        .route("/register", get(register::show).post(register::submit))
        .route("/login", get(login::show).post(login::submit))
        .route("/logout", post(logout::logout))
        .route("/language", post(language::choose))
        .route("/robots.txt", get(robots::robots))
        .route("/sitemap.xml", get(sitemap::sitemap))
        .merge(pwa::routes())
        .method_not_allowed_fallback(forms::to_its_page)
}

/// What is done about the other person of the conversation at `chat`.
fn chat_acts(chat: &str) -> Router<AppState> {
    Router::new()
        .route(&format!("{chat}/report"), get(chat_report::show).post(chat_report::submit))
        .route(&format!("{chat}/block"), get(chat_block::show).post(chat_block::submit))
        .route(&format!("{chat}/unblock"), post(chat_block::take_back))
}
