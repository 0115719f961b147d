//! One room: what is to be known of it, and the way to its owner.

use askama::Template;

use super::checkout::PaidElsewhere;
use super::{Here, Layout};

/// Search engines show no more of a description.
const SUMMARY_CHARS_MAX: usize = 160;

/// `GET /rooms/{id}/`
#[derive(Debug, Template)]
#[template(path = "pages/room.html")]
pub struct RoomPage {
    pub layout: Layout,
    pub room: RoomView,
    pub banner: Option<Banner>,
    pub panel: Panel,
}

impl RoomPage {
    /// Whether the room may be paid for: not by who has just paid with another account and doesn't know yet.
    pub fn offers_unlock(&self) -> bool {
        self.banner != Some(Banner::Elsewhere(PaidElsewhere::Checking))
    }
}

/// What everybody may know of a room.
#[derive(Clone, Debug)]
pub struct RoomView {
    pub id: String,
    pub title: String,
    pub description: String,
    pub place: String,
    /// Monthly rent as text.
    pub rent: String,
    pub photos: Vec<PhotoView>,
    /// How many more there are for who has paid.
    pub locked_photos: u64,
    pub owner_name: String,
    /// Price of the unlock as text.
    pub price: String,
    /// Day of the listing as text.
    pub listed: String,
}

/// A photo, in the sizes that there are.
#[derive(Clone, Debug)]
pub struct PhotoView {
    /// The whole picture.
    pub url: String,
    /// For a phone; the same one where a photo came with the program.
    pub small_url: String,
}

impl RoomView {
    /// Which drawing stands in for a missing photo.
    pub fn drawing(&self) -> u32 {
        super::rooms::drawing(&self.id)
    }

    /// What a search engine shows: place, rent, and how the description begins.
    pub fn summary(&self) -> String {
        let words = format!("{}. {} {}.", self.place, self.rent, t!("a-month"));
        let begins = self.paragraphs().next().unwrap_or_default();
        let room = SUMMARY_CHARS_MAX.saturating_sub(words.chars().count() + 2);
        match begins.char_indices().nth(room) {
            // Between words.
            Some((end, _)) => {
                let cut = &begins[..end];
                format!("{words} {}…", cut.rsplit_once(' ').map_or(cut, |(whole, _)| whole))
            }
            None => format!("{words} {begins}").trim_end().to_owned(),
        }
    }

    /// The description's paragraphs, as the owner broke them.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.description.split('\n').map(str::trim).filter(|line| !line.is_empty())
    }
}

/// What became of a payment, told once above the room. It is taken from our own record, never from the
/// address alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Banner {
    /// Paid and open.
    Success,
    /// Not known yet.
    Pending,
    /// Known not to be paid.
    Failed,
    /// Paid once, and given back.
    Refunded,
    /// It was started with another account, or on another device: whatever came of it, it opens nothing here.
    Elsewhere(PaidElsewhere),
}

/// The part of the page that sells, waits, or opens.
#[derive(Clone, Debug)]
pub enum Panel {
    /// Nobody is signed in. `next` comes back here, percent-encoded for a query.
    SignIn { next: String },
    /// A client that has not paid.
    Locked,
    /// A client whose payment is not decided: never a second pay button.
    Checking { transaction_id: String },
    /// A client that has paid.
    Unlocked(Contact),
    /// The owner of this room.
    Owner { chats: Vec<ClientChat>, suspended: bool },
    /// Somebody signed in who cannot unlock rooms: another owner, or an admin.
    NotForYou,
}

/// What the unlock opens. Made only from locked data that was read with a grant in hand.
#[derive(Clone)]
pub struct Contact {
    pub name: String,
    pub phone: String,
    pub address: String,
}

/// Silent about its content: a contact must not end in a log by way of `{:?}`.
impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact(..)")
    }
}

/// One client's conversation, for the owner.
#[derive(Clone, Debug)]
pub struct ClientChat {
    pub client_id: String,
    pub name: String,
    pub unread: u64,
}

#[cfg(test)]
impl RoomPage {
    pub(super) fn sample(panel: Panel, banner: Option<Banner>) -> Self {
        Self {
            layout: match panel {
                Panel::SignIn { .. } => Layout::sample_visitor("Sunny room", Here::Elsewhere),
                Panel::Owner { .. } | Panel::NotForYou => Layout::sample_owner("Sunny room", Here::Elsewhere),
                _ => Layout::sample("Sunny room", Here::Elsewhere),
            },
            room: RoomView {
                id: "r1".into(),
                title: "Sunny room near the ring road <script>alert(1)</script>".into(),
                description: "South-facing, second floor.\n\nWater every day & <b>parking</b>.".into(),
                place: "New Baneshwor, Kathmandu".into(),
                rent: "Rs. 12,500".into(),
                photos: vec![
                    PhotoView { url: "/photos/1.jpg".into(), small_url: "/photos/1-small.jpg".into() },
                    PhotoView { url: "/a?b=1&c=\"x\"".into(), small_url: "/a?b=1&c=\"x\"".into() },
                ],
                locked_photos: 2,
                owner_name: "Hari <Bahadur>".into(),
                price: "Rs. 30.00".into(),
                listed: "20 November".into(),
            },
            banner,
            panel,
        }
    }
}

#[cfg(test)]
impl Contact {
    pub(super) fn sample() -> Self {
        Self {
            name: "Hari <Bahadur>".into(),
            phone: "9800000001".into(),
            address: "House 12, Lane 4 <near temple>".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_is_short_and_ends_between_words() {
        let mut room = RoomPage::sample(Panel::Locked, None).room;
        let begins = "New Baneshwor, Kathmandu. Rs. 12,500 a month. South-facing, second floor.";
        assert_eq!(room.summary(), begins);
        room.description.clear();
        assert_eq!(room.summary(), "New Baneshwor, Kathmandu. Rs. 12,500 a month.");
        room.description = "कोठा ".repeat(100);
        let summary = room.summary();
        assert!(summary.chars().count() <= SUMMARY_CHARS_MAX && summary.ends_with("कोठा…"), "{summary}");
    }

    #[test]
    fn contact_keeps_silent_in_debug_output() {
        let shown = format!("{:?}", Panel::Unlocked(Contact::sample()));
        assert_eq!(shown, "Unlocked(Contact(..))");
    }
}
