//! What a person has here: a client's unlocked rooms, payments and chats; an owner's earnings, rooms and chats.

use askama::Template;

use super::chart::Chart;
use super::chats::ChatEntry;
use super::my_payments::PaymentEntry;
use super::my_rooms::OwnRoom;
use super::{Here, Layout};

/// `GET /my/` of a client.
#[derive(Debug, Template)]
#[template(path = "pages/my_client.html")]
pub struct ClientPage {
    pub layout: Layout,
    pub rooms: Vec<UnlockedRoom>,
    /// Where the rooms go on.
    pub next_url: Option<String>,
    /// The newest ones.
    pub payments: Vec<PaymentEntry>,
    pub has_more_payments: bool,
    /// The newest ones.
    pub chats: Vec<ChatEntry>,
    pub has_more_chats: bool,
}

/// `GET /my/` of an owner.
#[derive(Debug, Template)]
#[template(path = "pages/my_owner.html")]
pub struct OwnerPage {
    pub layout: Layout,
    /// Nothing where nobody ever paid in this time.
    pub chart: Option<Chart>,
    pub earned: Earned,
    /// The newest ones.
    pub rooms: Vec<OwnRoom>,
    pub has_more_rooms: bool,
    /// The newest ones.
    pub chats: Vec<ChatEntry>,
    pub has_more_chats: bool,
}

/// A room that is open for its reader.
#[derive(Clone, Debug)]
pub struct UnlockedRoom {
    pub id: String,
    pub title: String,
    pub place: String,
    /// Monthly rent as text.
    pub rent: String,
    pub photo: Option<String>,
    /// Day of the unlock as text.
    pub since: String,
    /// Whether others still find it.
    pub listed: bool,
    /// Messages about it that are not read yet.
    pub unread: u64,
}

/// The sums of a time, as text.
#[derive(Clone, Debug)]
pub struct Earned {
    pub payments: String,
    pub paid: String,
    pub refunded: String,
    pub net: String,
    /// Payments of which a part went back, nobody knows how much.
    pub partly_refunded: u64,
}

impl UnlockedRoom {
    /// Which drawing stands in for a missing photo.
    pub fn drawing(&self) -> u32 {
        super::rooms::drawing(&self.id)
    }
}

#[cfg(test)]
impl Earned {
    pub(super) fn sample(partly_refunded: u64) -> Self {
        Self {
            payments: "4".into(),
            paid: "Rs. 120.00".into(),
            refunded: "Rs. 30.00".into(),
            net: "Rs. 90.00".into(),
            partly_refunded,
        }
    }
}

#[cfg(test)]
impl ClientPage {
    pub(super) fn sample() -> Self {
        let room = |id: &str, listed, unread, photo: Option<&str>| UnlockedRoom {
            id: id.into(),
            title: "Sunny room <script>alert(1)</script>".into(),
            place: "New <Baneshwor>, Kathmandu".into(),
            rent: "Rs. 12,500".into(),
            photo: photo.map(Into::into),
            since: "Today".into(),
            listed,
            unread,
        };
        Self {
            layout: Layout::sample("Overview", Here::My),
            rooms: vec![room("r1", true, 2, Some("/photos/1-small.jpg")), room("r2", false, 0, None)],
            next_url: Some("/my/?cursor=1_a".into()),
            payments: PaymentEntry::samples(),
            has_more_payments: true,
            chats: ChatEntry::samples(),
            has_more_chats: true,
        }
    }

    pub(super) fn sample_empty() -> Self {
        Self {
            rooms: Vec::new(),
            next_url: None,
            payments: Vec::new(),
            has_more_payments: false,
            chats: Vec::new(),
            has_more_chats: false,
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl OwnerPage {
    pub(super) fn sample() -> Self {
        Self {
            layout: Layout::sample_owner("Overview", Here::My),
            chart: Some(super::earnings::EarningsPage::sample_chart()),
            earned: Earned::sample(0),
            rooms: OwnRoom::samples(),
            has_more_rooms: true,
            chats: ChatEntry::samples(),
            has_more_chats: false,
        }
    }

    pub(super) fn sample_empty() -> Self {
        Self { chart: None, rooms: Vec::new(), has_more_rooms: false, chats: Vec::new(), ..Self::sample() }
    }
}
