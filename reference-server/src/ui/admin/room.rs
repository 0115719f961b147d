//! One room as everybody saw it, and suspending it.

use askama::Template;

use super::{ActLine, Changed, Fact, Mark, SuspensionPart};
use crate::ui::{Here, Layout};

/// `GET /admin/rooms/{id}/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/room.html")]
pub struct AdminRoomPage {
    pub layout: Layout,
    pub title: String,
    pub mark: Mark,
    pub changed: Option<Changed>,
    pub description: String,
    /// Small ones.
    pub photos: Vec<String>,
    pub facts: Vec<Fact>,
    /// Newest first.
    pub acts: Vec<ActLine>,
    /// Not for a room that was taken down.
    pub suspension: Option<SuspensionPart>,
}

#[cfg(test)]
impl AdminRoomPage {
    pub(in crate::ui) fn sample() -> Self {
        use crate::ui::{AdminTab, FieldErrors};
        Self {
            layout: Layout::sample_admin("Sunny room <script>alert(1)</script>", AdminTab::Rooms),
            title: "Sunny room <script>alert(1)</script>".into(),
            mark: Mark::of_room(true, false, false),
            changed: None,
            description: "Second floor.\n<b>parking</b>".into(),
            photos: vec!["/photos/1-small.jpg?a=\"x\"".into()],
            facts: vec![Fact {
                name: t!("owner"),
                value: "Hari <Bahadur>".into(),
                url: Some("/admin/users/u1/".into()),
            }],
            acts: vec![ActLine::sample()],
            suspension: Some(SuspensionPart::new("/admin/rooms/r1/", false, "", &FieldErrors::default())),
        }
    }

    pub(in crate::ui) fn sample_suspended() -> Self {
        Self {
            mark: Mark::of_room(false, false, true),
            changed: Some(Changed::Suspended),
            photos: Vec::new(),
            acts: Vec::new(),
            suspension: Some(SuspensionPart::new("/admin/rooms/r1/", true, "", &Default::default())),
            ..Self::sample()
        }
    }
}
