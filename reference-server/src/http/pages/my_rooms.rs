//! `GET /my-rooms/`: an owner's rooms; and taking one down.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::shell::{layout, to_login};
use crate::auth::{CurrentUser, MaybeUser, Role};
use crate::db::rooms::{self, Room, SearchFilter, Standing};
use crate::http::body::{PathId, QueryOf, parse_id};
use crate::http::photos::small;
use crate::http::rooms::change::own_room;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::my_rooms::{MyRoomsPage, OwnRoom};
use crate::ui::{self, Here, money, rooms::place, time};

/// Rooms a page.
const PAGE_ROOMS: u32 = 20;

/// Where the list begins, and what led here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    cursor: String,
    removed: String,
}

/// The list.
pub async fn show(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    QueryOf(query): QueryOf<Query>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/my-rooms/")) };
    let owner = CurrentUser(user).require(Role::Owner)?;
    let before = match query.cursor.as_str() {
        "" => None,
        text => Some(parse_id(text)?),
    };
    let standing = Standing::Kept;
    let filter = SearchFilter { owner: Some(owner.id), before, standing, ..SearchFilter::default() };
    // One more than shown tells whether there is a next page.
    let mut rooms = rooms::search(&state.db, &filter, PAGE_ROOMS + 1).await?;
    let more = rooms.len() > PAGE_ROOMS as usize;
    rooms.truncate(PAGE_ROOMS as usize);
    let page = MyRoomsPage {
        layout: layout(&state, t!("my-rooms"), Some(&owner), Here::MyRooms).await?,
        next_url: rooms.last().filter(|_| more).map(|room| format!("/my-rooms/?cursor={}", room.id)),
        rooms: rooms.into_iter().map(|room| line(&state, room)).collect(),
        removed: query.removed == "1",
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// Takes a room down.
pub async fn remove(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    PathId(id): PathId,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/my-rooms/")) };
    own_room(&state, &user, id).await?;
    rooms::remove(&state.db, id, state.clock.now()).await?;
    Ok(Redirect::to("/my-rooms/?removed=1").into_response())
}

/// A room in a list of the owner's.
pub(super) fn line(state: &AppState, room: Room) -> OwnRoom {
    OwnRoom {
        id: room.id.to_string(),
        place: place(&room.area, &room.city),
        rent: money::rent(room.rent_paisa),
        listed: time::day(room.created_at, state.clock.now()),
        photo: room.photos.first().map(|url| small(url)),
        suspended: room.suspended_at.is_some(),
        title: room.title,
    }
}
