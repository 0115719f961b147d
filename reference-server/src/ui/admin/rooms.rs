//! The list of rooms with its filter, listed or not.

use askama::Template;

use super::Mark;
use crate::ui::{Choice, Field, FieldErrors, Here, Layout};

/// `GET /admin/rooms/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/rooms.html")]
pub struct AdminRoomsPage {
    pub layout: Layout,
    pub q: Field,
    pub standing: Choice,
    pub rooms: Vec<AdminRoomLine>,
    /// Whether anything was asked for.
    pub is_filtered: bool,
    /// Where the list goes on, with the filter kept.
    pub next_url: Option<String>,
}

/// The filter, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct RoomsFilter {
    pub q: String,
    pub standing: String,
}

/// One room in the list.
#[derive(Clone, Debug)]
pub struct AdminRoomLine {
    pub url: String,
    pub title: String,
    pub owner: String,
    pub place: String,
    /// Monthly rent as text.
    pub rent: String,
    pub mark: Mark,
    /// RFC 3339, for machines.
    pub datetime: String,
    /// For people.
    pub since: String,
}

impl AdminRoomsPage {
    /// The list under a filter, which may have errors.
    pub fn new(layout: Layout, filter: &RoomsFilter, errors: &FieldErrors) -> Self {
        let standings = [
            ("", t!("admin-any")),
            ("listed", t!("admin-listed")),
            ("suspended", t!("room-suspended")),
            ("removed", t!("admin-taken-down")),
        ];
        Self {
            layout,
            q: Field::text("q", t!("admin-rooms-named"), 100).optional().filled(&filter.q, errors),
            standing: Choice::new(("standing", &t!("admin-state")), standings, &filter.standing, errors),
            rooms: Vec::new(),
            is_filtered: [&filter.q, &filter.standing].iter().any(|text| !text.is_empty()),
            next_url: None,
        }
    }
}

#[cfg(test)]
impl AdminRoomsPage {
    pub(in crate::ui) fn sample() -> Self {
        use crate::ui::AdminTab;
        let line = |title: &str, mark| AdminRoomLine {
            url: "/admin/rooms/r1/".into(),
            title: title.into(),
            owner: "Hari <Bahadur>".into(),
            place: "New <Baneshwor>, Kathmandu".into(),
            rent: crate::ui::money::rent(1_250_000),
            mark,
            datetime: "2026-11-22T09:20:00Z".into(),
            since: t!("today"),
        };
        let filter = RoomsFilter { q: "\"><script>alert(1)</script>".into(), ..Default::default() };
        Self {
            rooms: vec![
                line("Sunny room <script>alert(1)</script>", Mark::of_room(true, false, false)),
                line("Two rooms", Mark::of_room(false, false, true)),
                line("Flat in Patan", Mark::of_room(false, false, false)),
                line("Old house", Mark::of_room(false, true, true)),
            ],
            next_url: Some("/admin/rooms/?cursor=a".into()),
            ..Self::new(Layout::sample_admin(&t!("rooms"), AdminTab::Rooms), &filter, &FieldErrors::default())
        }
    }

    pub(in crate::ui) fn sample_refused() -> Self {
        use crate::ui::AdminTab;
        let filter = RoomsFilter { standing: "sold".into(), ..Default::default() };
        let errors = FieldErrors::new([("standing".into(), t!("wrong-room-state"))]);
        Self::new(Layout::sample_admin(&t!("rooms"), AdminTab::Rooms), &filter, &errors)
    }
}
