//! `GET /admin/rooms/`: every room, listed or not, with a filter. What is wrong with it stands beside its field.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::{AdminPage, list_url};
use crate::db::rooms::Room;
use crate::http::admin::rooms::list::{RoomsQuery, find};
use crate::http::body::QueryOf;
use crate::http::pages::shell::{field_errors, layout, shown_name};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{AdminRoomLine, AdminRoomsPage, Mark, RoomsFilter};
use crate::ui::rooms::place;
use crate::ui::{self, AdminTab, FieldErrors, Here, money, time};

/// The route.
pub async fn rooms(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    QueryOf(query): QueryOf<RoomsQuery>,
) -> Result<Response, Problem> {
    let ((found, next), errors, status) = match find(&state, &query).await {
        Ok(found) => (found, FieldErrors::default(), StatusCode::OK),
        Err(problem) if !problem.errors().is_empty() => {
            ((Vec::new(), None), field_errors(&problem), problem.status())
        }
        Err(problem) => return Err(problem),
    };
    let layout = layout(&state, t!("rooms"), Some(&admin), Here::Admin(AdminTab::Rooms)).await?;
    let now = state.clock.now();
    let next_url = next.map(|cursor| {
        let cursor = cursor.to_string();
        list_url("/admin/rooms/", &[("q", &query.q), ("standing", &query.standing), ("cursor", &cursor)])
    });
    let filter = RoomsFilter { q: query.q, standing: query.standing };
    let page = AdminRoomsPage {
        rooms: found.into_iter().map(|room| line(room, now)).collect(),
        next_url,
        ..AdminRoomsPage::new(layout, &filter, &errors)
    };
    Ok(ui::page(status, &page))
}

fn line(room: Room, now: Timestamp) -> AdminRoomLine {
    AdminRoomLine {
        url: format!("/admin/rooms/{}/", room.id),
        place: place(&room.area, &room.city),
        rent: money::rent(room.rent_paisa),
        mark: mark(&room),
        datetime: room.created_at.to_string(),
        since: time::day(room.created_at, now),
        title: room.title,
        owner: shown_name(room.owner_name),
    }
}

/// How a room stands.
pub fn mark(room: &Room) -> Mark {
    Mark::of_room(room.listed, room.removed, room.suspended_at.is_some())
}
