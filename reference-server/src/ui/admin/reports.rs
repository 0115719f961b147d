//! The list of reports.

use askama::Template;

use super::Mark;
use crate::ui::{Here, Layout};

/// `GET /admin/reports/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/reports.html")]
pub struct ReportsPage {
    pub layout: Layout,
    /// Which are shown: `waiting`, `decided` or `all`.
    pub shown: String,
    pub reports: Vec<ReportLine>,
    pub next_url: Option<String>,
}

/// One report in a list.
#[derive(Clone, Debug)]
pub struct ReportLine {
    pub url: String,
    pub reporter: String,
    pub reported: String,
    pub room_title: String,
    /// May be empty.
    pub reason: String,
    pub mark: Mark,
    /// RFC 3339, for machines.
    pub datetime: String,
    /// For people.
    pub when: String,
}

impl ReportsPage {
    /// What can be shown: its word in the address, words, and whether it is shown now.
    pub fn ways(&self) -> [(&'static str, String, bool); 3] {
        [("waiting", t!("admin-waiting")), ("decided", t!("admin-decided")), ("all", t!("admin-all"))]
            .map(|(way, words)| (way, words, self.shown == way))
    }
}

#[cfg(test)]
impl ReportLine {
    pub(in crate::ui) fn sample() -> Self {
        Self {
            url: "/admin/reports/p1/".into(),
            reporter: "Sita <i>Sharma</i>".into(),
            reported: "Hari <Bahadur>".into(),
            room_title: "Sunny room & more".into(),
            reason: "He wants money first. <script>alert(1)</script>".into(),
            mark: Mark::of_report(None),
            datetime: "2026-11-22T09:20:00Z".into(),
            when: super::sample_moment(),
        }
    }
}

#[cfg(test)]
impl ReportsPage {
    pub(in crate::ui) fn sample() -> Self {
        use crate::ui::AdminTab;
        let decided = ReportLine {
            mark: Mark::of_report(Some("dismissed")),
            reason: String::new(),
            ..ReportLine::sample()
        };
        Self {
            layout: Layout::sample_admin(&t!("admin-reports"), AdminTab::Reports),
            shown: "all".into(),
            reports: vec![ReportLine::sample(), decided],
            next_url: Some("/admin/reports/?state=all&cursor=a".into()),
        }
    }

    pub(in crate::ui) fn sample_empty() -> Self {
        Self { shown: "waiting".into(), reports: Vec::new(), next_url: None, ..Self::sample() }
    }
}
