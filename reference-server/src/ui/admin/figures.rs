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
    pub name: String,
    pub count: u64,
    pub url: &'static str,
}

/// One figure of both days.
#[derive(Clone, Debug)]
pub struct FigureLine {
    pub name: String,
    pub day: String,
    pub day_before: String,
}

#[cfg(test)]
impl FiguresPage {
    pub(in crate::ui) fn sample() -> Self {
        use crate::ui::AdminTab;
        use crate::ui::{Lang, money, time};
        let line = |name, day: String, day_before: String| FigureLine { name, day, day_before };
        let number = |number: u64| Lang::current().digits(number);
        Self {
            layout: Layout::sample_admin(&t!("admin-figures"), AdminTab::Figures),
            day: time::full_day(jiff::civil::date(2026, 11, 22)),
            waiting: vec![WaitingTile {
                name: t!("admin-waiting-reviews"),
                count: 2,
                url: "/admin/payments/?review=1",
            }],
            figures: vec![
                line(t!("admin-figure-paid"), number(12), number(9)),
                line(t!("admin-figure-taken"), money::rupees(36_000), money::rupees(27_000)),
            ],
            earlier_url: "/admin/?day=2026-11-21".into(),
            later_url: Some("/admin/?day=2026-11-23".into()),
            refused: None,
        }
    }

    pub(in crate::ui) fn sample_refused() -> Self {
        let refused = format!("{} {}", t!("admin-the-day"), t!("wrong-day-to-come"));
        Self { later_url: None, refused: Some(refused), ..Self::sample() }
    }
}
