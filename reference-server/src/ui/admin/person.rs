//! One account: who it is, what was reported about it, and suspending it.

use askama::Template;

use super::{ActLine, Changed, Fact, Mark, ReportLine, SuspensionPart};
use crate::ui::{Here, Layout};

/// `GET /admin/users/{id}/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/person.html")]
pub struct PersonPage {
    pub layout: Layout,
    pub name: String,
    pub role: &'static str,
    pub mark: Option<Mark>,
    pub changed: Option<Changed>,
    pub facts: Vec<Fact>,
    /// Newest first.
    pub reports: Vec<ReportLine>,
    /// Newest first.
    pub acts: Vec<ActLine>,
    /// Not for administrators, and not for who is gone.
    pub suspension: Option<SuspensionPart>,
}

#[cfg(test)]
impl PersonPage {
    pub(in crate::ui) fn sample() -> Self {
        use crate::ui::{AdminTab, FieldErrors};
        let fact = |name, value: &str, url: Option<&str>| Fact {
            name,
            value: value.into(),
            url: url.map(Into::into),
        };
        Self {
            layout: Layout::sample_admin("Sita <i>Sharma</i>", AdminTab::People),
            name: "Sita <i>Sharma</i>".into(),
            role: "Client",
            mark: None,
            changed: Some(Changed::Lifted),
            facts: vec![
                fact("Phone", "9800000003", None),
                fact("Payments", "Payments of this person", Some("/admin/payments/?q=9800000003")),
            ],
            reports: vec![ReportLine::sample()],
            acts: vec![ActLine::sample()],
            suspension: Some(SuspensionPart::new(
                "/admin/users/u1/",
                false,
                "</textarea><script>alert(1)</script>",
                &FieldErrors::new([("reason".into(), "must have 3 to 500 characters.".into())]),
            )),
        }
    }

    pub(in crate::ui) fn sample_suspended() -> Self {
        Self {
            mark: Mark::of_person(true, false),
            changed: Some(Changed::Suspended),
            reports: Vec::new(),
            acts: Vec::new(),
            suspension: Some(SuspensionPart::new("/admin/users/u1/", true, "", &Default::default())),
            ..Self::sample()
        }
    }
}
