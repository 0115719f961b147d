//! `GET /chats/`: whom one talks with.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use chat_core::Message;
use jiff::Timestamp;
use uuid::Uuid;

use super::shell::{layout, notify_switch, shown_name, to_login};
use crate::auth::{MaybeUser, Role};
use crate::chat::{Line, inbox};
use crate::db::users::User;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::chats::{ChatEntry, ChatsPage, LastMessage};
use crate::ui::room::ClientChat;
use crate::ui::{self, Here, time};

/// What a line of the list shows of a message; the rest would not fit anyway.
const PREVIEW_CHARS_MAX: usize = 140;

/// The route.
pub async fn chats(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    jar: CookieJar,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/chats/")) };
    let now = state.clock.now();
    let lines = inbox(&state, &user).await?;
    let page = ChatsPage {
        layout: layout(&state, t!("chats"), Some(&user), Here::Chats).await?,
        chats: lines.into_iter().map(|line| entry(&user, line, now)).collect(),
        is_owner: user.role == Role::Owner,
        notify: notify_switch(&state, &jar).await?,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// The conversations about one of the owner's rooms.
pub async fn about_room(state: &AppState, owner: &User, room: Uuid) -> Result<Vec<ClientChat>, Problem> {
    let lines = inbox(state, owner).await?;
    let about = lines.into_iter().filter(|line| line.listed.pairing.room_id == room);
    let chat = |line: Line| ClientChat {
        client_id: line.listed.pairing.client_id.to_string(),
        name: shown_name(line.listed.client_name),
        unread: line.entry.unread,
    };
    Ok(about.map(chat).collect())
}

/// A conversation in a list.
pub(super) fn entry(me: &User, line: Line, now: Timestamp) -> ChatEntry {
    let Line { listed, entry, .. } = line;
    let (room, client) = (listed.pairing.room_id, listed.pairing.client_id);
    let (url, with_name) = if me.id == client {
        (format!("/rooms/{room}/chat/"), listed.owner_name)
    } else {
        (format!("/rooms/{room}/chat/{client}/"), listed.client_name)
    };
    ChatEntry {
        url,
        with_name: shown_name(with_name),
        room_title: listed.room_title,
        last: entry.last_message.map(|message| last(me, &message, now)),
        unread: entry.unread,
    }
}

fn last(me: &User, message: &Message, now: Timestamp) -> LastMessage {
    let at = message.posted_at;
    let today = time::date(at) == time::date(now);
    LastMessage {
        text: preview(message),
        mine: message.sender.0 == me.id,
        datetime: at.to_string(),
        when: if today { time::clock(at) } else { time::day(at, now) },
    }
}

fn preview(message: &Message) -> String {
    if message.deleted {
        return t!("message-deleted-short");
    }
    if message.content.is_empty() {
        return t!("picture");
    }
    message.content.chars().take(PREVIEW_CHARS_MAX).collect()
}
