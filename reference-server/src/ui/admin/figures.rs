//! The figures of a day beside those of the day before, and what waits now.

use askama::Template;

use crate::ui::{Here, Layout};

/// `GET /admin/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/figures.html")]
pub struct FiguresPage {
    pub layout: Layout,
    /// Such as `Today, 22 November 2026`.
    pub day: String,
    pub waiting: Vec<WaitingTile>,
    pub figures: Vec<FigureLine>,
    pub earlier_url: String,
    /// Nothing on the present day.
    pub later_url: Option<String>,
    /// Why the day that was asked for is none.
    pub refused: Option<String>,
}

/// Something that waits, and where to do something about it.
#[derive(Clone, Debug)]
pub struct WaitingTile {
    pub name: &'static str,
    pub count: u64,
    pub url: &'static str,
}

/// One figure of both days.
#[derive(Clone, Debug)]
pub struct FigureLine {
    pub name: &'static str,
    pub day: String,
    pub day_before: String,
}

#[cfg(test)]
impl FiguresPage {
    pub(in crate::ui) fn sample() -> Self {
        use crate::ui::AdminTab;
        let line =
            |name, day: &str, before: &str| FigureLine { name, day: day.into(), day_before: before.into() };
        Self {
            layout: Layout::sample_admin("Figures", AdminTab::Figures),
            day: "22 November 2026".into(),
            waiting: vec![WaitingTile { name: "In review", count: 2, url: "/admin/payments/?review=1" }],
            figures: vec![line("Payments paid", "12", "9"), line("Taken", "Rs. 360.00", "Rs. 270.00")],
            earlier_url: "/admin/?day=2026-11-21".into(),
            later_url: Some("/admin/?day=2026-11-23".into()),
            refused: None,
        }
    }

    pub(in crate::ui) fn sample_refused() -> Self {
        let refused = "Day must be a day until today, such as 2026-11-22.".into();
        Self { later_url: None, refused: Some(refused), ..Self::sample() }
    }
}
