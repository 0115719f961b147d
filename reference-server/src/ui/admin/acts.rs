//! The log of what administrators did.

use askama::Template;

use crate::ui::{Here, Layout};

/// `GET /admin/acts/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/acts.html")]
pub struct ActsPage {
    pub layout: Layout,
    pub acts: Vec<ActLine>,
    pub next_url: Option<String>,
}

/// One act.
#[derive(Clone, Debug)]
pub struct ActLine {
    pub who: String,
    /// What, in words.
    pub act: String,
    /// On what, where the page doesn't say so already: words and address.
    pub on: Option<(String, String)>,
    pub reason: String,
    pub outcome: String,
    /// RFC 3339, for machines.
    pub datetime: String,
    /// For people, to the second.
    pub when: String,
}

#[cfg(test)]
impl ActLine {
    pub(in crate::ui) fn sample() -> Self {
        Self {
            who: "Kotha Admin <i>Sharma</i>".into(),
            act: "Asked eSewa again".into(),
            on: None,
            reason: "<script>alert(1)</script>".into(),
            outcome: "open, in review: amount_mismatch".into(),
            datetime: "2026-11-22T09:20:09Z".into(),
            when: "22 November 2026, 3:05:09 pm".into(),
        }
    }
}

#[cfg(test)]
impl ActsPage {
    pub(in crate::ui) fn sample() -> Self {
        let on = Some(("7f3c".to_owned(), "/admin/payments/7f3c/".to_owned()));
        Self {
            layout: Layout::sample_admin("Log of acts"),
            acts: vec![ActLine { on, ..ActLine::sample() }],
            next_url: Some("/admin/acts/?cursor=a".into()),
        }
    }
}
