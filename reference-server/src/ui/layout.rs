//! What every page shares: title, who is looking, and where in the site they are.

use std::fmt::Display;

use url::Url;

use super::lang::COOKIE;
use super::{Lang, assets, live};

/// The part of a page around its content.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Shown in the browser's tab, before the product's name.
    pub title: String,
    /// Who is signed in; nobody on the pages that need no session.
    pub viewer: Option<Viewer>,
    /// Which entry of the navigation is the current one.
    pub here: Here,
    /// What a search engine shows under the title; of the product, unless the page has its own.
    pub description: String,
    /// The page's own address, for pages that a search engine may list.
    pub address: Option<Url>,
}

/// Who is looking at the page.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// As the person gave it at registration.
    pub name: String,
    /// Owners see the way to their rooms.
    pub is_owner: bool,
    /// Administrators see the way to the payments.
    pub is_admin: bool,
    /// Messages to this person that are not read yet.
    pub unread: u64,
}

/// The place of a page in the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// The list of rooms.
    Rooms,
    /// The list of conversations.
    Chats,
    /// One conversation: it fills the screen, so the navigation steps back.
    Chat,
    /// What a person has here: rooms, payments, earnings.
    My,
    /// An owner's rooms, and the forms that list and change one.
    MyRooms,
    /// The pages of administrators.
    Admin(AdminTab),
    /// One's own account.
    Account,
    /// The log-in page.
    Login,
    /// The registration page.
    Register,
    /// A page for whoever scanned a code: no navigation, no account.
    Bare,
    /// Anything else.
    Elsewhere,
}

/// The part of the administrators' pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminTab {
    /// The figures of a day.
    Figures,
    /// Payments.
    Payments,
    /// People.
    People,
    /// Rooms.
    Rooms,
    /// Reports.
    Reports,
    /// The log of acts.
    Acts,
}

impl Layout {
    /// A layout for `viewer` at `here`.
    pub fn new(title: impl Into<String>, viewer: Option<Viewer>, here: Here) -> Self {
        Self { title: title.into(), viewer, here, description: t!("rooms-description"), address: None }
    }

    /// A page for search engines, at `path` of the site.
    #[must_use]
    pub fn listed(mut self, public_url: &Url, path: &str) -> Self {
        self.address = public_url.join(path).ok();
        self
    }

    /// The page's address in each language, by its tag.
    pub fn translations(&self) -> Vec<(&'static str, String)> {
        let in_language = |address: &Url, lang: Lang| {
            let mut address = address.clone();
            address.set_query(Some(&format!("{COOKIE}={}", lang.code())));
            (lang.code(), address.into())
        };
        let address = self.address.iter();
        address.flat_map(|address| Lang::ALL.map(|lang| in_language(address, lang))).collect()
    }

    /// The address of a file of the pages, for templates.
    pub fn asset(&self, path: &str) -> String {
        assets::url(path)
    }

    /// The language of the page.
    pub fn lang(&self) -> Lang {
        Lang::current()
    }

    /// All languages, for the switch.
    pub fn languages(&self) -> [Lang; 2] {
        Lang::ALL
    }

    /// A number in the digits of the page's language.
    pub fn digits(&self, number: impl Display) -> String {
        Lang::current().digits(number)
    }

    /// What the modules of a page say, and how they write times, as JSON.
    pub fn live_texts(&self) -> String {
        live::texts()
    }

    /// Whether the entry of the navigation that leads to `here` is the current page.
    pub fn is(&self, here: Here) -> bool {
        self.here == here
    }
}

impl Layout {
    /// Whether it is a page of administrators.
    pub fn is_admin(&self) -> bool {
        matches!(self.here, Here::Admin(_))
    }

    /// The tabs of the administrators' pages: address, words, and whether it is the current one.
    pub fn admin_tabs(&self) -> [(&'static str, String, bool); 6] {
        [
            ("/admin/", t!("admin-figures"), AdminTab::Figures),
            ("/admin/payments/", t!("my-payments"), AdminTab::Payments),
            ("/admin/users/", t!("admin-people"), AdminTab::People),
            ("/admin/rooms/", t!("rooms"), AdminTab::Rooms),
            ("/admin/reports/", t!("admin-reports"), AdminTab::Reports),
            ("/admin/acts/", t!("admin-log"), AdminTab::Acts),
        ]
        .map(|(url, words, tab)| (url, words, self.here == Here::Admin(tab)))
    }
}

#[cfg(test)]
impl Layout {
    pub(super) fn sample(title: &str, here: Here) -> Self {
        Self::new(title, Some(Viewer::sample("Sita <i>Sharma</i>", 3)), here)
    }

    pub(super) fn sample_owner(title: &str, here: Here) -> Self {
        Self::new(title, Some(Viewer { is_owner: true, ..Viewer::sample("Hari", 0) }), here)
    }

    pub(super) fn sample_admin(title: &str, tab: AdminTab) -> Self {
        Self::new(
            title,
            Some(Viewer { is_admin: true, ..Viewer::sample("Kotha Admin", 0) }),
            Here::Admin(tab),
        )
    }

    pub(super) fn sample_visitor(title: &str, here: Here) -> Self {
        Self::new(title, None, here)
    }
}

#[cfg(test)]
impl Viewer {
    fn sample(name: &str, unread: u64) -> Self {
        Self { name: name.into(), is_owner: false, is_admin: false, unread }
    }
}
