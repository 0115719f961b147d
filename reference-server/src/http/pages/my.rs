//! `GET /my/`: what a person has here. A client sees unlocked rooms, payments and chats; an owner earnings, rooms and
//! chats.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::chats::entry;
use super::my_payments::entry as payment_entry;
use super::shell::{layout, to_login};
use super::{earnings, my_rooms};
use crate::auth::{MaybeUser, Role};
use crate::chat::{Line, inbox};
use crate::db::rooms::{self, Room, SearchFilter, Standing};
use crate::db::unlocks::{self, Unlock};
use crate::db::users::User;
use crate::http::admin::page::next_of;
use crate::http::body::QueryOf;
use crate::http::earnings::By;
use crate::http::payments::list::page_of;
use crate::http::photos::small;
use crate::payments::subject_of_user;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::chats::ChatEntry;
use crate::ui::my::{ClientPage, OwnerPage, UnlockedRoom};
use crate::ui::{self, Here, money, rooms::place, time};

/// Unlocked rooms a page.
const PAGE_ROOMS: u32 = 12;
/// Payments, rooms and chats that are shown of many; the rest is on a page of its own.
const NEWEST: u32 = 5;

/// Where the unlocked rooms begin.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    cursor: String,
}

/// The route.
pub async fn my(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    QueryOf(query): QueryOf<Query>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/my/")) };
    match user.role {
        Role::Client => client(&state, &user, &query.cursor).await,
        Role::Owner => owner(&state, &user).await,
        Role::Admin => Ok(Redirect::to("/admin/").into_response()),
    }
}

async fn client(state: &AppState, user: &User, cursor: &str) -> Result<Response, Problem> {
    let now = state.clock.now();
    let lines = inbox(state, user).await?;
    let unread: HashMap<Uuid, u64> =
        lines.iter().map(|line| (line.listed.pairing.room_id, line.entry.unread)).collect();
    let (unlocked, next) = unlocked(state, user, cursor).await?;
    let mut rooms = Vec::with_capacity(unlocked.len());
    for unlock in unlocked {
        let Some(room) = rooms::lookup_ever(&state.db, unlock.room).await? else { continue };
        let unread = unread.get(&room.id).copied().unwrap_or_default();
        rooms.push(room_line(room, unlock.at, unread, now));
    }
    let (newest, more_payments) = page_of(state, user, "", NEWEST).await?;
    let mut payments = Vec::with_capacity(newest.len());
    for payment in &newest {
        payments.push(payment_entry(state, payment).await?);
    }
    let (chats, has_more_chats) = newest_chats(user, lines, now);
    let page = ClientPage {
        layout: layout(state, t!("overview"), Some(user), Here::My).await?,
        rooms,
        next_url: next.map(|cursor| format!("/my/?cursor={cursor}")),
        payments,
        has_more_payments: more_payments.is_some(),
        chats,
        has_more_chats,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

async fn owner(state: &AppState, user: &User) -> Result<Response, Problem> {
    let now = state.clock.now();
    let (chart, earned) = earnings::view(state, user, By::Month).await?;
    let filter = SearchFilter { owner: Some(user.id), standing: Standing::Kept, ..SearchFilter::default() };
    let mut own = rooms::search(&state.db, &filter, NEWEST + 1).await?;
    let has_more_rooms = next_of(&mut own, NEWEST, |room| room.id).is_some();
    let (chats, has_more_chats) = newest_chats(user, inbox(state, user).await?, now);
    let page = OwnerPage {
        layout: layout(state, t!("overview"), Some(user), Here::My).await?,
        chart,
        earned,
        rooms: own.into_iter().map(|room| my_rooms::line(state, room)).collect(),
        has_more_rooms,
        chats,
        has_more_chats,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// A page of the rooms that are open for a client, the newest unlock first, and where the next one begins.
async fn unlocked(
    state: &AppState,
    user: &User,
    cursor: &str,
) -> Result<(Vec<Unlock>, Option<String>), Problem> {
    let subject = subject_of_user(user.id)?;
    let before = place_of(cursor)?;
    let now = state.clock.now();
    let found = unlocks::of_subject(&state.db, subject.as_str(), before, now, PAGE_ROOMS + 1).await;
    let mut found = found?;
    let next = next_of(&mut found, PAGE_ROOMS, |last| format!("{}_{}", last.at.as_microsecond(), last.grant));
    Ok((found, next))
}

fn place_of(cursor: &str) -> Result<Option<(Timestamp, &str)>, Problem> {
    if cursor.is_empty() {
        return Ok(None);
    }
    let place = cursor
        .split_once('_')
        .and_then(|(micros, grant)| Some((Timestamp::from_microsecond(micros.parse().ok()?).ok()?, grant)));
    // No database takes such a text.
    let place = place.filter(|(_, grant)| !grant.contains('\0'));
    place.map(Some).ok_or_else(|| Problem::invalid_query("cursor must be the one of a link."))
}

fn newest_chats(user: &User, lines: Vec<Line>, now: Timestamp) -> (Vec<ChatEntry>, bool) {
    let has_more = lines.len() > NEWEST as usize;
    (lines.into_iter().take(NEWEST as usize).map(|line| entry(user, line, now)).collect(), has_more)
}

fn room_line(room: Room, since: Timestamp, unread: u64, now: Timestamp) -> UnlockedRoom {
    UnlockedRoom {
        id: room.id.to_string(),
        place: place(&room.area, &room.city),
        rent: money::rent(room.rent_paisa),
        photo: room.photos.first().map(|url| small(url)),
        since: time::day(since, now),
        listed: room.listed,
        unread,
        title: room.title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursor_that_is_none_is_refused_before_the_database() {
        for wrong in ["x", "1", "_a", "99999999999999999999_a", "1_\0"] {
            assert!(place_of(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(
            place_of("5_g").ok().flatten().map(|(at, grant)| (at.as_microsecond(), grant)),
            Some((5, "g"))
        );
    }
}
