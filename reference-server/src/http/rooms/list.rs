//! `GET /api/rooms/`: find rooms.

use axum::Json;
use axum::extract::State;
use esewa_client::Amount;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::body::RoomBody;
use crate::auth::MaybeUser;
use crate::db::rooms::{self, Room, SearchFilter};
use crate::http::body::QueryOf;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::Lang;
use crate::ui::lang::latin_digits;

/// Rooms a page, unless asked otherwise.
const PAGE_ROOMS: u32 = 20;
/// Rooms a page at most.
const PAGE_ROOMS_MAX: u32 = 50;
/// A longer search is no search.
const QUERY_CHARS_MAX: usize = 100;
/// Each word is one more comparison a room.
const QUERY_WORDS_MAX: usize = 8;

/// The query, as typed.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Words.
    #[serde(default)]
    pub q: String,
    /// The city.
    #[serde(default)]
    pub city: String,
    /// Rupees a month, in Latin or Nepali digits.
    #[serde(default)]
    pub min_rent: String,
    /// Rupees a month, in Latin or Nepali digits.
    #[serde(default)]
    pub max_rent: String,
    /// Where the page before ended.
    #[serde(default)]
    pub cursor: String,
    /// Rooms a page.
    #[serde(default)]
    pub limit: String,
}

/// A page of rooms, and where the next one begins.
#[derive(Debug)]
pub struct Found {
    /// Newest first.
    pub rooms: Vec<Room>,
    /// `None` on the last page.
    pub next_cursor: Option<Uuid>,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rooms)]
pub struct RoomsBody {
    rooms: Vec<RoomBody>,
    next_cursor: Option<Uuid>,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/rooms",
    operation_id = "find_rooms",
    tag = "rooms",
    summary = "Find rooms, newest first",
    params(Search),
    responses((status = 200, description = "A page of rooms", body = RoomsBody)),
)]
pub async fn list(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    QueryOf(search): QueryOf<Search>,
) -> Result<Json<RoomsBody>, Problem> {
    let found = find(&state, &search).await?;
    let mut rooms = Vec::with_capacity(found.rooms.len());
    for room in found.rooms {
        rooms.push(RoomBody::of(&state, room, viewer.as_ref()).await?);
    }
    Ok(Json(RoomsBody { rooms, next_cursor: found.next_cursor }))
}

/// The rooms that a search finds.
pub async fn find(state: &AppState, search: &Search) -> Result<Found, Problem> {
    let limit = limit(&search.limit)?;
    // One more than asked for tells whether there is a next page.
    let mut rooms = rooms::search(&state.db, &filter(search)?, limit + 1).await?;
    let more = rooms.len() > limit as usize;
    rooms.truncate(limit as usize);
    let next_cursor = rooms.last().filter(|_| more).map(|room| room.id);
    Ok(Found { rooms, next_cursor })
}

fn filter(search: &Search) -> Result<SearchFilter, Problem> {
    let too_long = |text: &str| text.chars().count() > QUERY_CHARS_MAX || text.contains('\0');
    if too_long(&search.q) || too_long(&search.city) {
        return Err(Problem::invalid_query(format!(
            "q and city {}",
            t!("wrong-long", chars = Lang::current().digits(QUERY_CHARS_MAX))
        )));
    }
    let city = search.city.trim();
    Ok(SearchFilter {
        words: search.q.split_whitespace().take(QUERY_WORDS_MAX).map(ToOwned::to_owned).collect(),
        city: (!city.is_empty()).then(|| city.to_owned()),
        rent_paisa_min: rent("min_rent", &search.min_rent)?,
        rent_paisa_max: rent("max_rent", &search.max_rent)?,
        before: cursor(&search.cursor)?,
        ..SearchFilter::default()
    })
}

fn rent(name: &str, text: &str) -> Result<Option<u64>, Problem> {
    let amount = match text.trim() {
        "" => return Ok(None),
        text => latin_digits(text).parse::<Amount>(),
    };
    let wrong = |_| Problem::invalid_query(format!("{name} {}", t!("wrong-amount")));
    amount.map(|amount| Some(amount.paisa())).map_err(wrong)
}

fn cursor(text: &str) -> Result<Option<Uuid>, Problem> {
    match text {
        "" => Ok(None),
        text => Uuid::try_parse(text)
            .map(Some)
            .map_err(|_| Problem::invalid_query(format!("cursor {}", t!("wrong-cursor")))),
    }
}

fn limit(text: &str) -> Result<u32, Problem> {
    match text {
        "" => Ok(PAGE_ROOMS),
        text => match text.parse() {
            Ok(limit @ 1..=PAGE_ROOMS_MAX) => Ok(limit),
            _ => Err(Problem::invalid_query(format!(
                "limit {}",
                t!("wrong-limit", max = Lang::current().digits(PAGE_ROOMS_MAX))
            ))),
        },
    }
}
