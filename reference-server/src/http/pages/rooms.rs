//! `GET /`: the rooms, newest first, with a search.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::shell::layout;
use crate::auth::MaybeUser;
use crate::db::rooms::{self, Room};
use crate::db::users::User;
use crate::http::body::QueryOf;
use crate::http::photos::small;
use crate::http::rooms::body::is_unlocked;
use crate::http::rooms::list::{Found, Search, find};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::rooms::{RoomCard, RoomsPage, Search as Typed, Standing, place};
use crate::ui::{self, Here, money};

/// Cities that are offered beside the search.
const CITIES_MAX: u32 = 50;
/// The newest rooms that these are taken from.
const CITIES_OF_ROOMS_MAX: u32 = 500;

/// The route.
pub async fn rooms(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    QueryOf(search): QueryOf<Search>,
) -> Result<Response, Problem> {
    let (found, refused) = match find(&state, &search).await {
        Ok(found) => (found, None),
        // Said above the search, with what was typed still in it.
        Err(problem) if problem.code() == "invalid_query" => {
            (Found { rooms: Vec::new(), next_cursor: None }, Some(problem))
        }
        Err(problem) => return Err(problem),
    };
    let mut cards = Vec::with_capacity(found.rooms.len());
    for room in found.rooms {
        cards.push(card(&state, room, viewer.as_ref()).await?);
    }
    let layout = layout(&state, t!("rooms"), viewer.as_ref(), Here::Rooms).await?;
    let page = RoomsPage {
        layout: layout.listed(&state.public_url, "/"),
        next_url: found.next_cursor.map(|cursor| next_url(&search, cursor)),
        search: Typed {
            q: search.q,
            city: search.city,
            min_rent: search.min_rent,
            max_rent: search.max_rent,
        },
        rooms: cards,
        cities: rooms::cities(&state.db, CITIES_OF_ROOMS_MAX, CITIES_MAX).await?,
        refused: refused.as_ref().map(|problem| in_words(problem.detail())),
    };
    Ok(ui::page(refused.map_or(StatusCode::OK, |problem| problem.status()), &page))
}

async fn card(state: &AppState, room: Room, viewer: Option<&User>) -> Result<RoomCard, Problem> {
    let standing = if viewer.is_some_and(|viewer| viewer.id == room.owner_id) {
        Standing::Mine
    } else if is_unlocked(state, &room, viewer).await? {
        Standing::Unlocked
    } else {
        Standing::Locked
    };
    Ok(RoomCard {
        id: room.id.to_string(),
        place: place(&room.area, &room.city),
        rent: money::rent(room.rent_paisa),
        photo: room.photos.first().map(|url| small(url)),
        price: money::rupees(state.unlock_price.minor),
        title: room.title,
        standing,
    })
}

/// The API speaks of parameters, a person of labels.
fn in_words(detail: &str) -> String {
    let labels = [
        ("min_rent", t!("search-rent-from")),
        ("max_rent", t!("search-rent-to")),
        ("q and city", t!("search-words-and-city")),
        ("cursor", t!("search-cursor")),
        ("limit", t!("search-limit")),
    ];
    let named =
        labels.iter().find_map(|(name, label)| Some(format!("{label}{}", detail.strip_prefix(name)?)));
    named.unwrap_or_else(|| detail.to_owned())
}

/// The same search, from `cursor` on.
fn next_url(search: &Search, cursor: Uuid) -> String {
    let mut query = Serializer::for_suffix(String::from("/?"), 2);
    let typed = [
        ("q", &search.q),
        ("city", &search.city),
        ("min_rent", &search.min_rent),
        ("max_rent", &search.max_rent),
    ];
    for (name, value) in typed.into_iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    query.append_pair("cursor", &cursor.to_string()).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_page_keeps_the_search() {
        let search = Search { q: "two rooms & more".into(), max_rent: "9000".into(), ..Search::default() };
        let url = next_url(&search, Uuid::nil());
        assert_eq!(url, "/?q=two+rooms+%26+more&max_rent=9000&cursor=00000000-0000-0000-0000-000000000000");
    }
}
