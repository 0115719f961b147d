//! An owner's rooms.

use askama::Template;

use super::{Here, Layout};

/// `GET /my-rooms/`
#[derive(Debug, Template)]
#[template(path = "pages/my_rooms.html")]
pub struct MyRoomsPage {
    pub layout: Layout,
    pub rooms: Vec<OwnRoom>,
    /// Whether a room was just taken down.
    pub removed: bool,
    /// Where the list goes on.
    pub next_url: Option<String>,
}

/// One room in the list.
#[derive(Clone, Debug)]
pub struct OwnRoom {
    pub id: String,
    pub title: String,
    pub place: String,
    /// Monthly rent as text.
    pub rent: String,
    /// Day of the listing as text.
    pub listed: String,
    pub photo: Option<String>,
    /// By an administrator: nobody finds it.
    pub suspended: bool,
}

impl OwnRoom {
    /// Which drawing stands in for a missing photo.
    pub fn drawing(&self) -> u32 {
        super::rooms::drawing(&self.id)
    }
}

#[cfg(test)]
impl OwnRoom {
    pub(super) fn samples() -> Vec<Self> {
        let room = |id: &str, photo: Option<&str>| Self {
            id: id.into(),
            title: "Sunny room <script>alert(1)</script>".into(),
            place: "New <Baneshwor>, Kathmandu".into(),
            rent: "Rs. 12,500".into(),
            listed: "20 November".into(),
            photo: photo.map(Into::into),
            suspended: photo.is_none(),
        };
        vec![room("r1", Some("/photos/1-small.jpg")), room("r2", None)]
    }
}

#[cfg(test)]
impl MyRoomsPage {
    pub(super) fn sample() -> Self {
        Self {
            layout: Layout::sample_owner("My rooms", Here::MyRooms),
            rooms: OwnRoom::samples(),
            removed: true,
            next_url: Some("/my-rooms/?cursor=a".into()),
        }
    }

    pub(super) fn sample_empty() -> Self {
        Self { rooms: Vec::new(), removed: false, next_url: None, ..Self::sample() }
    }
}
