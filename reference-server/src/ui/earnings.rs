//! An owner's earnings over time.

use askama::Template;

use super::chart::Chart;
use super::my::Earned;
use super::{Here, Layout};

/// `GET /my/earnings/`
#[derive(Debug, Template)]
#[template(path = "pages/earnings.html")]
pub struct EarningsPage {
    pub layout: Layout,
    /// By day, or else by month.
    pub by_day: bool,
    /// Nothing where nobody paid in this time.
    pub chart: Option<Chart>,
    pub earned: Earned,
}

#[cfg(test)]
impl EarningsPage {
    pub(super) fn sample_chart() -> Chart {
        use super::chart::ChartPoint;
        let point = |label: &str, paid_paisa, refunded_paisa| ChartPoint {
            label: label.into(),
            name: format!("{label} <2026>"),
            payments: paid_paisa / 3_000,
            paid_paisa,
            refunded_paisa,
            partly_refunded: u64::from(refunded_paisa > 0),
        };
        let points = [point("Sep", 0, 0), point("Oct", 9_000, 0), point("Nov", 3_000, 3_000)];
        Chart::new(&points, "Month".into(), "Rs. 120.00 paid, Rs. 30.00 given back".into())
    }

    pub(super) fn sample() -> Self {
        Self {
            layout: Layout::sample_owner("Earnings", Here::My),
            by_day: false,
            chart: Some(Self::sample_chart()),
            earned: Earned::sample(1),
        }
    }

    pub(super) fn sample_empty() -> Self {
        Self { by_day: true, chart: None, earned: Earned::sample(0), ..Self::sample() }
    }
}
