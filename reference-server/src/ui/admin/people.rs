//! The list of people with its filter.

use askama::Template;

use super::Mark;
use crate::ui::{Choice, Field, FieldErrors, Here, Layout};

/// `GET /admin/users/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/people.html")]
pub struct PeoplePage {
    pub layout: Layout,
    pub q: Field,
    pub role: Choice,
    pub standing: Choice,
    pub people: Vec<PersonLine>,
    /// Whether anything was asked for.
    pub is_filtered: bool,
    /// Where the list goes on, with the filter kept.
    pub next_url: Option<String>,
}

/// The filter, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct PeopleFilter {
    pub q: String,
    pub role: String,
    pub standing: String,
}

/// One account in the list.
#[derive(Clone, Debug)]
pub struct PersonLine {
    pub url: String,
    pub name: String,
    /// Empty once deleted.
    pub phone: String,
    pub role: String,
    pub mark: Option<Mark>,
    /// RFC 3339, for machines.
    pub datetime: String,
    /// For people.
    pub since: String,
}

impl PeoplePage {
    /// The list under a filter, which may have errors.
    pub fn new(layout: Layout, filter: &PeopleFilter, errors: &FieldErrors) -> Self {
        let roles = [
            ("", t!("admin-any")),
            ("client", t!("admin-clients")),
            ("owner", t!("admin-owners")),
            ("admin", t!("admin-admins")),
        ];
        let standings = [
            ("", t!("admin-any")),
            ("active", t!("admin-active")),
            ("suspended", t!("room-suspended")),
            ("deleted", t!("admin-deleted")),
        ];
        Self {
            layout,
            q: Field::text("q", t!("admin-people-named"), 80).optional().filled(&filter.q, errors),
            role: Choice::new(("role", &t!("admin-role")), roles, &filter.role, errors),
            standing: Choice::new(("standing", &t!("admin-state")), standings, &filter.standing, errors),
            people: Vec::new(),
            is_filtered: [&filter.q, &filter.role, &filter.standing].iter().any(|text| !text.is_empty()),
            next_url: None,
        }
    }
}

#[cfg(test)]
impl PeoplePage {
    pub(in crate::ui) fn sample() -> Self {
        use crate::ui::AdminTab;
        let line = |name: &str, phone: &str, mark| PersonLine {
            url: "/admin/users/u1/".into(),
            name: name.into(),
            phone: phone.into(),
            role: t!("admin-role-client"),
            mark,
            datetime: "2026-11-22T09:20:00Z".into(),
            since: t!("today"),
        };
        let filter = PeopleFilter {
            q: "\"><script>alert(1)</script>".into(),
            role: "client".into(),
            ..Default::default()
        };
        Self {
            people: vec![
                line("Sita <i>Sharma</i>", "9800000003", None),
                line("Ram Thapa", "9800000004", Mark::of_person(true, false)),
                line("Deleted account", "", Mark::of_person(false, true)),
            ],
            next_url: Some("/admin/users/?role=client&cursor=a".into()),
            ..Self::new(
                Layout::sample_admin(&t!("admin-people"), AdminTab::People),
                &filter,
                &FieldErrors::default(),
            )
        }
    }

    pub(in crate::ui) fn sample_refused() -> Self {
        use crate::ui::AdminTab;
        let filter = PeopleFilter { role: "king".into(), ..Default::default() };
        let errors = FieldErrors::new([("role".into(), t!("wrong-any-role"))]);
        Self::new(Layout::sample_admin(&t!("admin-people"), AdminTab::People), &filter, &errors)
    }
}
