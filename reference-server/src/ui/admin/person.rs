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
    pub role: String,
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
        use crate::ui::{AdminTab, FieldErrors, Lang};
        let fact = |name, value: &str, url: Option<&str>| Fact {
            name,
            value: value.into(),
            url: url.map(Into::into),
        };
        Self {
            layout: Layout::sample_admin("Sita <i>Sharma</i>", AdminTab::People),
            name: "Sita <i>Sharma</i>".into(),
            role: t!("admin-role-client"),
            mark: None,
            changed: Some(Changed::Lifted),
            facts: vec![
                fact(t!("phone"), "9800000003", None),
                fact(
                    t!("my-payments"),
                    &t!("admin-payments-of-person"),
                    Some("/admin/payments/?q=9800000003"),
                ),
            ],
            reports: vec![ReportLine::sample()],
            acts: vec![ActLine::sample()],
            suspension: Some(SuspensionPart::new(
                "/admin/users/u1/",
                false,
                "</textarea><script>alert(1)</script>",
                &FieldErrors::new([(
                    "reason".into(),
                    t!("wrong-length", min = Lang::current().digits(3), max = Lang::current().digits(500)),
                )]),
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
