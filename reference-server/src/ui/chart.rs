//! What came and went over time, drawn as bars above and below a line. The numbers are in a table beside it, since a
//! picture is nothing to a screen reader and little to a thumb.

use askama::Template;

use super::money;

/// The drawing's height in its own units; it is stretched to whatever place there is.
const HEIGHT: u64 = 1_000;
/// A column's width in the same units, and the gap around its bar.
const COLUMN: u64 = 100;
const GAP: u64 = 14;
/// The least height of a bar that stands for something.
const BAR_MIN: u64 = 8;

/// The chart with its labels and its table.
#[derive(Clone, Debug, Template)]
#[template(path = "partials/chart.html")]
pub struct Chart {
    bars: Vec<Bar>,
    rows: Vec<ChartRow>,
    /// Where nothing came and nothing went.
    baseline: u64,
    /// What the picture shows, in a sentence.
    summary: String,
    /// What the highest bar stands for.
    highest: String,
    /// Above the first column of the table.
    period_name: String,
}

/// The template escapes what is in the chart.
impl askama::filters::HtmlSafe for Chart {}

/// One stretch of time.
#[derive(Clone, Debug)]
pub struct ChartPoint {
    /// Below the bar; empty where there is no place for one.
    pub label: String,
    /// In the table.
    pub name: String,
    pub payments: u64,
    pub paid_paisa: u64,
    pub refunded_paisa: u64,
    /// Refunds of a part that nobody knows.
    pub partly_refunded: u64,
}

#[derive(Clone, Debug)]
struct Bar {
    label: String,
    /// Whether the label gives way on a phone.
    is_minor: bool,
    title: String,
    x: u64,
    up_y: u64,
    up: u64,
    down: u64,
}

#[derive(Clone, Debug)]
struct ChartRow {
    name: String,
    payments: String,
    paid: String,
    refunded: String,
    partly: u64,
    net: String,
}

impl Chart {
    /// The chart of these points, oldest first.
    pub fn new(points: &[ChartPoint], period_name: String, summary: String) -> Self {
        let highest = points.iter().map(|point| point.paid_paisa).max().unwrap_or_default();
        let deepest = points.iter().map(|point| point.refunded_paisa).max().unwrap_or_default();
        let whole = (highest + deepest).max(1);
        let baseline = height(highest, whole);
        let every = if points.len() > 12 { 10 } else { 2 };
        let newest = points.len().saturating_sub(1);
        let bars = points.iter().enumerate().map(|(place, point)| {
            let up = height(point.paid_paisa, whole);
            Bar {
                label: point.label.clone(),
                is_minor: !(newest - place).is_multiple_of(every),
                title: format!("{}: {}", point.name, money::rupees(point.paid_paisa)),
                x: u64::try_from(place).unwrap_or_default() * COLUMN + GAP,
                up_y: baseline.saturating_sub(up),
                up,
                down: height(point.refunded_paisa, whole),
            }
        });
        let bars = bars.collect();
        Self {
            bars,
            rows: points.iter().rev().map(ChartRow::from).collect(),
            baseline,
            summary,
            highest: money::rupees(highest),
            period_name,
        }
    }

    fn width(&self) -> u64 {
        u64::try_from(self.bars.len()).unwrap_or_default() * COLUMN
    }

    fn bar_width(&self) -> u64 {
        COLUMN - 2 * GAP
    }

    fn height(&self) -> u64 {
        HEIGHT
    }
}

/// The height of an amount, of all that there is place for. What is something is seen.
fn height(paisa: u64, whole: u64) -> u64 {
    if paisa == 0 {
        return 0;
    }
    let scaled = u128::from(paisa) * u128::from(HEIGHT) / u128::from(whole);
    u64::try_from(scaled).unwrap_or(HEIGHT).clamp(BAR_MIN, HEIGHT)
}

impl From<&ChartPoint> for ChartRow {
    fn from(point: &ChartPoint) -> Self {
        Self {
            name: point.name.clone(),
            payments: super::Lang::current().digits(point.payments),
            paid: money::number(point.paid_paisa),
            refunded: money::number(point.refunded_paisa),
            partly: point.partly_refunded,
            net: money::difference_number(point.paid_paisa, point.refunded_paisa),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(paid_paisa: u64, refunded_paisa: u64) -> ChartPoint {
        ChartPoint {
            label: "Nov".into(),
            name: "<November>".into(),
            payments: 1,
            paid_paisa,
            refunded_paisa,
            partly_refunded: 0,
        }
    }

    #[test]
    fn bars_share_one_scale_and_meet_at_the_line() {
        let chart = Chart::new(&[point(9_000, 0), point(3_000, 3_000), point(0, 0)], "M".into(), "S".into());
        assert_eq!(chart.baseline, 750, "three quarters are above it");
        let bars: Vec<_> = chart.bars.iter().map(|bar| (bar.up_y, bar.up, bar.down)).collect();
        assert_eq!(bars, [(0, 750, 0), (500, 250, 250), (750, 0, 0)]);
    }

    #[test]
    fn table_has_every_number_newest_first_and_escapes() {
        let chart = Chart::new(&[point(9_000, 0), point(3_000, 6_000)], "M".into(), "S".into()).to_string();
        let (newest, oldest) = (chart.find("<td>-30.00").unwrap(), chart.rfind("<td>90.00").unwrap());
        assert!(newest < oldest && !chart.contains("<November>"), "{chart}");
    }

    #[test]
    fn little_beside_much_is_still_seen() {
        assert_eq!(height(1, u64::MAX), BAR_MIN);
        assert_eq!(height(u64::MAX, u64::MAX), HEIGHT);
    }
}
