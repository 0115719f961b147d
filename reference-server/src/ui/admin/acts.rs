//! The log of what administrators did.

use askama::Template;

use crate::ui::{Choice, Field, FieldErrors, Here, Layout};

/// `GET /admin/acts/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/acts.html")]
pub struct ActsPage {
    pub layout: Layout,
    pub act: Choice,
    pub admin: Choice,
    pub q: Field,
    pub from: Field,
    pub to: Field,
    pub acts: Vec<ActLine>,
    /// Whether anything was asked for.
    pub is_filtered: bool,
    pub next_url: Option<String>,
}

/// The filter, as it was typed, and what can be chosen.
#[derive(Clone, Debug, Default)]
pub struct ActFilter {
    pub act: String,
    pub admin: String,
    pub q: String,
    pub from: String,
    pub to: String,
    /// Each act's word and what it means.
    pub acts: Vec<(&'static str, String)>,
    /// Each administrator's id and name.
    pub admins: Vec<(String, String)>,
}

impl ActsPage {
    /// The log under a filter, which may have errors.
    pub fn new(layout: Layout, filter: ActFilter, errors: &FieldErrors) -> Self {
        let any = || (String::new(), t!("admin-any"));
        let acts = filter.acts.into_iter().map(|(act, words)| (act.to_owned(), words));
        let typed = [&filter.act, &filter.admin, &filter.q, &filter.from, &filter.to];
        let is_filtered = typed.iter().any(|text| !text.is_empty());
        Self {
            layout,
            act: Choice::new(("act", &t!("admin-act")), [any()].into_iter().chain(acts), &filter.act, errors),
            admin: Choice::new(
                ("admin", &t!("admin-by")),
                [any()].into_iter().chain(filter.admins),
                &filter.admin,
                errors,
            ),
            q: Field::text("q", t!("admin-id"), 200).optional().filled(&filter.q, errors),
            from: Field::day("from", t!("admin-from-day")).optional().filled(&filter.from, errors),
            to: Field::day("to", t!("admin-to-day")).optional().filled(&filter.to, errors),
            acts: Vec::new(),
            is_filtered,
            next_url: None,
        }
    }
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
            act: super::act_words("recheck"),
            on: None,
            reason: "<script>alert(1)</script>".into(),
            outcome: super::outcome_words("open, in review: amount_mismatch"),
            datetime: "2026-11-22T09:20:09Z".into(),
            when: super::sample_time(),
        }
    }
}

#[cfg(test)]
impl ActsPage {
    pub(in crate::ui) fn sample() -> Self {
        use crate::ui::AdminTab;
        let on = Some(("7f3c".to_owned(), "/admin/payments/7f3c/".to_owned()));
        let filter = ActFilter {
            q: "\"><script>alert(1)</script>".into(),
            act: "refund".into(),
            acts: vec![("refund", super::act_words("refund"))],
            admins: vec![("a1".into(), "Kotha Admin <i>Sharma</i>".into())],
            ..ActFilter::default()
        };
        let layout = Layout::sample_admin(&t!("admin-log"), AdminTab::Acts);
        Self {
            acts: vec![ActLine { on, ..ActLine::sample() }],
            next_url: Some("/admin/acts/?act=refund&cursor=a".into()),
            ..Self::new(layout, filter, &FieldErrors::default())
        }
    }

    pub(in crate::ui) fn sample_refused() -> Self {
        use crate::ui::AdminTab;
        let filter = ActFilter { from: "yesterday".into(), act: "shouted".into(), ..ActFilter::default() };
        let errors = FieldErrors::new([("from".into(), t!("wrong-day")), ("act".into(), t!("wrong-act"))]);
        Self::new(Layout::sample_admin(&t!("admin-log"), AdminTab::Acts), filter, &errors)
    }
}
