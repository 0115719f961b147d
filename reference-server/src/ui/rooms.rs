//! The list of rooms with its search.

use askama::Template;

use super::{Here, Layout};

/// `GET /`
#[derive(Debug, Template)]
#[template(path = "pages/rooms.html")]
pub struct RoomsPage {
    pub layout: Layout,
    pub search: Search,
    pub rooms: Vec<RoomCard>,
    /// Where rooms are, for the search to offer.
    pub cities: Vec<String>,
    /// Where the list goes on, with the search kept.
    pub next_url: Option<String>,
    /// What is wrong with the search.
    pub refused: Option<String>,
}

/// What was searched for, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Search {
    pub q: String,
    pub city: String,
    pub min_rent: String,
    pub max_rent: String,
}

impl Search {
    /// Whether anything was asked for, so that an empty list can say what to do about it.
    pub fn is_set(&self) -> bool {
        [&self.q, &self.city, &self.min_rent, &self.max_rent].iter().any(|field| !field.is_empty())
    }
}

/// A room in a list. Holds no contact detail, so no list can show one.
#[derive(Clone, Debug)]
pub struct RoomCard {
    pub id: String,
    pub title: String,
    /// Area and city, as [`place`] writes them.
    pub place: String,
    /// Monthly rent as text, from [`money::rent`](super::money::rent).
    pub rent: String,
    pub photo: Option<String>,
    /// Price of the unlock as text, from [`money::rupees`](super::money::rupees).
    pub price: String,
    pub standing: Standing,
}

/// How the reader stands to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Contact and chat are for sale.
    Locked,
    /// Contact and chat are open.
    Unlocked,
    /// The reader listed it.
    Mine,
}

impl RoomCard {
    /// Which of the four drawings stands in for a missing photo; the same room always gets the same one.
    pub fn drawing(&self) -> u32 {
        drawing(&self.id)
    }
}

/// Area and city in one line: `Baneshwor, Kathmandu`.
pub fn place(area: &str, city: &str) -> String {
    if area.is_empty() { city.to_owned() } else { format!("{area}, {city}") }
}

pub(super) fn drawing(id: &str) -> u32 {
    id.bytes().fold(0, |sum: u32, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 4
}

#[cfg(test)]
impl RoomsPage {
    pub(super) fn sample() -> Self {
        let card = |id: &str, title: &str, photo: Option<&str>, standing| RoomCard {
            id: id.into(),
            title: title.into(),
            place: place("New <Baneshwor>", "Kathmandu"),
            rent: "Rs. 12,500".into(),
            photo: photo.map(Into::into),
            price: "Rs. 30.00".into(),
            standing,
        };
        Self {
            layout: Layout::sample("Rooms", Here::Rooms),
            search: Search { q: "sunny \"room\" <script>alert(1)</script>".into(), ..Search::default() },
            rooms: vec![
                card("r1", "Sunny room near the ring road", None, Standing::Locked),
                card(
                    "r2",
                    "Two rooms & kitchen <script>alert(1)</script>",
                    Some("/photos/2.jpg"),
                    Standing::Unlocked,
                ),
                card("r3", "Flat in Patan", None, Standing::Mine),
            ],
            cities: vec!["Kathmandu".into(), "Lalitpur <script>alert(1)</script>".into()],
            next_url: Some("/?q=sunny&cursor=abc".into()),
            refused: None,
        }
    }

    pub(super) fn sample_refused() -> Self {
        let refused = "Rent from must be an amount in rupees, such as 12000.00.".into();
        Self { refused: Some(refused), ..Self::sample_empty() }
    }

    pub(super) fn sample_empty() -> Self {
        Self {
            rooms: Vec::new(),
            next_url: None,
            layout: Layout::sample_visitor("Rooms", Here::Rooms),
            ..Self::sample()
        }
    }
}
